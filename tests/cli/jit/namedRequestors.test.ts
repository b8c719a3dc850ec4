import assert from "node:assert/strict";
import type { JitGrant } from "../../../cli/azure/jitGrants.ts";
import { namedRequestors } from "../../../cli/jit/namedRequestors.ts";
import { FakeArm } from "../azure/fakeArm.ts";
import { forSuite } from "../../held.ts";

const subscription = "11111111-2222-3333-4444-555555555555";
const me = { account: "ada@example.com", name: null, appId: "tool", objectId: "aaaaaaaa-0000-4000-8000-000000000001" };
const eve = "eeeeeeee-0000-4000-8000-000000000002";
const pipeline = "dddddddd-0000-4000-8000-000000000003";
const pipelineApp = "cccccccc-0000-4000-8000-000000000004";
const objectIdClaim = "http://schemas.microsoft.com/identity/claims/objectidentifier";
const nameClaim = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";

const eveEvent = { caller: "eve@example.com", claims: { [objectIdClaim]: eve, appid: "tool" } };
const pipelineEvent = {
  caller: pipeline,
  claims: { appid: pipelineApp, [nameClaim]: "Deploy", [objectIdClaim]: pipeline },
};

describe("requestors whom the activity log names", () => {
  const azure = forSuite(() => FakeArm.start());

  const start = new Date(Date.now() - 3_600_000);
  const grantOf = (requestor: string | null, more: Partial<JitGrant> = {}): JitGrant => ({
    state: "active",
    vm: "",
    vmName: "web",
    port: 22,
    source: null,
    requestor,
    reason: null,
    start: start.toISOString(),
    end: start.toISOString(),
    policy: `/subscriptions/${subscription}/resourceGroups/Rg'1/providers/Microsoft.Security/jitNetworkAccessPolicies/web`,
    ...more,
  });
  const names = (...grants: JitGrant[]) => namedRequestors(azure.client(), grants, [me]);

  it("are a person by account and an application by name, found by the object id or the client id in the event", async () => {
    azure.reply({ body: { value: [{ caller: "bob@example.com", claims: {} }, eveEvent, pipelineEvent] } });
    const person = { account: "eve@example.com", name: null, appId: "tool", objectId: eve };
    const application = { account: null, name: "Deploy", appId: pipelineApp, objectId: pipeline };
    assert.deepEqual(await names(grantOf(eve)), [person]);
    assert.deepEqual(await names(grantOf(pipeline.toUpperCase())), [application]);
    assert.deepEqual(await names(grantOf(pipelineApp)), [application]);
  });

  it("are looked up in the policy's resource group, around the newest request of each", async () => {
    azure.reply({ body: { value: [eveEvent] } });
    const earlier = new Date(start.getTime() - 86_400_000).toISOString();
    await names(grantOf(eve, { start: earlier }), grantOf(eve), grantOf(eve.toUpperCase(), { start: earlier }));
    const [from, to] = [-300_000, 300_000].map((shift) => new Date(start.getTime() + shift).toISOString());
    assert.deepEqual(
      azure.requests.map(({ target }) => new URL(target, "http://host").searchParams.get("$filter")),
      [`eventTimestamp ge '${from}' and eventTimestamp le '${to}' and resourceGroupName eq 'Rg''1'`],
    );
  });

  it("are not looked up where Azure has a name, the caller is meant, nobody is, or the log does not reach", async () => {
    azure.reply({ body: { value: [eveEvent] } });
    const old = new Date(Date.now() - 90 * 86_400_000).toISOString();
    const known = ["bob@example.com", me.objectId, null].map((requestor) => grantOf(requestor));
    assert.deepEqual(await names(...known, grantOf(eve, { start: old }), grantOf(eve, { start: "soon" })), []);
    assert.deepEqual(azure.requests, []);
  });

  it("are not looked up again", async () => {
    azure.reply({ body: { value: [eveEvent] } });
    const [found] = await names(grantOf(eve));
    const before = azure.requests.length;
    assert.deepEqual(await namedRequestors(azure.client(), [grantOf(eve)], [me, found!]), []);
    assert.equal(azure.requests.length, before);
  });

  it("are left out where the log does not name them, does not have them, or may not be read", async () => {
    azure.reply({ body: { value: [eveEvent, "torn", null, { claims: "{" }] } });
    assert.deepEqual(await names(grantOf(pipeline)), []);
    azure.reply({ status: 403, body: { error: { code: "AuthorizationFailed", message: "No." } } });
    assert.deepEqual(await names(grantOf(eve)), []);
  });
});
