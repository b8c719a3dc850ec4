import assert from "node:assert/strict";
import { groupsToCompare, ruleDrift } from "../../../../cli/commands/drift/ruleDrift.ts";
import { found } from "../../../../cli/commands/doctor/finding.ts";
import { jitAllow, jitDeny, nsg, nsgId, rule, standingDeny } from "../doctor/fixture.ts";
import { refreshed } from "./fixture.ts";

const groupType = "azure-native:network:NetworkSecurityGroup";
const group = refreshed({ type: groupType, id: nsgId, change: "same", deployed: { location: "westeurope" } });
const declared = refreshed({ type: "azure-native:network:SecurityRule", id: standingDeny.id.toUpperCase() });
const values = { subscription: "s", group: "rg", nsg: "web-nsg", rule: jitAllow.name };

describe("the network security groups whose rules are compared", () => {
  it("are those that are there and declare no rules inline", () => {
    const inline = { ...group, id: "/inline", deployed: { securityRules: [] } };
    const gone = { ...group, id: "/gone", change: "deleted" as const };
    assert.deepEqual(groupsToCompare([group, inline, gone, declared]), [nsgId]);
  });
});

describe("the drift of rules", () => {
  const drift = (rules: readonly (typeof standingDeny)[], findings: Parameters<typeof ruleDrift>[0]["findings"] = []) =>
    ruleDrift({ resources: [group, declared], groups: [nsg(rules)], findings });

  it("is none for the stack's own rules, Azure's default ones and JIT's", () => {
    assert.deepEqual(drift([standingDeny, jitAllow, jitDeny]), []);
  });

  it("is every other rule, whatever it opens or denies, in either direction", () => {
    const open = rule("open-ssh", {
      access: "allow",
      priority: 300,
      protocol: "tcp",
      sources: ["Internet", "10.9.0.0/16"],
      ports: ["22", "8000-8100"],
    });
    const out = rule("MicrosoftDefenderForCloud-JITRule-out", { direction: "outbound", priority: 200 });
    const row = { change: "added", type: "azure-native:network:SecurityRule", property: null, old: null, note: null };
    assert.deepEqual(drift([standingDeny, open, out]), [
      {
        ...row,
        resource: out.id,
        new: "deny outbound * from * to *, port 22 (priority 200)",
      },
      {
        ...row,
        resource: open.id,
        new: "allow inbound tcp from Internet, 10.9.0.0/16 to *, port 22, 8000-8100 (priority 300)",
      },
    ]);
  });

  it("is a rule under Defender's name with which doctor finds something wrong, and says what", () => {
    const finding = found("jit-rule-orphaned", jitAllow.id.toUpperCase(), "No request asked for it.", values);
    assert.deepEqual(
      drift([standingDeny, jitAllow, jitDeny], [finding]).map(({ resource, note }) => [resource, note]),
      [[jitAllow.id, "No request asked for it."]],
    );
  });
});
