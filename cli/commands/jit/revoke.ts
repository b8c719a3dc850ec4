/** `jit revoke` */
import type { ArmClient } from "../../azure/armClient.ts";
import { AzureFailure } from "../../azure/failure.ts";
import { openArm } from "../../armAccess.ts";
import { ActionRecord } from "../../actionRecord.ts";
import type { Input } from "../../command.ts";
import type { jitRevokeOptions } from "./revokeOptions.ts";
import { exitCodeOfActions, UserError, type ActionResult, type ExitCode } from "../../errors.ts";
import { requireReason } from "../../reason.ts";
import { note, type Io } from "../../io.ts";
import { explain } from "../../presentError.ts";
import { withProgress } from "../../progress.ts";
import { tellOdd } from "../../tellOdd.ts";
import { report, requireOneFormat } from "../../reporters/report.ts";
import type { Column } from "../../reporters/rows.ts";
import type { Colour } from "../../reporters/style.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { formatTime } from "../../time.ts";
import { bastionRanges } from "../../jit/bastionSource.ts";
import { closePorts, grantsOfAll, type ClosedPorts, type CloseOptions } from "./closePorts.ts";
import { readPolicies } from "../../jit/readPolicies.ts";
import { inEachPolicy, targetsOf, type JitTarget } from "../../jit/targets.ts";

export interface RevokeRow {
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

export const revokeColumns: readonly Column<RevokeRow>[] = [
  { key: "vm", value: ({ vm }) => vm, short: ({ vmName }) => vmName },
  { key: "ports", value: ({ ports }) => ports.join(" ") },
  {
    key: "state",
    value: ({ state }) => state,
    colour: ({ state }) => colours[results[state]],
  },
  { key: "until", title: "OPEN UNTIL", type: "time", value: ({ until }) => until },
  { key: "message", type: "message", title: "RESULT", value: ({ message }) => message },
];

export async function runJitRevoke(
  options: Input<typeof jitRevokeOptions>,
  io: Io,
  open: typeof openArm = openArm,
): Promise<ExitCode> {
  requireOneFormat(options);
  const reason = requireReason(options.reason, "State why access is taken back.");
  const access = await open(options, io);
  const { arm, settings } = access;
  const ranges = bastionRanges(arm, settings);
  const { rows, record } = await withProgress(io, "Reading the JIT policies", async (progress) => {
    const { policies, odd } = await readPolicies(access, options, io);
    await tellOdd(io, odd);
    const targets = await targetsOf(settings, policies, options.operands, options.port);
    const record = await ActionRecord.open(io, arm, { action: "jit revoke", reason });
    await record.addAsked(
      targets.map(({ vm, ports, policy }) => ({
        target: vm.id,
        details: { ports: ports.map(({ number }) => number), policy: policy.id },
      })),
    );
    const done: RevokeRow[] = [];
    for (const target of targets) {
      progress.update(`Closing the ports of ${target.vm.name}`);
      const row = await revoked(arm, target, { reason, ranges, policies }, io).catch(async (error: unknown) => {
        if (io.signal.aborted) {
          await record.add([{ target: target.vm.id, outcome: "interrupted", details: {} }]);
          await tellInterrupted(io, done, targets.slice(done.length));
        }
        throw error;
      });
      const { vm, state, message, correlationId, ports, policy, until } = row;
      await record.add([{ target: vm, outcome: state, message, correlationId, details: { ports, policy, until } }]);
      done.push(row);
    }
    return { rows: done, record };
  });
  await report(io, options, {
    rows,
    columns: revokeColumns,
    json: { revocations: rows },
    empty: "Nothing was revoked.",
  });
  if (!options.json && !options.csv) {
    await note(io, "Open sessions stay open. End them with: bastion-trail sessions kill --vm NAME --reason TEXT");
  }
  return record.exitCode(exitCodeOfActions(rows.map(({ state }) => results[state])));
}

/** The last parameter has the VM whose ports were being closed, then those after it. */
async function tellInterrupted(
  io: Io,
  done: readonly RevokeRow[],
  [current, ...others]: readonly JitTarget[],
): Promise<void> {
  for (const { vmName, message } of done) await note(io, visible(`${vmName}: ${message}`));
  const untouched = others.length === 0 ? "" : ` Nothing was done for ${others.map(({ vm }) => vm.name).join(", ")}.`;
  const text = `Interrupted while the ports of ${current?.vm.name} were being closed: they may still be open.${untouched}`;
  await note(io, visible(`${text} Check with: bastion-trail jit ls`));
}

const results = {
  closed: "done",
  idle: "done",
  shortened: "partly",
  bypassed: "partly",
  unknown: "partly",
  failed: "failed",
} as const satisfies Record<RevokeRow["state"], ActionResult>;

const colours = { done: "green", partly: "yellow", failed: "red" } as const satisfies Record<ActionResult, Colour>;

async function revoked(arm: ArmClient, target: JitTarget, options: CloseOptions, io: Io): Promise<RevokeRow> {
  const { policy, vm, ports } = target;
  const numbers = ports.map(({ number }) => number);
  const common = { vm: vm.id, vmName: vm.name, ports: numbers, reason: options.reason, policy: policy.id };
  try {
    return { ...common, ...(await closePorts(arm, target, options)) };
  } catch (error) {
    if (io.signal.aborted || !(error instanceof AzureFailure || error instanceof UserError)) throw error;
    const until = grantsOfAll(inEachPolicy(options.policies, target), arm.now())[0]?.end ?? null;
    const open = until === null ? "" : ` The port may be open until ${formatTime(until)}.`;
    const { message, nextStep } = explain(error, "operator");
    const whole = `${message}${open} ${nextStep}`.trim();
    return { ...common, state: "failed", until, message: whole, correlationId: null };
  }
}
