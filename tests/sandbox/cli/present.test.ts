import assert from "node:assert/strict";
import { presentAccess, presentConnect, presentOutputs, presentResource } from "../../../sandbox/cli/present.ts";

describe("what the sandbox prints for people", () => {
  it("shows the links first, then single values, then what has parts", () => {
    assert.equal(
      presentOutputs({
        archive: { accountName: "trail1", tags: {} },
        workspaceId: "/subscriptions/s",
        links: { bastionHost: "https://portal.azure.com/#a", vms: { web: "https://portal.azure.com/#b" } },
        ports: [22, 3389],
      }),
      [
        "links",
        "  bastionHost  https://portal.azure.com/#a",
        "  vms",
        "    web  https://portal.azure.com/#b",
        "workspaceId  /subscriptions/s",
        "archive",
        "  accountName  trail1",
        "  tags         {}",
        "ports",
        "  1  22",
        "  2  3389",
      ].join("\n"),
    );
  });

  it("shows each resource of a preview with the values that differ", () => {
    assert.equal(
      presentResource({
        change: "replace",
        type: "azure-native:compute:VirtualMachine",
        name: "web",
        differences: [
          { property: "osProfile.adminUsername", old: "azureuser", new: "operator" },
          { property: "zones", new: "1" },
          { property: "plan", old: { name: "x" } },
        ],
      }),
      [
        "± replace VirtualMachine web",
        "    osProfile.adminUsername: azureuser -> operator",
        "    zones: [not set] -> 1",
        "    plan",
      ].join("\n"),
    );
    assert.equal(
      presentResource({ change: "create", type: "azure-native:network:BastionHost", name: "bastion", differences: [] }),
      "+ create  BastionHost bastion",
    );
  });

  it("says that nothing is deployed", () => {
    assert.equal(presentOutputs({}), "No outputs: nothing is deployed.");
  });

  it("shows which ports a request opened, from where and until when", () => {
    assert.equal(
      presentAccess({
        requestor: "ada@example.com",
        virtualMachines: [
          {
            id: "/subscriptions/s/x/virtualMachines/web",
            ports: [{ number: 22, allowedSourceAddressPrefix: "10.60.0.0/26", endTimeUtc: "2026-01-01T10:00:00Z" }],
          },
        ],
      }),
      "Access granted to ada@example.com\n  web port 22 from 10.60.0.0/26 until 2026-01-01T10:00:00Z",
    );
  });

  it("shows a session with the path of its record", () => {
    assert.equal(
      presentConnect({
        outcome: "connected",
        tunnelId: "t-1",
        blobPath: "trail1/insights-logs-bastionauditlogs/x/PT1H.json",
        session: { vmId: "/a/b/web", account: "azureuser", endsAt: "2026-01-01T10:00:00Z" },
      }),
      "Connected to web as azureuser until 2026-01-01T10:00:00Z\n" +
        "Tunnel:       t-1\n" +
        "Audit record: trail1/insights-logs-bastionauditlogs/x/PT1H.json",
    );
  });

  it("shows the rule that refused a session", () => {
    assert.equal(
      presentConnect({ outcome: "refused", reason: "The VM cannot be reached.", rule: "JITRule-1" }),
      "Refused: The VM cannot be reached.\nNSG rule: JITRule-1",
    );
  });
});
