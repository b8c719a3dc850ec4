/** `use` */
import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { hasSignature } from "../../azure/blobEndpoint.ts";
import type { Input } from "../../command.ts";
import type { useOptions } from "./options.ts";
import { exitCodes, UserError, type ExitCode } from "../../errors.ts";
import { note, type Io } from "../../io.ts";
import {
  findProfile,
  isProfileName,
  readProfiles,
  writeProfiles,
  type Profile,
  type Profiles,
} from "../../settings/profiles.ts";
import { overridingVariable } from "../../settings/namedDeployment.ts";
import { formatOf, report } from "../../reporters/report.ts";
import type { Column } from "../../reporters/rows.ts";
import { formProblem } from "../../settings/settings.ts";
import type { SettingName, SettingValues } from "../../settings/settingValues.ts";
import { describeOrigin, readStackOutputs, type OutputsOrigin } from "../../settings/stackOutputs.ts";

type UseOptions = Input<typeof useOptions>;

/** A profile as a row of `use`. */
interface ProfileRow {
  readonly name: string;
  readonly used: boolean;
  readonly subscriptionId: string | null;
  /** ARM id. */
  readonly bastionHostId: string | null;
  readonly from: string;
  readonly savedAt: string;
}

const columns: readonly Column<ProfileRow>[] = [
  { key: "used", value: ({ used }) => (used ? "*" : "") },
  { key: "name", value: ({ name }) => name },
  {
    key: "bastionHostId",
    title: "BASTION HOST",
    value: ({ bastionHostId }) => bastionHostId,
    short: ({ bastionHostId }) => bastionHostId?.split("/").at(-1),
  },
  { key: "subscriptionId", title: "SUBSCRIPTION", value: ({ subscriptionId }) => subscriptionId, leaveOut: 1 },
  { key: "from", value: ({ from }) => from, leaveOut: 2 },
  { key: "savedAt", title: "SAVED", type: "time", value: ({ savedAt }) => savedAt, leaveOut: 3 },
];

export async function runUse(options: UseOptions, io: Io): Promise<ExitCode> {
  const format = formatOf(options);
  const [given] = options.operands;
  requireOneTask(options, given);
  const before = await readProfiles(io.env);
  const { profiles, said } = await changed(before, options, given, io);
  if (profiles !== before) {
    await writeProfiles(io.env, profiles);
  }
  const rows = profiles.profiles.map((profile) => rowOf(profile, profiles.used));
  await report(io, options, {
    rows,
    columns,
    json: { used: () => profiles.used, profiles: rows },
    empty: "No profiles. Make one with: bastion-trail use FILE",
  });
  if (said !== undefined && format === "table") {
    await note(io, said);
  }
  const overriding = profiles.used === null ? undefined : overridingVariable(io.env, profiles.used);
  if (overriding !== undefined) {
    await note(io, `warning: ${overriding} is set, and names the deployment instead of the profile.`);
  }
  return exitCodes.fine;
}

function requireOneTask({ stack, name, none, remove }: UseOptions, given: string | undefined): void {
  const tasks = [
    ...(given === undefined ? [] : ["a profile or a file"]),
    ...(stack === undefined ? [] : ["--stack"]),
    ...(none ? ["--none"] : []),
    ...(remove === undefined ? [] : ["--remove"]),
  ];
  if (tasks.length > 1) {
    throw new UserError("More than one action given.", "Pass one of: a profile, a file, --stack, --none, --remove.");
  }
  if (name !== undefined && given === undefined && stack === undefined) {
    throw new UserError("--name requires a source for the new profile.", "Pass a file of outputs or --stack with it.");
  }
  if (name !== undefined && !isProfileName(name)) {
    throw new UserError(
      `'${name}' cannot be the name of a profile.`,
      "Use letters, digits, dots, hyphens and underscores, 64 of them at most.",
    );
  }
}

interface Changed {
  readonly profiles: Profiles;
  /** What was done, as a sentence; `undefined` if nothing changed. */
  readonly said?: string;
}

async function changed(
  before: Profiles,
  { stack, name, none, remove }: UseOptions,
  given: string | undefined,
  io: Io,
): Promise<Changed> {
  if (none) {
    return { profiles: { ...before, used: null }, said: "No profile in use." };
  }
  if (remove !== undefined) {
    const { name: removed } = findProfile(before, remove);
    const profiles = before.profiles.filter((one) => one.name !== removed);
    return {
      profiles: { used: before.used === removed ? null : before.used, profiles },
      said: `Removed profile '${removed}'.`,
    };
  }
  if (stack !== undefined) {
    return saved(before, { kind: "stack", name: stack }, name ?? stack.split("/").at(-1) ?? stack, io);
  }
  if (given === undefined) {
    return { profiles: before };
  }
  const path = resolve(io.cwd, given);
  if (name === undefined && isProfile(given, path, before)) {
    const { name: used } = findProfile(before, given);
    return { profiles: { ...before, used }, said: `Using profile '${used}'.` };
  }
  return saved(before, { kind: "file", path }, name ?? basename(given).replace(/\.json$/i, ""), io);
}

/** Whether a word names a profile and not a file. An existing profile takes precedence. */
function isProfile(given: string, path: string, { profiles }: Profiles): boolean {
  const mayBeName = isProfileName(given) && !/\.json$/i.test(given);
  return profiles.some(({ name }) => name === given) || (mayBeName && !existsSync(path));
}

/** Saves a profile and uses it. Replaces one of the same name. */
async function saved(before: Profiles, origin: OutputsOrigin, name: string, io: Io): Promise<Changed> {
  if (!isProfileName(name)) {
    throw new UserError(`'${name}' cannot be the name of a profile.`, "Pass another name with --name.");
  }
  const values = await readStackOutputs(origin, io);
  const from = describeOrigin(origin);
  requireDeployment(values, from);
  const profile: Profile = { name, from, savedAt: io.now().toISOString(), values };
  const others = before.profiles.filter((one) => one.name !== name);
  const verb = others.length < before.profiles.length ? "Updated" : "Saved";
  return {
    profiles: { used: name, profiles: [...others, profile].toSorted((a, b) => a.name.localeCompare(b.name)) },
    said: `${verb} profile '${name}' from ${from}. Using it now.`,
  };
}

/** @throws `UserError` with all problems. */
function requireDeployment(values: Partial<SettingValues>, from: string): void {
  const names = Object.keys(values) as SettingName[];
  const problems = names.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : (formProblem(name, { value, from }) ?? []);
  });
  const { archive, activityLogArchive, flowLogArchive } = values;
  const endpoints = [archive, activityLogArchive, flowLogArchive].map((folder) => folder?.blobEndpoint ?? "");
  if (endpoints.some(hasSignature)) {
    problems.push(`The archive's address in ${from} has a shared access signature, and a profile keeps no secrets.`);
  }
  if (problems.length > 0) {
    throw new UserError(problems.join(" "), "Correct the outputs. A signature belongs into BASTION_TRAIL_ARCHIVE.");
  }
  if (values.subscriptionId === undefined && values.bastionHostId === undefined) {
    throw new UserError(
      `No deployment in ${from}: it has neither subscriptionId nor bastionHostId.`,
      "Write the outputs of a deployed stack with `pulumi stack output --json > FILE`.",
    );
  }
}

function rowOf({ name, from, savedAt, values }: Profile, used: string | null): ProfileRow {
  const { subscriptionId = null, bastionHostId = null } = values;
  return { name, used: name === used, subscriptionId, bastionHostId, from, savedAt };
}
