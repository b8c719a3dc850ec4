/** `jit request` */
import { randomUUID } from "node:crypto";
import type { ArmClient } from "../../azure/armClient.ts";
import { AzureFailure } from "../../azure/failure.ts";
import { openArm, type ArmAccess } from "../../armAccess.ts";
import { ActionRecord } from "../../actionRecord.ts";
import type { Input } from "../../command.ts";
import type { jitRequestOptions } from "./requestOptions.ts";
import { exitCodeOfActions, UserError, type ActionResult, type ExitCode } from "../../errors.ts";
import { requireReason } from "../../reason.ts";
import type { Io } from "../../io.ts";
import { explain } from "../../presentError.ts";
import { withProgress } from "../../progress.ts";
import { tellOdd } from "../../tellOdd.ts";
import { formatOf, report } from "../../reporters/report.ts";
import type { Column } from "../../reporters/rows.ts";
import { bastionRanges } from "../../jit/bastionSource.ts";
import { openPorts, type AccessWish, type OpenedPorts, type ReplacedGrant } from "../../jit/openPorts.ts";
import { readPolicies } from "../../jit/readPolicies.ts";
import { tellInterrupted } from "../../jit/tellInterrupted.ts";
import { tellRequest } from "../../jit/tellRequest.ts";
import { tellReplaced } from "../../jit/tellReplaced.ts";
import { requestLength, targetsOf, type JitTarget } from "../../jit/targets.ts";

/** The result of the request for one VM. */
export interface RequestRow {
  readonly vm: string;
  readonly vmName: string;
  readonly ports: readonly number[];
  readonly state: "open" | "requested" | "waiting" | "failed";
  readonly until: string | null;
  readonly sources: readonly string[];
  readonly reason: string;
  readonly message: string | null;
  /** Active grants of the same ports that it replaced. */
  readonly replaced: readonly ReplacedGrant[];
  readonly policy: string;
  /** Correlates the request, the rule and their events in the activity log; see `trail`. */
  readonly correlationId: string;
  /** Names of the rules that Defender wrote for the request; empty if they were not seen. */
  readonly rules: readonly string[];
}

export const requestColumns: readonly Column<RequestRow>[] = [
  { key: "vm", value: ({ vm }) => vm, short: ({ vmName }) => vmName },
  { key: "ports", value: ({ ports }) => ports.join(" ") },
  {
    key: "state",
    value: ({ state }) => state,
    colour: ({ state }) => (state === "open" ? "green" : state === "failed" ? "red" : "yellow"),
  },
  { key: "until", type: "time", value: ({ until }) => until },
  { key: "sources", title: "SOURCE", value: ({ sources }) => sources.join(" "), leaveOut: 1 },
  { key: "correlationId", type: "id", value: ({ correlationId }) => correlationId, leaveOut: 2 },
  { key: "rules", title: "RULE", value: ({ rules }) => rules.join(" "), leaveOut: 3 },
  { key: "message", type: "message", value: ({ message }) => message },
];

export async function runJitRequest(
  options: Input<typeof jitRequestOptions>,
  io: Io,
  open: typeof openArm = openArm,
): Promise<ExitCode> {
  const format = formatOf(options);
  const reason = requireReason(options.reason, "State why access is needed.");
  const access = await open(options, io);
  const { policies, odd } = await withProgress(io, "Reading the JIT policies", () => readPolicies(access, options, io));
  await tellOdd(io, odd);
  const targets = await targetsOf(access.settings, policies, options.operands, options.port);
  const seconds = requestLength(targets, options.for);
  const wish = { seconds, reason, timeoutMs: options.timeout, local: options.local };
  const record = await ActionRecord.open(io, access.arm, { action: "jit request", reason });
  const rows = await withProgress(io, "Requesting access", (progress) =>
    requestAll(access, targets, wish, io, record, (text) => {
      progress.update(text);
    }),
  );
  await report(io, options, {
    rows,
    columns: requestColumns,
    json: { requests: rows },
    empty: "Nothing was requested.",
  });
  if (format === "table") {
    for (const row of rows.filter(({ state }) => state !== "failed")) await tellRequest(io, row.vmName, row);
  }
  return record.exitCode(exitCodeOfActions(rows.map(({ state }) => results[state])));
}

interface Wish {
  readonly seconds: number;
  readonly reason: string;
  readonly timeoutMs: number;
  /** Whether times are shown in the local time zone. */
  readonly local: boolean;
}

/**
 * Requests all VMs in parallel, except that VMs of one policy are requested one after the other, because each request
 * changes the policy.
 */
async function requestAll(
  { arm, settings }: ArmAccess,
  targets: readonly JitTarget[],
  wish: Wish,
  io: Io,
  record: ActionRecord,
  onStep: (text: string) => void,
): Promise<RequestRow[]> {
  const ranges = bastionRanges(arm, settings);
  const asked = targets.map((target) => ({ target, correlationId: randomUUID() }));
  await record.addAsked(
    asked.map(({ target: { vm, ports, policy }, correlationId }) => ({
      target: vm.id,
      correlationId,
      details: { ports: ports.map(({ number }) => number), policy: policy.id, seconds: wish.seconds },
    })),
  );
  const queues = new Map<string, Promise<unknown>>();
  const settled = await Promise.allSettled(
    asked.map(({ target, correlationId }) => {
      const key = target.policy.id.toLowerCase();
      const row = (queues.get(key) ?? Promise.resolve()).then(async () => {
        let sentUntil: string | undefined;
        const onSending = (until: string) => (sentUntil = until);
        const asking = { ...wish, ranges, signal: io.signal, onStep, onSending, correlationId };
        const done = await requestOne(arm, target, asking, io).catch(async (error: unknown) => {
          if (io.signal.aborted && sentUntil !== undefined) {
            const details = { until: sentUntil };
            await record.add([{ target: target.vm.id, outcome: "interrupted", correlationId, details }]);
            await tellInterrupted(io, target.vm.name, sentUntil, wish);
          }
          throw error;
        });
        const { vm, state, message, ports, policy, until, replaced } = done;
        await record.add([
          { target: vm, outcome: state, message, correlationId, details: { ports, policy, until, replaced } },
        ]);
        await tellReplaced(io, target.vm.name, replaced, wish);
        return done;
      });
      queues.set(key, row);
      return row;
    }),
  );
  const failure = settled.find((one) => one.status === "rejected");
  const rows = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  if (failure === undefined) return rows;
  // No result will show these requests.
  for (const { vmName, until } of rows) if (until !== null) await tellInterrupted(io, vmName, until, wish);
  throw failure.reason;
}

async function requestOne(arm: ArmClient, target: JitTarget, wish: AccessWish, io: Io): Promise<RequestRow> {
  try {
    const opened = await openPorts(arm, target, wish);
    return rowOf(target, wish, { ...opened, message: messageOf(opened) });
  } catch (error) {
    if (io.signal.aborted || !(error instanceof AzureFailure || error instanceof UserError)) throw error;
    const failed = { state: "failed", until: null, sources: [], rules: [], replaced: [] } as const;
    const { message, nextStep } = explain(error, "requester");
    return rowOf(target, wish, { ...failed, message: `${message} ${nextStep}`.trim() });
  }
}

function messageOf({ state, unread }: OpenedPorts): string | null {
  if (unread === undefined) return messages[state];
  const { message, nextStep } = explain(unread, "requester");
  return `Azure accepted the request, but whether its rule is there is unknown: ${message} ${nextStep}`.trim();
}

const messages = {
  open: null,
  requested:
    "Azure accepted the request. Your role cannot read the network security group, so the rule was not checked.",
  waiting: "Azure accepted the request, but the rule has not appeared yet. Check again with jit ls.",
} as const;

function rowOf(
  { policy, vm, ports }: JitTarget,
  { reason, correlationId }: AccessWish,
  {
    state,
    until,
    sources,
    rules,
    message,
    replaced,
  }: Pick<RequestRow, "state" | "until" | "sources" | "rules" | "message" | "replaced">,
): RequestRow {
  const numbers = ports.map(({ number }) => number);
  return {
    vm: vm.id,
    vmName: vm.name,
    ports: numbers,
    state,
    until,
    sources,
    reason,
    message,
    replaced,
    policy: policy.id,
    correlationId,
    rules,
  };
}

const results = {
  open: "done",
  requested: "done",
  waiting: "partly",
  failed: "failed",
} as const satisfies Record<RequestRow["state"], ActionResult>;
