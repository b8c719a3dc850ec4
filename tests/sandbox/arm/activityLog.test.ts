import assert from "node:assert/strict";
import type { ActivityEntry } from "../../../sandbox/arm/activityLog.ts";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import { rulesOf, scopeTypes, shapeOf, startTestPlane, text, type Answer } from "./plane.ts";
import { forEachTest } from "../../held.ts";

const day = 24 * 60 * 60 * 1000;
const correlationId = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";

describe("the activity log", () => {
  const shape = shapeOf({ properties: { kind: "object", members: { code: { kind: "string", secret: true } } } });
  const box = rulesOf("Contoso.Store/boxes", {
    put: "async",
    shape,
    actions: { listKeys: () => ({ status: 200, body: { key: "hunter3" } }) },
  });
  const plane = forEachTest(() => startTestPlane([...scopeTypes(), box]));
  let group: string;
  let boxes: string;
  beforeEach(async () => {
    group = `${plane.subscription}/resourceGroups/rg`;
    boxes = `${group}/providers/Contoso.Store/boxes`;
    await plane.send("PUT", group, { location: "westeurope" });
  });

  const values = (filter: string, more = ""): Promise<Answer> => {
    const path = `${plane.subscription}/providers/microsoft.insights/eventtypes/management/values`;
    return plane.send("GET", `${path}?api-version=2015-04-01&$filter=${encodeURIComponent(filter)}${more}`);
  };
  const since = (): string => `eventTimestamp ge '${new Date(plane.clock.now().getTime() - day).toISOString()}'`;
  const events = async (filter: string, more = ""): Promise<JsonObject[]> =>
    (await values(filter, more)).body.value as JsonObject[];
  const inShort = (found: readonly JsonObject[]): string[] =>
    found
      .map(({ operationName, eventName, status }) =>
        [operationName, eventName, status].map((one) => text((one as JsonObject).value)).join(" "),
      )
      .reverse();
  async function putBox(name: string, body: JsonObject = { location: "westeurope" }): Promise<void> {
    const answer = await plane.send("PUT", `${boxes}/${name}`, body, { "x-ms-correlation-request-id": correlationId });
    const operation = answer.headers["azure-asyncoperation"];
    if (operation !== undefined) await plane.send("GET", operation);
  }

  it("has the begin, the acceptance and the end of a long-running write, all with its correlation id", async () => {
    await putBox("b");
    assert.deepEqual(inShort(await events(`${since()} and correlationId eq '${correlationId}'`)), [
      "Contoso.Store/boxes/write BeginRequest Started",
      "Contoso.Store/boxes/write EndRequest Accepted",
      "Contoso.Store/boxes/write EndRequest Succeeded",
    ]);
  });

  it("has who did what to which resource, and from where", async () => {
    await putBox("b");
    const [begin] = (await events(`${since()} and correlationId eq '${correlationId}'`)).reverse();
    assert.ok(begin !== undefined);
    const {
      authorization,
      caller,
      claims,
      httpRequest,
      resourceId,
      resourceGroupName,
      resourceProviderName,
      properties,
    } = begin;
    const objectId = (claims as JsonObject)["http://schemas.microsoft.com/identity/claims/objectidentifier"];
    assert.equal(caller, objectId);
    assert.equal((claims as JsonObject).appid, plane.identity.clientId);
    assert.deepEqual(authorization, { action: "Contoso.Store/boxes/write", scope: `${boxes}/b`, role: "Owner" });
    assert.deepEqual(
      [resourceId, resourceGroupName, (resourceProviderName as JsonObject).value],
      [`${boxes}/b`, "rg", "Contoso.Store"],
    );
    assert.equal((properties as JsonObject).requestbody, '{"location":"westeurope"}');
    const { method, uri, clientIpAddress } = httpRequest as JsonObject;
    assert.deepEqual(
      [method, uri, clientIpAddress],
      ["PUT", `${plane.server.endpoint}${boxes}/b?api-version=2024-01-01`, "127.0.0.1"],
    );
  });

  it("names a person by the user principal name", async () => {
    const { body } = await plane.admin("POST", "/sandbox/token", { user: "ada@contoso.com" });
    await plane.send("DELETE", `${boxes}/none`, undefined, { authorization: `Bearer ${text(body.access_token)}` });
    assert.deepEqual(inShort(await events(`${since()} and caller eq 'ada@contoso.com'`)), [
      "Contoso.Store/boxes/delete BeginRequest Started",
      "Contoso.Store/boxes/delete EndRequest Succeeded",
    ]);
  });

  it("has a refusal, with its error", async () => {
    await plane.send("PUT", `${boxes}/b`, {});
    const [end] = await events(`${since()} and status eq 'Failed'`);
    assert.equal(
      (end?.properties as JsonObject).statusMessage,
      '{"error":{"code":"LocationRequired","message":"The location property is required for this definition."}}',
    );
    assert.equal(end?.level, "Error");
    assert.equal((end.subStatus as JsonObject).value, "BadRequest");
  });

  it("never has a secret: not what was sent, and not what an action answered", async () => {
    await putBox("b", { location: "westeurope", properties: { code: "hunter2" } });
    await plane.send("POST", `${boxes}/b/listKeys`);
    const text = JSON.stringify(await events(since()));
    assert.ok(text.includes("listKeys"));
    assert.equal(/hunter\d/.test(text), false);
  });

  it("does not have what is only read", async () => {
    await plane.send("GET", group);
    await plane.send("GET", `${group}/resources`);
    assert.equal((await events(since())).length, 2);
  });

  it("is filtered by group, resource and provider, without regard to case", async () => {
    await putBox("b");
    await putBox("c");
    await plane.send("PUT", `${plane.subscription}/resourceGroups/other`, { location: "westeurope" });
    assert.equal((await events(`${since()} and resourceGroupName eq 'OTHER'`)).length, 2);
    assert.equal((await events(`${since()} and resourceUri eq '${boxes.toUpperCase()}/B'`)).length, 3);
    assert.equal((await events(`${since()} and resourceId eq '${boxes.toUpperCase()}/B'`)).length, 3);
    assert.equal((await events(`${since()} and resourceProvider eq 'contoso.store'`)).length, 6);
    assert.equal((await events(`${since()} and eventChannels eq 'Admin, Operation'`)).length, 10);
  });

  it("is filtered by time, on the sandbox clock", async () => {
    await plane.clock.advance(2 * day);
    await putBox("b");
    assert.equal((await events(since())).length, 3);
    const yesterday = new Date(plane.clock.now().getTime() - day).toISOString();
    const before = await events(
      `eventTimestamp ge '2026-01-01T00:00:00Z' and eventTimestamp le '${yesterday}'`.replace(
        "2026-01-01T00:00:00Z",
        new Date(Date.now() - day).toISOString(),
      ),
    );
    assert.equal(before.length, 2);
  });

  it("names the categories that there are", async () => {
    const path = "/providers/microsoft.insights/eventcategories";
    const { body } = await plane.send("GET", `${path}?api-version=2015-04-01`);
    assert.deepEqual(
      (body.value as JsonObject[]).map(({ value }) => value),
      ["Administrative", "Security", "ServiceHealth", "Alert", "Recommendation", "Policy"],
    );
    const refused = await plane.send("GET", `${path}?api-version=2017-03-01-preview`);
    assert.deepEqual([refused.status, (refused.body.error as JsonObject).code], [400, "NoRegisteredProviderFound"]);
  });

  it("shows the members that are selected", async () => {
    const [event] = await events(since(), "&$select=eventName,caller");
    assert.deepEqual(Object.keys(event ?? {}).sort(), ["caller", "eventName"]);
  });

  it("comes in pages of 200, the newest first", async () => {
    plane.store.transaction(() => {
      for (let index = 0; index < 250; index += 1) {
        plane.activityLog.record({
          resourceId: `${boxes}/b${index}`,
          operationName: "Contoso.Store/boxes/write",
          eventName: "EndRequest",
          status: "Succeeded",
          caller: { displayName: "Contoso", appId: "app", objectId: "object" },
          correlationId,
        });
      }
    });
    const first = await values(since());
    assert.equal((first.body.value as JsonObject[]).length, 200);
    assert.equal((first.body.value as JsonObject[])[0]?.resourceId, `${boxes}/b249`);
    const second = await plane.send("GET", text(first.body.nextLink));
    assert.equal((second.body.value as JsonObject[]).length, 52);
    assert.equal(second.body.nextLink, undefined);
  });

  it("survives a restart, and forgets after 90 days", async () => {
    Object.assign(plane, await plane.restart());
    assert.equal((await events(since())).length, 2);
    await plane.clock.advance(91 * day);
    Object.assign(plane, await plane.restart());
    const oldest = `eventTimestamp ge '${new Date(plane.clock.now().getTime() - 89 * day).toISOString()}'`;
    assert.deepEqual(await events(oldest), []);
  });

  it("passes each recorded event to a listener", async () => {
    const heard: ActivityEntry[] = [];
    const stop = plane.activityLog.onEvent((entry) => heard.push(entry));
    await putBox("b");
    stop();
    await putBox("c");
    assert.deepEqual(
      heard.map(({ resourceId }) => resourceId),
      [`${boxes}/b`, `${boxes}/b`, `${boxes}/b`],
    );
  });

  const refusals: [string, () => string, string][] = [
    ["no filter", () => "", "The $filter query parameter is missing."],
    ["no start", () => "correlationId eq 'x'", "The clause eventTimestamp ge '{time}' is missing."],
    ["another member", () => `${since()} and level eq 'Error'`, "The clause \"level eq 'Error'\" is not supported."],
    ["another operator", () => `${since()} and caller ne 'x'`, "The clause \"caller ne 'x'\" is not supported."],
    [
      "or",
      () => `${since()} and caller eq 'x' or caller eq 'y'`,
      "The clause \"caller eq 'x' or caller eq 'y'\" is not supported.",
    ],
    [
      "two patterns",
      () => `${since()} and resourceUri eq 'x' and correlationId eq 'y'`,
      "More than one of resourceGroupName, resourceUri, resourceId, resourceProvider and correlationId is given.",
    ],
    [
      "a resource by two names",
      () => `${since()} and resourceUri eq 'x' and resourceId eq 'x'`,
      "More than one of resourceGroupName, resourceUri, resourceId, resourceProvider and correlationId is given.",
    ],
    ["a time that is none", () => "eventTimestamp ge 'yesterday'", "'yesterday' is not a time."],
  ];
  for (const [name, filter, reason] of refusals) {
    it(`refuses a filter with ${name}`, async () => {
      const { status, body } = await values(filter());
      assert.equal(status, 400);
      const { code, message } = body.error as JsonObject;
      assert.equal(code, "BadRequest");
      assert.ok(
        text(message).startsWith(`The $filter is invalid. ${reason} Supported are: eventTimestamp ge '{time}'`),
        text(message),
      );
    });
  }

  it("refuses a start before what is kept", async () => {
    const { status, body } = await values(`eventTimestamp ge '${new Date(Date.now() - 91 * day).toISOString()}'`);
    assert.equal(status, 400);
    assert.match(text((body.error as JsonObject).message), /is more than 90 days in the past; the oldest one is '/);
  });
});
