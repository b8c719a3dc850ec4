import assert from "node:assert/strict";
import { RuleWatch, watchRules } from "../../../cli/jit/ruleWatch.ts";
import { FakeArm } from "../azure/fakeArm.ts";
import { forSuite } from "../../held.ts";

const rule = (etag: string, access = "Allow") => ({
  name: `MicrosoftDefenderForCloud-JITRule-1-${access === "Allow" ? "0" : "1"}`,
  etag,
  properties: {
    access,
    direction: "Inbound",
    priority: 100,
    sourceAddressPrefix: "10.0.0.0/26",
    destinationAddressPrefix: "10.0.1.4",
    destinationPortRange: "22",
  },
});
const nsg = (...securityRules: unknown[]) => ({ body: { properties: { securityRules } } });
const deny = rule("d", "Deny");

describe("waiting for Defender's rule", () => {
  const arm = forSuite(() => FakeArm.start());

  const wait = async (timeoutMs: number) => {
    const watch = new RuleWatch(arm.client(), { privateIp: "10.0.1.4", nsgIds: ["/nsg"] });
    const signal = new AbortController().signal;
    return watch.waitUntilOpen([22], await watch.state(), { timeoutMs, signal });
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
    const start = Date.now();
    assert.deepEqual(await wait(700), []);
    assert.ok(Date.now() - start < 2000);
  });

  it("is not possible if the role cannot read the rules", async () => {
    arm.reply({ status: 403, body: { error: { code: "AuthorizationFailed", message: "No." } } });
    assert.equal(await watchRules(arm.client(), "/vm"), undefined);
    arm.reply({ status: 404, body: { error: { code: "ResourceNotFound", message: "Gone." } } });
    await assert.rejects(watchRules(arm.client(), "/vm"), { code: "ResourceNotFound" });
  });
});
