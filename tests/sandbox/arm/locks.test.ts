import assert from "node:assert/strict";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import { refusalOf, rulesOf, scopeTypes, startTestPlane, type Answer } from "./plane.ts";
import { forEachTest } from "../../held.ts";

describe("a management lock", () => {
  const boxes = rulesOf("Contoso.Store/boxes", { actions: { open: () => ({ status: 200, body: { open: true } }) } });
  const plane = forEachTest(() => startTestPlane([...scopeTypes(), boxes]));
  let group: string;
  let box: string;
  beforeEach(async () => {
    group = `${plane.subscription}/resourceGroups/rg`;
    box = `${group}/providers/Contoso.Store/boxes/b`;
    await plane.send("PUT", group, { location: "westeurope" });
    await plane.send("PUT", box, { location: "westeurope" });
  });

  const lock = (scope: string, level: string): Promise<Answer> =>
    plane.send("PUT", `${scope}/providers/Microsoft.Authorization/locks/keep`, { properties: { level } });
  const write = (): Promise<Answer> => plane.send("PUT", box, { location: "westeurope" });
  const remove = (id = box): Promise<Answer> => plane.send("DELETE", id);
  const open = (): Promise<Answer> => plane.send("POST", `${box}/open`);

  for (const where of ["resource", "group", "subscription"] as const) {
    it(`CanNotDelete on the ${where} forbids deletion and nothing else`, async () => {
      const scope = { resource: box, group, subscription: plane.subscription }[where];
      await lock(scope, "CanNotDelete");
      assert.equal(
        refusalOf(await remove()),
        `409 ScopeLocked: The scope '${box}' cannot perform delete operation because following scope(s) are locked: '${scope}'. Please remove the lock and try again.`,
      );
      assert.deepEqual([(await write()).status, (await open()).status], [200, 200]);
    });
  }

  it("has a level that Azure knows", async () => {
    assert.match(refusalOf(await lock(box, "Forever")), /^400 InvalidRequestContent:/);
  });

  it("ReadOnly forbids writes, actions and deletion, but not reading", async () => {
    await lock(group, "ReadOnly");
    const statuses = [await write(), await open(), await remove(), await plane.send("GET", box)].map(
      ({ status }) => status,
    );
    assert.deepEqual(statuses, [409, 409, 409, 200]);
  });

  it("on a resource keeps its group from being deleted", async () => {
    await lock(box, "CanNotDelete");
    assert.match(refusalOf(await remove(group)), /^409 ScopeLocked:/);
  });

  it("can always be removed, and then forbids nothing", async () => {
    await lock(box, "ReadOnly");
    const id = `${box}/providers/Microsoft.Authorization/locks/keep`;
    assert.equal((await remove(id)).status, 200);
    const gone = "404 LockNotFound: The lock 'keep' could not be found.";
    assert.equal(refusalOf(await plane.send("GET", id)), gone);
    assert.equal((await remove()).status, 200);
  });

  it("is listed at its scope, above and below it, and with atScope() not above it", async () => {
    await lock(group, "CanNotDelete");
    for (const [scope, filter, count] of [
      [box, "", 1],
      [group, "", 1],
      [plane.subscription, "", 1],
      [box, "atScope()", 1],
      [group, "atScope()", 1],
      [plane.subscription, "atScope()", 0],
    ] as const) {
      const query = filter === "" ? "" : `?$filter=${filter}`;
      const { body } = await plane.send("GET", `${scope}/providers/Microsoft.Authorization/locks${query}`);
      assert.equal((body.value as JsonObject[]).length, count, `${scope}${query}`);
    }
    assert.equal(
      refusalOf(await plane.send("GET", `${group}/providers/Microsoft.Authorization/locks?$filter=level eq 'x'`)),
      "400 UnsupportedQuery: The filter 'level eq 'x'' is not supported. Supported is atScope().",
    );
  });
});
