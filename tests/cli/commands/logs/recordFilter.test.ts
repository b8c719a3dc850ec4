import assert from "node:assert/strict";
import type { AuditRecord } from "../../../../cli/audit/fields.ts";
import type { SessionFilter } from "../../../../cli/audit/records/types.ts";
import { recordTest } from "../../../../cli/commands/logs/recordFilter.ts";

const record = {
  time: "2026-05-04T10:00:00.000Z",
  tunnelId: "T-1",
  message: "Successfully Connected.",
  protocol: "ssh",
  clientIp: "203.0.113.7",
  person: "ada@example.com",
  account: "azureuser",
  targetResourceId: "/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/WEB",
  bastionId: "/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.NETWORK/BASTIONHOSTS/BAS",
} as AuditRecord;

describe("a record that logs --records is asked for", () => {
  const fitting: readonly SessionFilter[] = [
    {},
    { from: new Date(record.time) },
    { to: new Date("2026-05-04T10:00:00.001Z") },
    { user: "ADA@example.com" },
    { user: "AzureUser" },
    { user: "ada_example.com#EXT#@contoso.onmicrosoft.com" },
    { vm: "web" },
    { vm: record.targetResourceId!.toLowerCase() },
    { ip: "203.0.113.7" },
    { ip: "203.0.113.0/24" },
    { ip: "::ffff:203.0.113.7" },
    { protocol: "SSH", outcome: "connected", tunnel: "t-1" },
    { tunnel: "t" },
    { bastion: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/bas" },
    { bastion: "/subscriptions/s" },
  ];
  for (const filter of fitting) {
    it(`fits ${JSON.stringify(filter)}`, () => {
      assert.equal(recordTest(filter)(record), true);
    });
  }

  const other: readonly SessionFilter[] = [
    { from: new Date("2026-05-04T10:00:00.001Z") },
    { to: new Date(record.time) },
    { user: "ada" },
    { vm: "eb" },
    { vm: "/x/web" },
    { ip: "203.0.113.8" },
    { ip: "2001:db8::/32" },
    { protocol: "rdp" },
    { outcome: "failed" },
    { tunnel: "t-12" },
    { bastion: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/ba" },
    { bastion: "/subscriptions/other" },
    { user: "ada@example.com", outcome: "unknown" },
  ];
  for (const filter of other) {
    it(`does not fit ${JSON.stringify(filter)}`, () => {
      assert.equal(recordTest(filter)(record), false);
    });
  }

  it("is of an instance of a scale set by the name that Azure gives it", () => {
    const set = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachineScaleSets/pool";
    const instance = { ...record, targetResourceId: `${set}/virtualMachines/3` };
    assert.deepEqual(
      ["pool_3", "POOL_3", "3", "pool"].map((vm) => recordTest({ vm })(instance)),
      [true, true, false, false],
    );
  });

  it("does not fit by a fact that it does not have", () => {
    const bare = { ...record, person: null, account: null, targetResourceId: null, clientIp: null, message: null };
    for (const filter of [{ user: "ada" }, { vm: "web" }, { ip: "203.0.113.7" }, { outcome: "connected" }] as const) {
      assert.equal(recordTest(filter)(bare), false);
    }
    assert.equal(recordTest({ outcome: "unknown" })(bare), true);
  });
});
