/** `jit revoke` */
import { AzureFailure } from "../../azure/failure.ts";
import { listJitPolicies } from "../../azure/jitPolicies.ts";
import { openAccess } from "../access.ts";
import { ActionRecord } from "../actionRecord.ts";
import type { Input } from "../command.ts";
import type { jitRevokeOptions } from "../commands/jitRevoke.ts";
import { exitCodes, UserError, type ExitCode } from "../errors.ts";
import { note, type Io } from "../io.ts";
import { withProgress } from "../progress.ts";
import { formatOf, report, type Column } from "../reporters/report.ts";
import { bastionRanges } from "./bastionSource.ts";
import { closePorts, type ClosedPorts } from "./closePorts.ts";
import { findTargets, type JitTarget } from "./targets.ts";

interface RevokeRow {
  readonly vm: string;
  readonly vmName: string;
  readonly ports: readonly number[];
  readonly state: ClosedPorts["state"] | "failed";
  readonly until: string | null;
  readonly message: string;
  readonly reason: string;
  readonly policy: string;
  readonly correlationId: string | null;
}

const columns: readonly Column<RevokeRow>[] = [
  { key: "vm", value: ({ vm }) => vm, short: ({ vmName }) => vmName, whole: true },
  { key: "ports", value: ({ ports }) => ports.join(" ") },
  {
    key: "state",
    value: ({ state }) => state,
    colour: ({ state }) => (state === "failed" ? "red" : state === "shortened" ? "yellow" : "green"),
  },
  { key: "until", title: "OPEN UNTIL", type: "time", value: ({ until }) => until },
  // What was done is the point of the command.
  { key: "message", title: "WHAT WAS DONE", value: ({ message }) => message, whole: true },
];

export async function runJitRevoke(
  options: Input<typeof jitRevokeOptions>,
  io: Io,
  open: typeof openAccess = openAccess,
): Promise<ExitCode> {
  formatOf(options);
  const reason = options.reason.trim();
  if (reason === "") {
    throw new UserError("--reason is empty.", "Say why the access is taken back.");
  }
  const { arm, settings } = await open(options, io);
  const ranges = bastionRanges(arm, settings);
  const rows = await withProgress(io, "Reading the JIT policies", async (progress) => {
    const policies = await listJitPolicies(arm, await settings.need("subscriptionId"));
    const targets = findTargets(policies, options.operands, options.port);
    const record = await ActionRecord.open(io, arm, { action: "jit revoke", reason });
    const done: RevokeRow[] = [];
    for (const target of targets) {
      progress.update(`Shutting the ports of ${target.vm.name}`);
      const row = await revoked(target, reason, () => closePorts(arm, target, { reason, ranges }), io);
      const { vm, state, message, correlationId, ports, policy, until } = row;
      await record.add([{ target: vm, outcome: state, message, correlationId, details: { ports, policy, until } }]);
      done.push(row);
    }
    return done;
  });
  await report(io, options, { rows, columns, json: { revocations: rows }, empty: "Nothing was revoked." });
  if (!options.json && !options.csv) {
    await note(
      io,
      "Sessions that are open stay open; end them with: bastion-trail sessions kill --vm NAME --reason TEXT",
    );
  }
  const failed = rows.filter(({ state }) => state === "failed").length;
  const allShut = rows.every(({ state }) => state === "closed" || state === "idle");
  return allShut ? exitCodes.fine : failed === rows.length ? exitCodes.failure : exitCodes.findings;
}

async function revoked(
  { policy, vm, ports }: JitTarget,
  reason: string,
  close: () => Promise<ClosedPorts>,
  io: Io,
): Promise<RevokeRow> {
  const numbers = ports.map(({ number }) => number);
  const common = { vm: vm.id, vmName: vm.name, ports: numbers, reason, policy: policy.id };
  try {
    return { ...common, ...(await close()) };
  } catch (error) {
    if (io.signal.aborted || !(error instanceof AzureFailure || error instanceof UserError)) throw error;
    return { ...common, state: "failed", until: null, message: error.message, correlationId: null };
  }
}
