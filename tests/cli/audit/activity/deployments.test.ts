import assert from "node:assert/strict";
import type { Activity, ActivityEvent, WrittenRule } from "../../../../cli/audit/activity/types.ts";
import { allowName, at, byDefender, event, nsgId, nsgWrite, rule, ruleDelete, ruleWrite } from "./events.ts";
import { bastionGroup, denyBastion, denyManagement, fold, jitRuleId, openedSsh } from "./folded.ts";

describe("a deployment", () => {
  const run = { caller: "deployer", callerApp: "pipeline" };
  const created = [
    event(0, nsgWrite, { ...run, resource: nsgId, rules: [] }),
    event(5, ruleWrite, { ...run, resource: `${nsgId}/securityRules/DenyManagementPorts`, rules: [denyManagement] }),
    event(9, ruleWrite, { ...run, resource: `${nsgId}/securityRules/DenyBastionSubnet`, rules: [denyBastion] }),
  ].map((one, index) => ({ ...one, correlationId: `up${index}` }));
  const bastionWrite = event(1, nsgWrite, {
    ...{ ...run, resource: `${nsgId}-bastion`, correlationId: "up-bastion" },
    rules: bastionGroup,
  });
  const deleted = (seconds: number, name: string | undefined, facts: Partial<ActivityEvent> = {}) =>
    event(seconds, name === undefined ? "Microsoft.Network/networkSecurityGroups/delete" : ruleDelete, {
      ...{ ...run, resource: name === undefined ? nsgId : `${nsgId}/securityRules/${name}` },
      correlationId: `down${seconds}`,
      ...facts,
    });
  const shown = (activities: readonly Activity[]) =>
    activities.map(
      ({ action, origin, originBy, opens }) => `${action} ${origin ?? "-"} by ${originBy ?? "-"}: ${opens ?? "?"}`,
    );

  it("is recognised by what it writes, although its Bastion rules open ports", async () => {
    assert.deepEqual(shown(await fold([...created, bastionWrite])), [
      "write stack by content: false",
      "write stack by content: true",
      "write stack by content: false",
      "write stack by content: false",
    ]);
  });

  it("is not what somebody writes into a VM's group under the names of its rules", async () => {
    const [bastion] = bastionGroup;
    const hidden = (resource: string, rules: readonly WrittenRule[]) =>
      event(7200, resource.includes("securityRules") ? ruleWrite : nsgWrite, {
        ...run,
        resource,
        correlationId: "x",
        rules,
      });
    const last = async (one: ActivityEvent) => shown([(await fold([...created, one])).at(-1)!])[0];
    assert.equal(
      await last(hidden(`${nsgId}/securityRules/${bastion!.name!}`, [bastion!])),
      "write outside by client-id: true",
    );
    assert.equal(await last(hidden(nsgId, bastionGroup)), "write outside by client-id: true");
    const narrower = { ...denyManagement, ports: ["3389"] };
    assert.equal(
      await last(hidden(`${nsgId}/securityRules/DenyManagementPorts`, [narrower])),
      "write outside by client-id: ?",
    );
    const forSome = { ...denyManagement, sourcePorts: ["1"] };
    assert.equal(
      await last(hidden(`${nsgId}/securityRules/DenyManagementPorts`, [forSome])),
      "write outside by client-id: ?",
    );
    const open = { ...denyManagement, access: "allow" } as const;
    assert.equal(
      await last(hidden(`${nsgId}/securityRules/DenyManagementPorts`, [open])),
      "write outside by client-id: true",
    );
  });

  it("is told where it updates a group and states again what is there, but for what is somebody else's", async () => {
    const again = (rules: readonly WrittenRule[]) =>
      event(7200, nsgWrite, { ...run, resource: nsgId, correlationId: "again", rules });
    const denies = [denyManagement, denyBastion];
    const jit = event(100, ruleWrite, {
      ...byDefender,
      resource: jitRuleId,
      correlationId: "jit",
      rules: [rule(allowName)],
    });
    const open = event(200, ruleWrite, { ...openedSsh, rules: [rule("OpenSsh")] });
    const last = async (...events: ActivityEvent[]) => shown([(await fold([...created, ...events])).at(-1)!])[0];
    assert.equal(await last(again(denies)), "write stack by content: false");
    assert.equal(await last(jit, again([...denies, rule(allowName)])), "write stack by content: false");
    assert.equal(await last(again([...denies, rule(allowName)])), "write outside by client-id: true");
    assert.equal(await last(open, again([...denies, rule("OpenSsh")])), "write outside by client-id: false");
    assert.equal(
      await last(open, { ...open, time: at(7300), correlationId: "b" }),
      "write outside by client-id: false",
    );
  });

  it("that is destroyed opens nothing: its groups are deleted with their rules", async () => {
    const down = [deleted(7200, "DenyManagementPorts"), deleted(7205, "DenyBastionSubnet"), deleted(7300, undefined)];
    assert.deepEqual(shown((await fold([...created, ...down])).slice(3)), [
      "delete stack by content: false",
      "delete stack by content: false",
      "delete stack by content: false",
    ]);
  });

  it("is not destroyed if somebody deletes a single standing rule", async () => {
    const last = async (...more: ActivityEvent[]) => shown((await fold([...created, ...more])).slice(3))[0];
    const deny = deleted(7200, "DenyManagementPorts");
    const open = "delete outside by client-id: ?";
    assert.equal(await last(deny), open);
    assert.equal(await last(deny, deleted(9000, undefined)), open);
    assert.equal(await last(deny, deleted(7300, undefined, { caller: "bob@example.com" })), open);
    assert.equal(await last(deny, deleted(7300, undefined, { status: "failed" })), open);
  });
});
