/** `jit ls` */
import type { ArmClient } from "../../azure/armClient.ts";
import { principalOf } from "../../azure/caller.ts";
import { grantedPort, grantsOf, type GrantedPort, type JitGrant } from "../../azure/jitGrants.ts";
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
import { explain } from "../../presentError.ts";
import { report, requireOneFormat } from "../../reporters/report.ts";
import { tellOdd } from "../../tellOdd.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { isVm } from "../../names/vmName.ts";
import { grantColumns, type GrantRow } from "./grantColumns.ts";
import { namedRequestors } from "../../jit/namedRequestors.ts";
import { readPolicies } from "../../jit/readPolicies.ts";
import { requestorOf } from "../../jit/requestor.ts";
import { readRules, type WatchedRules } from "../../jit/ruleWatch.ts";
import { checkVmName } from "../../jit/targets.ts";

export async function runJitLs(
  options: Input<typeof jitLsOptions>,
  io: Io,
  open: typeof openArm = openArm,
): Promise<ExitCode> {
  requireOneFormat(options);
  const access = await open(options, io);
  const { policies, requests, odd } = await withProgress(io, "Reading the JIT policies", async (progress) => {
    const { policies: all, odd } = await readPolicies(access, options, io);
    await tellOdd(io, odd);
    if (options.vm !== undefined) {
      checkVmName(all, options.vm);
    }
    const shown = all.map((policy) => only(policy, options.vm)).filter(({ vms }) => vms.length > 0);
    progress.update("Reading the rules");
    return { policies: shown, requests: await requestRows(access.arm, shown, io), odd };
  });
  const wanted = options.active ? requests.filter((row) => isRunning(row) && row.state !== "closed") : requests;
  const idle = options.active ? [] : idlePorts(policies, requests);
  await report(io, options, {
    rows: [...wanted.filter(isRunning), ...idle, ...wanted.filter((row) => !isRunning(row))],
    columns: grantColumns,
    json: { requests: wanted, policies: policies.map(({ id, name, vms }) => ({ id, name, vms })) },
    empty: options.active ? "No active requests." : "No JIT policies.",
  });
  return odd.length > 0 ? exitCodes.findings : exitCodeOfRequests(wanted);
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
  const active = all.filter(({ state }) => state === "active");
  const [others, rules] = await Promise.all([
    namedRequestors(arm, all, [me]),
    rulesOf(arm, [...new Set(active.map(({ vm }) => vm.toLowerCase()))]),
  ]);
  await tellUnknown(io, active, rules);
  await tellUnknownEnds(io, all);
  const rows = grants.map(({ grant, policy }): GrantRow => {
    const vm = policy.vms.find(({ id }) => isSameIgnoringCase(id, grant.vm));
    const port = vm?.ports.find(({ number }) => number === grant.port);
    const { requestor, requestorId } = requestorOf(grant, me, others);
    return {
      ...grant,
      rule: null,
      message: grant.state === "unknown" ? unreadEnd(grant) : null,
      vmName: vm?.name ?? grant.vmName,
      requestor,
      requestorId,
      ...(grant.state === "active" && openness(rules.get(grant.vm.toLowerCase()), grantedPort(policy, grant))),
      secondsLeft: grant.state === "active" ? Math.round((Date.parse(grant.end) - now.getTime()) / 1000) : null,
      protocol: port?.protocol ?? null,
      longestSeconds: port?.longestSeconds ?? null,
      policyName: policy.name,
    };
  });
  const order = ({ state }: GrantRow) => runningStates.findIndex((one) => one === state);
  return [
    ...rows.filter(isRunning).sort((a, b) => order(a) - order(b) || a.end.localeCompare(b.end)),
    ...rows.filter((row) => !isRunning(row)).sort((a, b) => b.start?.localeCompare(a.start ?? "") ?? 0),
  ];
}

/** The rules before a VM; why they are not known, as a sentence. */
type KnownRules = WatchedRules | string;

/** @param ids of VMs, in lower case. @returns the rules before each. */
async function rulesOf(arm: ArmClient, ids: readonly string[]): Promise<ReadonlyMap<string, KnownRules>> {
  const read = async (id: string): Promise<KnownRules> => {
    try {
      return await readRules(arm, id);
    } catch (error) {
      // For example, the VM has been deleted. Its requests are still shown.
      if (!(error instanceof AzureFailure)) throw error;
      const { message, nextStep } = explain(error, "operator");
      return `${message} ${nextStep}`.trim();
    }
  };
  return new Map(await Promise.all(ids.map(async (id) => [id, await read(id)] as const)));
}

async function tellUnknown(io: Io, active: readonly JitGrant[], rules: ReadonlyMap<string, KnownRules>): Promise<void> {
  for (const [id, reason] of rules) {
    if (typeof reason !== "string") continue;
    const name = active.find(({ vm }) => isSameIgnoringCase(vm, id))?.vmName ?? nameOf(id);
    await note(io, visible(`warning: whether the ports of ${name} are open is unknown: ${reason}`));
  }
}

async function tellUnknownEnds(io: Io, grants: readonly JitGrant[]): Promise<void> {
  for (const { vmName, port, end } of grants.filter(({ state }) => state === "unknown")) {
    const text = `whether a request for port ${port} of ${vmName} has ended is unknown: ${unreadEnd({ end })}`;
    await note(io, visible(`warning: ${text}`));
  }
}

function unreadEnd({ end }: Pick<JitGrant, "end">): string {
  return `Azure's time of its end is '${end}'.`;
}

/** What the rules do with the port of a request that has not ended. */
function openness(known: KnownRules | undefined, port: GrantedPort): Pick<GrantRow, "state" | "rule" | "message"> {
  if (known === undefined || typeof known === "string") return { state: "unknown", rule: null, message: known ?? null };
  const { watch, before } = known;
  const state = watch.portState(before, port);
  const rule = watch.opening(before, [port.number]).length > 0 ? "present" : "missing";
  return { state: state === "open" ? "active" : state, rule, message: null };
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
          message: null,
        })),
    ),
  );
}

/** The states of a request that has not ended, in the order shown. */
const runningStates = ["active", "bypassed", "unknown", "closed"] as const;

/** Whether a request has not ended, even if somebody removed its rule. */
export function isRunning({ state }: Pick<GrantRow, "state">): boolean {
  return runningStates.some((one) => one === state);
}

/** The exit code of a list of requests: whether it is known of each if its port is open. */
export function exitCodeOfRequests(requests: readonly GrantRow[]): ExitCode {
  return requests.some(({ state }) => state === "unknown") ? exitCodes.findings : exitCodes.fine;
}
