import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import { rulesOf, scopeTypes, startTestPlane, type Answer } from "./plane.ts";
import { forEachTest } from "../../held.ts";

describe("a fault that is set on purpose", () => {
  const plane = forEachTest(() => startTestPlane([...scopeTypes(), rulesOf("Contoso.Store/boxes")]));
  let boxes: string;
  beforeEach(async () => {
    await plane.send("PUT", `${plane.subscription}/resourceGroups/rg`, { location: "westeurope" });
    boxes = `${plane.subscription}/resourceGroups/rg/providers/Contoso.Store/boxes`;
  });

  const set = (rule: JsonObject): Promise<Answer> => plane.admin("POST", "/sandbox/faults", rule);
  const put = (name: string): Promise<Answer> => plane.send("PUT", `${boxes}/${name}`, { location: "westeurope" });
  const list = async (): Promise<JsonObject[]> =>
    (await plane.admin("GET", "/sandbox/faults")).body.value as JsonObject[];

  it("answers with a status, Azure's code and Retry-After, as many times as asked", async () => {
    await set({
      kind: "status",
      path: "/boxes/",
      status: 429,
      code: "TooManyRequests",
      message: "Slow down.",
      retryAfter: 3,
      times: 1,
    });
    const first = await put("a");
    assert.equal(first.status, 429);
    assert.equal(first.headers["retry-after"], "3");
    assert.deepEqual(first.body, { error: { code: "TooManyRequests", message: "Slow down." } });
    assert.equal((await put("a")).status, 201);
  });

  it("lets the first requests pass, and hits one method only", async () => {
    await set({ kind: "status", method: "put", path: "/boxes/", status: 500, skip: 1 });
    assert.deepEqual([(await put("a")).status, (await put("b")).status], [201, 500]);
    assert.equal((await plane.send("GET", `${boxes}/a`)).status, 200);
  });

  it("breaks the connection before the request is carried out", async () => {
    await set({ kind: "drop", path: "/boxes/a$", times: 1 });
    await assert.rejects(put("a"), /fetch failed/);
    assert.equal(plane.store.get(`${boxes}/a`), undefined);
  });

  it("breaks the connection after the request was carried out", async () => {
    await set({ kind: "drop", path: "/boxes/a$", after: true, times: 1 });
    await assert.rejects(put("a"), /fetch failed/);
    assert.equal(plane.store.get(`${boxes}/a`)?.name, "a");
  });

  it("makes a request wait", async () => {
    await set({ kind: "delay", path: "/boxes/a$", ms: 200 });
    const start = performance.now();
    assert.equal((await put("a")).status, 201);
    assert.ok(performance.now() - start >= 195);
  });

  for (const [moment, after] of [
    ["before", false],
    ["after", true],
  ] as const) {
    it(`holds a request ${moment} it is carried out, until the faults are cleared`, async () => {
      await set({ kind: "delay", path: "/boxes/a$", ms: 60_000, after });
      const answer = put("a");
      while ((await list())[0]?.held !== 1) await sleep(5);
      assert.equal(plane.store.get(`${boxes}/a`) !== undefined, after);
      await plane.admin("DELETE", "/sandbox/faults");
      assert.equal((await answer).status, 201);
    });
  }

  it("is listed with how often it was met and hit, until all are cleared", async () => {
    const { body } = await set({ kind: "status", path: "/BOXES/", status: 503, times: 1 });
    await put("a");
    await put("a");
    assert.deepEqual(await list(), [
      { id: body.id, kind: "status", path: "/BOXES/", status: 503, times: 1, matched: 2, hits: 1, held: 0 },
    ]);
    await plane.admin("DELETE", "/sandbox/faults");
    assert.deepEqual(await list(), []);
  });

  it("is refused with everything that is wrong with it", async () => {
    const answer = await set({ kind: "explode", path: "(", times: -1, colour: "red" });
    assert.equal(answer.status, 400);
    assert.deepEqual(answer.body, {
      error: {
        code: "InvalidFault",
        message:
          '"times" is -1; it must be a whole number from 0 up. ' +
          '"colour" is not known; a fault has method, path, skip, times, kind, status, code, message, retryAfter, after, ms, rows. ' +
          '"kind" is "explode"; it must be one of status, drop, failOperation, partialResult, delay. ' +
          '"path" is "("; it must be a regular expression.',
      },
    });
  });
});
