import assert from "node:assert/strict";
import { RuleWatch, watchRules } from "../../../cli/jit/ruleWatch.ts";
import { ArmClient } from "../../../cli/azure/armClient.ts";
import { publicCloud } from "../../../cli/azure/cloud.ts";
import type { SecurityRule } from "../../../cli/azure/networkSecurityRules.ts";
import { FakeArm, fixedCredential } from "../azure/fakeArm.ts";
import { nsg as group, rule as ruleOf } from "../commands/doctor/fixture.ts";
import { forSuite } from "../../held.ts";

const rule = (etag: string, access = "Allow") => ({
  name: `MicrosoftDefenderForCloud-JITRule-1-${access === "Allow" ? "0" : "1"}`,
  etag,
  properties: {
    access,
    direction: "Inbound",
    priority: access === "Allow" ? 100 : 1000,
    sourceAddressPrefix: "10.0.0.0/26",
    destinationAddressPrefix: "10.0.1.4",
    destinationPortRange: "22",
  },
});
const nsg = (...securityRules: unknown[]) => ({ body: { id: "/nsg", name: "nsg", properties: { securityRules } } });
const deny = rule("d", "Deny");
const network = { privateIp: "10.0.1.4", asgIds: [], nsgIds: ["/nsg"] };
const ssh = { number: 22, protocol: "TCP", sources: ["10.0.0.0/26"] };

describe("waiting for Defender's rule", () => {
  const arm = forSuite(() => FakeArm.start());

  const wait = async (timeoutMs: number) => {
    const watch = new RuleWatch(arm.client(), network);
    const signal = new AbortController().signal;
    return watch.waitUntilOpen([ssh], await watch.state(), { timeoutMs, signal });
  };

  it("ends when the rule is there", async () => {
    arm.reply(nsg(deny), nsg(deny), nsg(deny, rule("1")));
    assert.deepEqual(await wait(5000), [rule("1").name]);
    assert.equal(arm.requests.length, 3);
  });

  it("does not take an older request's rule for the new one", async () => {
    arm.reply(nsg(deny, rule("1")), nsg(deny, rule("1")), nsg(deny, rule("2")));
    assert.deepEqual(await wait(5000), [rule("1").name]);
    assert.equal(arm.requests.length, 3);
  });

  it("ends without the rule after the timeout", async () => {
    arm.reply(nsg(deny));
    assert.deepEqual(await wait(700), []);
  });

  it("is not possible if the role cannot read the rules", async () => {
    arm.reply({ status: 403, body: { error: { code: "AuthorizationFailed", message: "No." } } });
    assert.equal(await watchRules(arm.client(), "/vm"), undefined);
    arm.reply({ status: 404, body: { error: { code: "ResourceNotFound", message: "Gone." } } });
    await assert.rejects(watchRules(arm.client(), "/vm"), { code: "ResourceNotFound" });
  });
});

describe("a port", () => {
  const allowName = "MicrosoftDefenderForCloud-JITRule-1151-0123456789ABCDEF0123456789ABCDEF";
  const allow = (more: Partial<SecurityRule> = {}) =>
    ruleOf(allowName, { access: "allow", priority: 100, destinations: ["10.0.1.4"], ports: ["22"], ...more });
  const refuse = (more: Partial<SecurityRule> = {}) => ruleOf("deny", { priority: 4000, ...more });
  const own = (more: Partial<SecurityRule> = {}) => allow({ name: "OpenSsh", priority: 300, ...more });
  const watch = new RuleWatch(new ArmClient({ cloud: publicCloud, credential: fixedCredential("") }), network);
  const state = (groups: readonly SecurityRule[][], port: Partial<typeof ssh> = {}) =>
    watch.portState(
      groups.map((rules, index) => group(rules, `nsg${index}`)),
      { ...ssh, ...port },
    );

  it("is open if Defender's rule lets its source in", () => {
    assert.equal(state([[allow(), refuse()]]), "open");
    assert.equal(state([[allow({ sources: ["10.0.0.0/16"], ports: ["20-25"] }), refuse()]]), "open");
    assert.equal(state([[refuse()]]), "closed");
  });

  it("is not open by a rule with Defender's name for something else", () => {
    for (const more of [
      { sources: ["203.0.113.7"] },
      { ports: ["2222"] },
      { destinations: ["10.0.1.9"] },
      { direction: "outbound" as const },
      { priority: 4001 },
    ]) {
      assert.equal(state([[allow(more), refuse()]]), "closed", JSON.stringify(more));
    }
  });

  it("is closed if any group refuses its source, whoever wrote the rule", () => {
    assert.equal(state([[allow(), refuse()], [refuse()]]), "closed");
    assert.equal(state([[refuse({ priority: 99 }), allow()]]), "closed");
    assert.equal(
      state([
        [allow(), refuse()],
        [allow({ priority: 101 }), refuse()],
      ]),
      "open",
    );
    assert.equal(
      state([
        [allow(), refuse()],
        [own(), refuse()],
      ]),
      "open",
    );
  });

  it("is bypassed if only another rule lets its source in, or if there is no group", () => {
    assert.equal(state([[own(), refuse()]]), "bypassed");
    assert.equal(state([[allow({ sources: ["203.0.113.7"] }), own(), refuse()]]), "bypassed");
    assert.equal(state([]), "bypassed");
    assert.equal(state([[own({ sources: ["203.0.113.7"] }), refuse()]]), "closed");
    const vnet = own({ name: "AllowVnetInBound", priority: 65_000, sources: ["VirtualNetwork"] });
    assert.equal(state([[vnet, refuse({ priority: 65_500 })]]), "bypassed");
    assert.equal(state([[vnet, refuse({ priority: 65_500 })]], { sources: ["203.0.113.7"] }), "closed");
  });

  it("is judged by each of its protocols and by any source that it allows", () => {
    assert.equal(state([[own({ protocol: "udp" }), refuse()]]), "closed");
    assert.equal(state([[own({ protocol: "udp" }), refuse()]], { protocol: "*" }), "bypassed");
    assert.equal(state([[own({ sources: ["203.0.113.7"] }), refuse()]], { sources: ["*"] }), "bypassed");
    assert.equal(state([[own({ sources: ["10.9.0.0/16"] }), refuse()]], { sources: ["0.0.0.0/0"] }), "bypassed");
  });
});
