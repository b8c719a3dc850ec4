import assert from "node:assert/strict";
import { listActivityEvents } from "../../../cli/azure/activityEvents.ts";
import { FakeArm } from "./fakeArm.ts";
import { forSuite } from "../../held.ts";

const subscription = "11111111-2222-3333-4444-555555555555";
const minute = 60_000;
const day = 86_400_000;

describe("the events of a subscription's activity log", () => {
  const azure = forSuite(() => FakeArm.start());

  const ago = (milliseconds: number) => new Date(Date.now() - milliseconds);

  /** The `$filter` of a request. */
  async function filterOf(range: Parameters<typeof listActivityEvents>[2]): Promise<string> {
    azure.reply({ body: { value: [] } });
    await Array.fromAsync(listActivityEvents(azure.client(), subscription, range));
    const { target } = azure.requests[0]!;
    assert.ok(!target.includes("+"), target);
    const url = new URL(target, "http://host");
    assert.equal(
      url.pathname,
      `/subscriptions/${subscription}/providers/Microsoft.Insights/eventtypes/management/values`,
    );
    assert.equal(url.searchParams.get("api-version"), "2015-04-01");
    return url.searchParams.get("$filter") ?? "";
  }

  it("are requested by time alone, the only fact that all events of a request share", async () => {
    const [from, to] = [ago(day), ago(0)];
    assert.equal(await filterOf({ from }), `eventTimestamp ge '${from.toISOString()}'`);
    assert.equal(
      await filterOf({ from, to }),
      `eventTimestamp ge '${from.toISOString()}' and eventTimestamp le '${to.toISOString()}'`,
    );
  });

  it("are those about one resource, or in one resource group", async () => {
    const from = ago(day);
    const time = `eventTimestamp ge '${from.toISOString()}'`;
    assert.equal(await filterOf({ from, resourceId: "/a/O'Hara" }), `${time} and resourceUri eq '/a/O''Hara'`);
    assert.equal(await filterOf({ from, resourceGroup: "O'Hara" }), `${time} and resourceGroupName eq 'O''Hara'`);
  });

  it("include earlier ones, as far as Azure keeps them", async () => {
    const start = async (from: Date) => {
      const filter = await filterOf({ from, aroundMs: 60 * minute });
      return Math.round((Date.now() - Date.parse(filter.split("'")[1]!)) / minute);
    };
    assert.equal(await start(ago(day)), 25 * 60);
    assert.equal(await start(ago(90 * day)), 90 * 24 * 60 - 1);
  });

  it("come page by page", async () => {
    const nextLink = `${azure.endpoint}/next?$skipToken=2`;
    azure.reply({ body: { value: [{ n: 1 }, { n: 2 }], nextLink } }, { body: { value: [{ n: 3 }] } });
    const events = await Array.fromAsync(listActivityEvents(azure.client(), subscription, { from: ago(day) }));
    assert.deepEqual(events, [{ n: 1 }, { n: 2 }, { n: 3 }]);
    assert.equal(azure.requests[1]?.target, "/next?$skipToken=2");
  });

  it("are not requested if Azure no longer keeps them", async () => {
    azure.reply({ body: { value: [] } });
    const from = ago(90 * day + 2 * minute);
    await assert.rejects(Array.fromAsync(listActivityEvents(azure.client(), subscription, { from })), {
      name: "AzureFailure",
      message: `Azure keeps the activity log for 90 days, and ${from.toISOString()} is before that.`,
      nextStep: "Use a later time, or read what was exported: --source workspace or --source archive.",
    });
    assert.deepEqual(azure.requests, []);
  });

  it("are requested again if Azure is busy, and refused in Azure's own words", async () => {
    azure.reply({ status: 429, headers: { "Retry-After": "0" } }, { body: { value: [{ n: 1 }] } });
    assert.equal(
      (await Array.fromAsync(listActivityEvents(azure.client(), subscription, { from: ago(day) }))).length,
      1,
    );
    azure.reply({ status: 403, body: { error: { code: "AuthorizationFailed", message: "You may not." } } });
    await assert.rejects(Array.fromAsync(listActivityEvents(azure.client(), subscription, { from: ago(day) })), {
      code: "AuthorizationFailed",
      message: "You may not.",
    });
  });
});
