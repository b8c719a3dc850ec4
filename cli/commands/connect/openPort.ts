/** Opens the port of a planned connection, unless an existing grant has opened it. */
import type { ArmAccess } from "../../armAccess.ts";
import type { ConnectOptions } from "./options.ts";
import { UserError } from "../../errors.ts";
import { note, type Io } from "../../io.ts";
import { bastionRanges } from "../../jit/bastionSource.ts";
import { openPorts, type AccessWish, type OpenedPorts } from "../../jit/openPorts.ts";
import { shownRequestor } from "../../jit/requestor.ts";
import { tellInterrupted } from "../../jit/tellInterrupted.ts";
import { tellRequest } from "../../jit/tellRequest.ts";
import { tellReplaced } from "../../jit/tellReplaced.ts";
import type { Progress } from "../../progress.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { formatTime } from "../../time.ts";
import type { Plan } from "./plan.ts";

/** An open port. `used`: opened by an existing grant. */
export interface OpenedPort extends Pick<OpenedPorts, "until" | "replaced" | "rules"> {
  readonly state: "used" | "open" | "requested";
  /** Correlation id of the new request; null if an existing grant is used. */
  readonly correlationId: string | null;
}

/** @throws `UserError` if the rule does not appear in time. @throws ArmError if Azure refuses the request. */
export async function openPort(
  { arm, settings }: ArmAccess,
  { target, port, access }: Plan,
  {
    reason,
    timeout,
    local,
    correlationId,
    onSending,
  }: ConnectOptions & Pick<AccessWish, "correlationId" | "onSending">,
  io: Io,
  progress: Progress,
): Promise<OpenedPort> {
  if (access.grant !== undefined) {
    return { state: "used", until: access.grant.end, replaced: [], rules: [], correlationId: null };
  }
  let sentUntil: string | undefined;
  const { state, until, replaced, rules, unread } = await openPorts(arm, target, {
    seconds: access.seconds,
    reason: reason?.trim() ?? "",
    ranges: bastionRanges(arm, settings),
    timeoutMs: timeout,
    signal: io.signal,
    correlationId,
    named: access.named,
    onStep: (text) => {
      progress.update(text);
    },
    onSending: (end) => {
      sentUntil = end;
      onSending?.(end);
    },
  }).catch(async (error: unknown) => {
    if (io.signal.aborted && sentUntil !== undefined) {
      await tellInterrupted(io, target.vm.name, sentUntil, { local });
    }
    throw error;
  });
  if (state === "waiting") {
    const rule = `the rule for port ${port} of ${target.vm.name}`;
    const problem =
      unread === undefined ? `${rule} has not appeared yet.` : `${rule} could not be looked for: ${unread.message}`;
    throw new UserError(
      `Azure accepted the request, which lasts until ${formatTime(until, { local })}, but ${problem}`,
      "Check with `bastion-trail jit ls`, and run connect again once the request is active.",
    );
  }
  return { state, until, replaced, rules, correlationId };
}

/** Shows whose grant opens the port, and until when. */
export async function tellAccess(
  io: Io,
  { target, port, access }: Plan,
  { state, until, replaced, rules, correlationId }: OpenedPort,
  { local }: ConnectOptions,
): Promise<void> {
  const { grant } = access;
  const request =
    grant === undefined ? "the request" : grant.isOwn ? "your own request" : `the request of ${shownRequestor(grant)}`;
  const isUnseen = state === "requested" || (state === "used" && !access.isChecked);
  const [where, end] = [`port ${port} of ${target.vm.name}`, formatTime(until, { local })];
  await tellReplaced(io, target.vm.name, replaced, { local });
  const text = isUnseen
    ? `${capitalized(request)} for ${where} lasts until ${end}. Whether the port is open is unknown: your role cannot read the rules.`
    : `${capitalized(where)} is open until ${end}${grant === undefined ? "" : `, by ${request}`}.`;
  await note(io, visible(text));
  if (correlationId !== null) await tellRequest(io, target.vm.name, { correlationId, rules });
}

function capitalized(text: string): string {
  return text.replace(/^./, (first) => first.toUpperCase());
}
