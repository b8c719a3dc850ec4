/** Collects the parts of `status`. They are read independently: if one cannot be read, the others are still shown. */
import { isPrincipal, principalName, principalOf, tenantOf, type Principal } from "../../azure/caller.ts";
import { openArm, type ArmAccess } from "../../armAccess.ts";
import type { AzureFailure } from "../../azure/failure.ts";
import { withoutSignature } from "../../azure/blobEndpoint.ts";
import type { Input } from "../../command.ts";
import type { statusOptions } from "./options.ts";
import type { Io } from "../../io.ts";
import type { GrantRow } from "../jit/grantColumns.ts";
import { isRunning, requestRows } from "../jit/list.ts";
import { readPolicies } from "../../jit/readPolicies.ts";
import { explain, type Explanation } from "../../presentError.ts";
import { readProfiles } from "../../settings/profiles.ts";
import type { Progress } from "../../progress.ts";
import { rowsAt, type SessionRow } from "../sessions/columns.ts";
import { readLiveSessions } from "../sessions/liveSessions.ts";
import { fillFromLog, tunnelLogFrom, type FilledSessions } from "../sessions/tunnelLog.ts";
import { openSettings, type Settings } from "../../settings/settings.ts";
import type { ArchiveFolder, SettingName } from "../../settings/settingValues.ts";

export type StatusOptions = Input<typeof statusOptions>;

const parts = ["profile", "settings", "sign-in", "requests", "sessions", "log"] as const;
export type Part = (typeof parts)[number];

/** A part that could not be read. */
export interface Problem extends Explanation {
  readonly part: Part;
}

/** The signed-in principal. A fact missing from the token is null. */
export interface Identity extends Principal {
  /** The name by which every command shows the principal. */
  readonly shownName: string;
  readonly tenantId: string | null;
}

/** A setting as text. */
export interface ShownSetting {
  readonly name: SettingName;
  readonly value: string;
  /** `profile 'prod'`, `--bastion`, `ARM_SUBSCRIPTION_ID`. */
  readonly from: string;
}

/** A part is null if it could not be read. */
export interface Status {
  readonly identity: Identity | null;
  /** The profile that `bastion-trail use` chose, or that a flag or a variable names; null if there is none. */
  readonly profile: string | null;
  readonly settings: readonly ShownSetting[];
  /** The caller's own requests that have not ended. */
  readonly requests: readonly GrantRow[] | null;
  readonly sessions: readonly SessionRow[] | null;
  /** The sessions with the facts that the audit log adds. */
  readonly filled: FilledSessions | null;
  readonly problems: readonly Problem[];
}

export async function collectStatus(
  options: StatusOptions,
  io: Io,
  progress: Progress,
  open: typeof openArm = openArm,
  openLog: typeof tunnelLogFrom = tunnelLogFrom,
): Promise<Status> {
  const log = openLog(options, io);
  const problems: Problem[] = [];
  const attempt = async <T>(part: Part, read: () => Promise<T>): Promise<T | null> => {
    try {
      return await read();
    } catch (error) {
      io.signal.throwIfAborted();
      problems.push({ part, ...explain(error, "operator") });
      return null;
    }
  };
  const odd = (part: Part) => (error: AzureFailure) => {
    problems.push({ part, ...explain(error, "operator") });
  };
  const profile = await attempt("profile", () => profileInUse(options, io));
  const settings = openSettings(options, io);
  const shown = await settingsShown(settings, attempt);
  progress.update("Signing in");
  const signedIn = await attempt("sign-in", async () => {
    const access = { ...(await open(options, io)), settings };
    return { access, identity: identityOf(await access.arm.token()) };
  });
  // Without a sign-in, each of these would fail with the same error.
  const none = Promise.resolve(null);
  progress.update("Reading the requests, and who is connected");
  const [requests, connected] = await Promise.all([
    signedIn === null
      ? none
      : attempt("requests", () =>
          ownRequests(signedIn.access, signedIn.identity, { options, onOdd: odd("requests") }, io),
        ),
    signedIn === null
      ? none
      : attempt("sessions", () => connectedNow(signedIn.access, { log, onOdd: odd("sessions") }, io, progress)),
  ]);
  const unread = connected?.filled.unread;
  if (unread !== undefined) problems.push({ part: "log", ...unread });
  return {
    identity: signedIn?.identity ?? null,
    profile,
    settings: shown,
    requests,
    sessions: connected?.rows ?? null,
    filled: connected?.filled ?? null,
    problems: distinct(problems),
  };
}

type Attempt = <T>(part: Part, read: () => Promise<T>) => Promise<T | null>;

async function profileInUse({ profile }: StatusOptions, { env }: Io): Promise<string | null> {
  const { BASTION_TRAIL_PROFILE: variable = "" } = env;
  return profile ?? (variable === "" ? (await readProfiles(env)).used : variable);
}

/** The settings that identify the deployment, in the order shown. */
const shownNames = ["subscriptionId", "tenantId", "bastionHostId", "archive", "workspaceCustomerId"] as const;

async function settingsShown(settings: Settings, attempt: Attempt): Promise<ShownSetting[]> {
  const shown = await Promise.all(
    shownNames.map(async (name) => {
      const found = await attempt("settings", async () => (await settings.locate(name)) ?? null);
      return found === null ? [] : [{ name, value: textOf(found.value), from: found.from }];
    }),
  );
  return shown.flat();
}

function textOf(value: string | ArchiveFolder): string {
  return typeof value === "string" ? value : withoutSignature(value.blobEndpoint);
}

function identityOf(token: string): Identity {
  const principal = principalOf(token);
  return { ...principal, shownName: principalName(principal) ?? "unknown", tenantId: tenantOf(token) ?? null };
}

/** @param onOdd called for each policy that cannot be read. */
async function ownRequests(
  access: ArmAccess,
  me: Identity,
  { options, onOdd }: { readonly options: StatusOptions; readonly onOdd: (error: AzureFailure) => void },
  io: Io,
): Promise<GrantRow[]> {
  const { policies, odd } = await readPolicies(access, options, io);
  odd.forEach(onOdd);
  const own = policies.map((policy) => ({
    ...policy,
    requests: policy.requests.filter(({ requestor }) => requestor !== null && isPrincipal(requestor, me)),
  }));
  const rows = await requestRows(access.arm, own, io);
  return rows.filter(isRunning);
}

interface Connected {
  readonly rows: readonly SessionRow[];
  readonly filled: FilledSessions;
}

async function connectedNow(
  { arm, settings }: ArmAccess,
  { log, onOdd }: { readonly log: ReturnType<typeof tunnelLogFrom>; readonly onOdd: (error: AzureFailure) => void },
  io: Io,
  progress: Progress,
): Promise<Connected> {
  const { sessions, odd } = await readLiveSessions(arm, await settings.need("bastionHostId"));
  odd.forEach(onOdd);
  const filled = await fillFromLog({ sessions, now: arm.now() }, log, io, progress);
  return { rows: rowsAt(filled.sessions, arm.now()), filled };
}

/** Removes duplicates and sorts by part. One cause, such as an unreadable stack, may affect several settings. */
function distinct(problems: readonly Problem[]): Problem[] {
  const once = new Map(problems.map((one) => [`${one.part} ${one.message}`, one])).values();
  return [...once].sort((a, b) => parts.indexOf(a.part) - parts.indexOf(b.part));
}
