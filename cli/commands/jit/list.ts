/** `jit ls` */
import type { ArmClient } from "../../azure/armClient.ts";
import { principalOf } from "../../azure/caller.ts";
import { grantsOf, type JitGrant } from "../../azure/jitGrants.ts";
import type { JitPolicy } from "../../azure/jitPolicies.ts";
import { AzureFailure } from "../../azure/failure.ts";
import { nameOf } from "../../azure/read.ts";
import { isSameIgnoringCase } from "../../names/ignoringCase.ts";
import { openArm } from "../../armAccess.ts";
import type { Input } from "../../command.ts";
import type { jitLsOptions } from "./lsOptions.ts";
import { exitCodes, type ExitCode } from "../../errors.ts";
import { note, type Io } from "../../io.ts";
import { withProgress } from "../../progress.ts";
import { report, requireOneFormat } from "../../reporters/report.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { isVm } from "../../names/vmName.ts";
import { grantColumns, type GrantRow } from "./grantColumns.ts";
import { namedRequestors } from "../../jit/namedRequestors.ts";
import { readPolicies } from "../../jit/readPolicies.ts";
import { requestorOf } from "../../jit/requestor.ts";
import { watchRules } from "../../jit/ruleWatch.ts";
import { checkVmName } from "../../jit/targets.ts";

export async function runJitLs(
  options: Input<typeof jitLsOptions>,
  io: Io,
  open: typeof openArm = openArm,
): Promise<ExitCode> {
  requireOneFormat(options);
  const access = await open(options, io);
  const { policies, requests } = await withProgress(io, "Reading the JIT policies", async (progress) => {
    const all = await readPolicies(access, options, io);
    if (options.vm !== undefined) {
      checkVmName(all, options.vm);
    }
    const shown = all.map((policy) => only(policy, options.vm)).filter(({ vms }) => vms.length > 0);
    progress.update("Reading the rules");
    return { policies: shown, requests: await requestRows(access.arm, shown, io) };
  });
  const wanted = options.active ? requests.filter(({ state }) => state === "active") : requests;
  const idle = options.active ? [] : idlePorts(policies, requests);
  await report(io, options, {
    rows: [...wanted.filter(isRunning), ...idle, ...wanted.filter((row) => !isRunning(row))],
    columns: grantColumns,
    json: { requests: wanted, policies: policies.map(({ id, name, vms }) => ({ id, name, vms })) },
    empty: options.active ? "No active requests." : "No JIT policies.",
  });
  return exitCodes.fine;
}

/** Limits a policy to one VM, if a name is given. */
function only(policy: JitPolicy, name: string | undefined): JitPolicy {
  const isShown = (id: string) => name === undefined || isVm({ id, name: nameOf(id) }, name);
  return {
    ...policy,
    vms: policy.vms.filter(({ id }) => isShown(id)),
    requests: policy.requests.map((request) => ({
      ...request,
      ports: request.ports.filter((port) => isShown(port.vm)),
    })),
  };
}

/** All requests as rows: active ones first, the earliest end first; then the others, newest first. */
export async function requestRows(arm: ArmClient, policies: readonly JitPolicy[], io: Io): Promise<GrantRow[]> {
  const now = arm.now();
  const me = principalOf(await arm.token());
  const grants = policies.flatMap((policy) => grantsOf(policy, now).map((grant) => ({ grant, policy })));
  const all = grants.map(({ grant }) => grant);
  const [others, open] = await Promise.all([
    namedRequestors(arm, all, [me]),
    openness(
      arm,
      all.filter(({ state }) => state === "active"),
      io,
    ),
  ]);
  const rows = grants.map(({ grant, policy }): GrantRow => {
    const vm = policy.vms.find(({ id }) => isSameIgnoringCase(id, grant.vm));
    const port = vm?.ports.find(({ number }) => number === grant.port);
    const { requestor, requestorId } = requestorOf(grant, me, others);
    const isOpen = grant.state === "active" ? open(grant) : undefined;
    return {
      ...grant,
      vmName: vm?.name ?? grant.vmName,
      requestor,
      requestorId,
      state: isOpen === false ? "closed" : grant.state,
      rule: isOpen === undefined ? null : isOpen ? "present" : "missing",
      secondsLeft: grant.state === "active" ? Math.round((Date.parse(grant.end) - now.getTime()) / 1000) : null,
      protocol: port?.protocol ?? null,
      longestSeconds: port?.longestSeconds ?? null,
      policyName: policy.name,
    };
  });
  const order = (row: GrantRow) => (row.state === "active" ? 0 : row.state === "closed" ? 1 : 2);
  return rows.sort(
    (a, b) =>
      order(a) - order(b) || (isRunning(a) ? a.end.localeCompare(b.end) : (b.start?.localeCompare(a.start ?? "") ?? 0)),
  );
}

/** Reads the rules of each VM with an active request once. @returns whether a grant's port is open, if known. */
async function openness(
  arm: ArmClient,
  grants: readonly JitGrant[],
  io: Io,
): Promise<(grant: JitGrant) => boolean | undefined> {
  const ids = [...new Set(grants.map(({ vm }) => vm.toLowerCase()))];
  const seen = await Promise.all(
    ids.map(async (id) => {
      try {
        return [id, await watchRules(arm, id)] as const;
      } catch (error) {
        // For example, the VM has been deleted. Its requests are still shown.
        if (!(error instanceof AzureFailure)) throw error;
        await note(io, visible(`note: the rules of ${nameOf(id)} cannot be read: ${error.message}`));
        return [id, undefined] as const;
      }
    }),
  );
  const rules = new Map(seen);
  return ({ vm, port }) => {
    const known = rules.get(vm.toLowerCase());
    return known?.watch.isOpen(known.before, [port]);
  };
}

/** Ports of policies without an active request. */
function idlePorts(policies: readonly JitPolicy[], requests: readonly GrantRow[]): GrantRow[] {
  const running = requests.filter(isRunning);
  return policies.flatMap((policy) =>
    policy.vms.flatMap((vm) =>
      vm.ports
        .filter(({ number }) => !running.some((row) => isSameIgnoringCase(row.vm, vm.id) && row.port === number))
        .map((port) => ({
          state: "idle" as const,
          secondsLeft: null,
          vm: vm.id,
          vmName: vm.name,
          port: port.number,
          protocol: port.protocol,
          requestor: null,
          requestorId: null,
          reason: null,
          start: null,
          end: "",
          source: port.sources.join(", "),
          longestSeconds: port.longestSeconds,
          policy: policy.id,
          policyName: policy.name,
          rule: null,
        })),
    ),
  );
}

/** Whether a request has not ended, even if somebody removed its rule. */
export function isRunning({ state }: Pick<GrantRow, "state">): boolean {
  return state === "active" || state === "closed";
}
