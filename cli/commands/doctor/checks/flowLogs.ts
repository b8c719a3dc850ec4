import type { FlowLog } from "../../../azure/flowLogs.ts";
import { nameOf } from "../../../azure/read.ts";
import { isSameIgnoringCase } from "../../../names/ignoringCase.ts";
import type { Check } from "../check.ts";
import { counted } from "../../../counted.ts";
import { found, type FoundByCheck, type Judgement } from "../finding.ts";
import { jitVms, type PlacedVm } from "../jitVms.ts";

export interface FlowLogFacts {
  /** The VMs whose sessions the trail should explain. */
  readonly vms: readonly PlacedVm[];
  readonly flowLogs: readonly FlowLog[];
  /** ARM ids of storage accounts that do not exist, in lower case. */
  readonly missing: ReadonlySet<string>;
}

/** A subnet with VMs, with the flow logs of the subnet, of its network, or of each VM's interface. */
interface Place {
  readonly subnetId: string;
  readonly vms: readonly string[];
  readonly flowLogs: readonly FlowLog[];
}

export function judgeFlowLogs({ vms, flowLogs, missing }: FlowLogFacts): Judgement {
  const places = placesOf(vms, flowLogs);
  const findings = [...places.flatMap(judgePlace), ...judgeLogs(places, missing)];
  return {
    findings,
    seen:
      findings.length > 0
        ? `Checked ${counted(places.length, "subnet")} with VMs.`
        : `The flows of ${counted(vms.length, "VM")} are logged.`,
  };
}

function placesOf(vms: readonly PlacedVm[], flowLogs: readonly FlowLog[]): Place[] {
  const addresses = vms.flatMap(({ name, addresses: own }) =>
    own.flatMap(({ nicId, subnetId }) => (subnetId === null ? [] : [{ name, nicId, subnetId }])),
  );
  return [...Map.groupBy(addresses, ({ subnetId }) => subnetId.toLowerCase()).values()].map((group) => {
    const subnetId = group[0]?.subnetId ?? "";
    const of = (targetId: string): FlowLog[] => flowLogs.filter((log) => isSameIgnoringCase(log.targetId, targetId));
    const ofNics = group.map(({ nicId }) => of(nicId));
    const own = [...of(subnetId), ...of(networkOf(subnetId))];
    const all = ofNics.every((logs) => logs.length > 0) ? [...own, ...ofNics.flat()] : own;
    return { subnetId, vms: [...new Set(group.map(({ name }) => name))], flowLogs: all };
  });
}

function networkOf(subnetId: string): string {
  return subnetId.replace(/\/subnets\/[^/]+$/i, "");
}

function judgePlace({ subnetId, vms, flowLogs }: Place): FoundByCheck[] {
  if (flowLogs.some(({ enabled }) => enabled)) return [];
  const where = `the subnet ${nameOf(subnetId)} with ${vms.join(", ")}`;
  const message =
    flowLogs.length === 0
      ? `No flow log covers ${where}.`
      : `The flow log ${flowLogs.map(({ name }) => name).join(", ")} of ${where} is switched off.`;
  return [found("flows-not-logged", subnetId, message, {})];
}

function judgeLogs(places: readonly Place[], missing: ReadonlySet<string>): FoundByCheck[] {
  const enabled = new Map(
    places.flatMap(({ flowLogs }) => flowLogs.filter((log) => log.enabled).map((log) => [log.id.toLowerCase(), log])),
  );
  return [...enabled.values()].flatMap(({ id, name, hasFailed, storageAccountId }) => {
    const account = nameOf(storageAccountId);
    return [
      ...(missing.has(storageAccountId.toLowerCase())
        ? [
            found(
              "flow-log-account-missing",
              id,
              `${name} writes to the storage account ${account}, which does not exist.`,
              {},
            ),
          ]
        : []),
      ...(hasFailed ? [found("flow-log-failed", id, `The last change of ${name} failed.`, {})] : []),
    ];
  });
}

export const flowLogs: Check = {
  title: "flow logs name the rule that lets each session in to the VMs",
  examine: async ({ inventory, attempt }) => {
    const { subject } = inventory;
    const [policies, listed, nics] = await Promise.all([inventory.policies(), inventory.vms(), inventory.nics()]);
    // This check needs only the location of the VMs, not the groups that protect them.
    const vms = jitVms({ subject, policies, vms: listed, nics, subnets: [], groups: [] });
    if (vms.length === 0) return { skipped: "No VM with a JIT policy." };
    const logs = await inventory.flowLogs();
    const missing = new Set<string>();
    for (const id of new Set(logs.map(({ storageAccountId }) => storageAccountId))) {
      const isThere = await attempt(async () => (await inventory.account(id)) !== undefined);
      if (isThere === false) missing.add(id.toLowerCase());
    }
    return judgeFlowLogs({ vms, flowLogs: logs, missing });
  },
};
