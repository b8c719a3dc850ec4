/** `jit request` */
import { AzureFailure } from "../../azure/failure.ts";
import { listJitPolicies } from "../../azure/jitPolicies.ts";
import { openAccess, type Access } from "../access.ts";
import type { Input } from "../command.ts";
import type { jitRequestOptions } from "../commands/jitRequest.ts";
import { exitCodes, UserError, type ExitCode } from "../errors.ts";
import { note, type Io } from "../io.ts";
import { withProgress } from "../progress.ts";
import { formatOf, report, type Column } from "../reporters/report.ts";
import { formatTime } from "../time.ts";
import { bastionRanges } from "./bastionSource.ts";
import { openPorts } from "./openPorts.ts";
import { checkLength, findTargets, longestLength, type JitTarget } from "./targets.ts";

/** Seconds that are asked for where nobody says how long. */
export const defaultSeconds = 3600;
const defaultTimeoutMs = 180_000;

/** What became of one VM's request. */
export interface RequestRow {
  readonly vm: string;
  readonly vmName: string;
  readonly ports: readonly number[];
  readonly state: "open" | "requested" | "waiting" | "failed";
  readonly until: string | null;
  readonly sources: readonly string[];
  readonly reason: string;
  readonly message: string | null;
  readonly policy: string;
  readonly correlationId: string | null;
}

const columns: readonly Column<RequestRow>[] = [
  { key: "vm", value: ({ vm }) => vm, short: ({ vmName }) => vmName, whole: true },
  { key: "ports", value: ({ ports }) => ports.join(" ") },
  {
    key: "state",
    value: ({ state }) => state,
    colour: ({ state }) => (state === "open" ? "green" : state === "failed" ? "red" : "yellow"),
  },
  { key: "until", type: "time", value: ({ until }) => until },
  { key: "sources", title: "SOURCE", value: ({ sources }) => sources.join(" "), leaveOut: 1 },
  { key: "message", value: ({ message }) => message },
  { key: "correlationId", value: ({ correlationId }) => correlationId, leaveOut: 2 },
];

export async function runJitRequest(
  options: Input<typeof jitRequestOptions>,
  io: Io,
  open: typeof openAccess = openAccess,
): Promise<ExitCode> {
  formatOf(options);
  const reason = options.reason.trim();
  if (reason === "") {
    throw new UserError("--reason is empty.", "Say why the access is needed.");
  }
  const access = await open(options, io);
  const policies = await withProgress(io, "Reading the JIT policies", async () =>
    listJitPolicies(access.arm, await access.settings.need("subscriptionId")),
  );
  const targets = findTargets(policies, options.operands, options.port);
  const seconds = options.for === undefined ? Math.min(defaultSeconds, longestLength(targets)) : options.for / 1000;
  checkLength(targets, seconds);
  const wish = { seconds, reason, timeoutMs: options.timeout ?? defaultTimeoutMs };
  const rows = await withProgress(io, "Requesting access", (progress) =>
    requestAll(access, targets, wish, io, (text) => {
      progress.update(text);
    }),
  );
  await report(io, options, { rows, columns, json: { requests: rows }, empty: "Nothing was requested." });
  return exitCodeOf(rows);
}

interface Wish {
  readonly seconds: number;
  readonly reason: string;
  readonly timeoutMs: number;
}

/** All VMs at once, but those of one policy one after the other: each request is a write of that policy. */
async function requestAll(
  { arm, settings }: Access,
  targets: readonly JitTarget[],
  wish: Wish,
  io: Io,
  onStep: (text: string) => void,
): Promise<RequestRow[]> {
  const ranges = bastionRanges(arm, settings);
  const queues = new Map<string, Promise<unknown>>();
  return Promise.all(
    targets.map((target) => {
      const key = target.policy.id.toLowerCase();
      const row = (queues.get(key) ?? Promise.resolve()).then(async () => {
        try {
          const opened = await openPorts(arm, target, { ...wish, ranges, signal: io.signal, onStep });
          await tellReplaced(io, target, opened.replaced, opened.until);
          return rowOf(target, wish.reason, { ...opened, message: messages[opened.state] });
        } catch (error) {
          if (io.signal.aborted || !(error instanceof AzureFailure || error instanceof UserError)) throw error;
          const failed = { state: "failed", until: null, sources: [], correlationId: null } as const;
          return rowOf(target, wish.reason, { ...failed, message: error.message });
        }
      });
      queues.set(key, row);
      return row;
    }),
  );
}

const messages = {
  open: null,
  requested: "Azure took the request; your role may not read the network security group, so nobody saw the rule.",
  waiting: "Azure took the request, but its rule did not come in time: look again with jit ls.",
} as const;

function rowOf(
  { policy, vm, ports }: JitTarget,
  reason: string,
  result: Pick<RequestRow, "state" | "until" | "sources" | "message" | "correlationId">,
): RequestRow {
  const { state, until, sources, message, correlationId } = result;
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
    policy: policy.id,
    correlationId,
  };
}

/** Tells of a request that had more time left than this one gives. */
async function tellReplaced(
  io: Io,
  { vm }: JitTarget,
  replaced: readonly { readonly requestor: string | null; readonly until: string }[],
  until: string,
): Promise<void> {
  for (const other of replaced.filter((one) => one.until > until)) {
    await note(
      io,
      `note: this takes the place of the request of ${other.requestor ?? "somebody"} for ${vm.name}, which was open until ${formatTime(other.until)}.`,
    );
  }
}

function exitCodeOf(rows: readonly RequestRow[]): ExitCode {
  const failed = rows.filter(({ state }) => state === "failed" || state === "waiting").length;
  return failed === 0 ? exitCodes.fine : failed === rows.length ? exitCodes.failure : exitCodes.findings;
}
