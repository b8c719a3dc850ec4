import assert from "node:assert/strict";
import { openingRules } from "../../../cli/azure/jitRules.ts";
import type { SecurityRule } from "../../../cli/azure/networkSecurityRules.ts";

const allowName = "MicrosoftDefenderForCloud-JITRule-1151-0123456789ABCDEF0123456789ABCDEF";
const rule = (more: Partial<SecurityRule> = {}): SecurityRule => ({
  id: `/nsg/securityRules/${more.name ?? allowName}`,
  name: allowName,
  etag: "1",
  access: "allow",
  direction: "inbound",
  priority: 100,
  protocol: "tcp",
  sources: ["10.0.0.0/26"],
  destinations: ["10.0.1.4"],
  ports: ["22"],
  sourcePorts: ["*"],
  ...more,
});
const target = { privateIp: "10.0.1.4", port: 22 };

describe("a rule that opens a VM's port", () => {
  const opens = (more: Partial<SecurityRule>) => openingRules([rule(more)], target).length === 1;

  it("has a name of Defender, or of Security Center before it", () => {
    assert.ok(opens({}));
    assert.ok(opens({ name: "SecurityCenter-JITRule-9-0123456789ABCDEF0123456789ABCDEF" }));
    assert.ok(!opens({ name: "AllowBastion" }));
  });

  it("allows, inbound, to the VM's private address and the port", () => {
    assert.ok(opens({ destinations: ["10.0.1.4/32"], ports: ["20-25"] }));
    assert.ok(opens({ destinations: ["10.0.1.9", "10.0.1.4"], ports: ["*"] }));
    assert.ok(!opens({ access: "deny" }));
    assert.ok(!opens({ direction: "outbound" }));
    assert.ok(!opens({ destinations: ["10.0.1.40"] }));
    assert.ok(!opens({ ports: ["222", "2222-2300"] }));
  });
});
