import assert from "node:assert/strict";
import type { FlowLog } from "../../../../../cli/azure/flowLogs.ts";
import { judgeFlowLogs } from "../../../../../cli/commands/doctor/checks/flowLogs.ts";
import type { PlacedVm } from "../../../../../cli/commands/doctor/jitVms.ts";
import { accountId, group, nicId, subnetId, vmId } from "../fixture.ts";

const watcher = `${group}/providers/Microsoft.Network/networkWatchers/NetworkWatcher_westeurope`;

function flowLog(targetId: string, more: Partial<FlowLog> = {}): FlowLog {
  const own = { name: "trail-vms", enabled: true, hasFailed: false, storageAccountId: accountId };
  return { id: `${watcher}/flowLogs/${more.name ?? own.name}`, targetId, ...own, ...more };
}

function vm(name: string, nic = nicId, subnet: string | null = subnetId): PlacedVm {
  const address = { configName: "ip", privateIp: "10.0.1.4", subnetId: subnet, publicIpId: null, asgIds: [] };
  return { id: vmId, name, ports: [], addresses: [{ ...address, nicId: nic, groups: [] }] };
}

function judge(flowLogs: readonly FlowLog[], vms: readonly PlacedVm[] = [vm("web")], missing: string[] = []) {
  const { findings, seen } = judgeFlowLogs({ vms, flowLogs, missing: new Set(missing) });
  return { findings: findings.map(({ code, resource, message }) => [code, resource, message]), seen };
}

describe("the flow logs of the VMs", () => {
  it("are those of their subnet, of its network, or of every interface in it", () => {
    for (const targetId of [subnetId.toUpperCase(), subnetId.replace("/subnets/vms", ""), nicId]) {
      assert.deepEqual(judge([flowLog(targetId)]), { findings: [], seen: "The flows of 1 VM are logged." });
    }
    const two = [vm("web"), vm("db", `${nicId}2`)];
    assert.deepEqual(judge([flowLog(nicId), flowLog(`${nicId}2`, { name: "db" })], two).findings, []);
    assert.deepEqual(judge([flowLog(nicId)], two).findings, [
      ["flows-not-logged", subnetId, "No flow log covers the subnet vms with web, db."],
    ]);
  });

  it("are reported as missing, and as switched off", () => {
    assert.deepEqual(judge([]), {
      findings: [["flows-not-logged", subnetId, "No flow log covers the subnet vms with web."]],
      seen: "Checked 1 subnet with VMs.",
    });
    assert.deepEqual(judge([flowLog(subnetId, { enabled: false })]).findings, [
      ["flows-not-logged", subnetId, "The flow log trail-vms of the subnet vms with web is switched off."],
    ]);
    const both = [
      flowLog(subnetId, { enabled: false }),
      flowLog(subnetId.replace("/subnets/vms", ""), { name: "net" }),
    ];
    assert.deepEqual(judge(both).findings, []);
  });

  it("need a storage account that exists, and a change that did not fail", () => {
    assert.deepEqual(judge([flowLog(subnetId, { hasFailed: true })], [vm("web")], [accountId.toLowerCase()]).findings, [
      [
        "flow-log-account-missing",
        `${watcher}/flowLogs/trail-vms`,
        "trail-vms writes to the storage account logs, which does not exist.",
      ],
      ["flow-log-failed", `${watcher}/flowLogs/trail-vms`, "The last change of trail-vms failed."],
    ]);
  });

  it("of other subnets do not matter", () => {
    const other = flowLog(`${subnetId}2`, { hasFailed: true });
    assert.deepEqual(judge([flowLog(subnetId), other], [vm("web")], [accountId]).findings, []);
  });
});
