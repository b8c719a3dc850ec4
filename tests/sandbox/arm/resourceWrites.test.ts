import assert from "node:assert/strict";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import { names, startContoso, type Put } from "./contoso.ts";
import { refusalOf, type Answer, type TestPlane } from "./plane.ts";

describe("a resource that is changed", () => {
  let plane: TestPlane;
  let group: string;
  let shelves: string;
  let put: Put;
  before(async () => {
    ({ plane, group, shelves, put } = await startContoso());
  });
  after(() => plane.remove());

  describe("written with PUT", () => {
    it("is answered with 201 and its whole body, then with 200", async () => {
      const body = { location: "West Europe", tags: { a: "1" }, sku: { name: "small" }, properties: { height: 2 } };
      const first = await put(`${shelves}/s1`, body);
      assert.equal(first.status, 201);
      const { etag, ...rest } = first.body;
      assert.deepEqual(rest, {
        id: `${shelves}/s1`,
        name: "s1",
        type: "Contoso.Store/shelves",
        location: "westeurope",
        tags: { a: "1" },
        sku: { name: "Small" },
        properties: { height: 2, state: "Standing" },
      });
      assert.equal(etag, `W/${String(first.headers.etag)}`);
      assert.equal((await put(`${shelves}/s1`, body)).status, 200);
    });

    it("keeps Azure's spelling of its id, whatever the client's", async () => {
      const answer = await put(
        `${plane.subscription.toUpperCase().replace("/SUBSCRIPTIONS", "/SubScriptions")}/RESOURCEGROUPS/ATTIC/providers/contoso.store/SHELVES/S2`,
      );
      assert.equal(answer.body.id, `${shelves}/S2`);
      const read = await plane.send("GET", `${shelves}/s2`.toLowerCase());
      assert.equal(read.body.id, `${shelves}/S2`);
    });

    it("takes back what it once returned: read-only members and the envelope are ignored", async () => {
      const { body } = await put(`${shelves}/s3`, { location: "westeurope", properties: { height: 3 } });
      const again = await put(`${shelves}/s3`, {
        ...body,
        properties: { ...(body.properties as JsonObject), state: "Fallen" },
      });
      assert.equal(again.status, 200);
      assert.deepEqual(again.body.properties, { height: 3, state: "Standing" });
    });

    it("never returns a secret, and keeps it when a later write leaves it out", async () => {
      await put(`${shelves}/s4`, { location: "westeurope", properties: { code: "hunter2" } });
      const second = await put(`${shelves}/s4`, { location: "westeurope", properties: { height: 1 } });
      assert.equal(JSON.stringify(second.body).includes("hunter2"), false);
      assert.deepEqual(plane.store.get(`${shelves}/s4`)?.secrets, { properties: { code: "hunter2" } });
    });

    it("is refused in the type's words, with nothing written", async () => {
      const answer = await put(`${shelves}/s5`, { location: "westeurope", properties: { note: "refuse" } });
      assert.equal(answer.status, 409);
      assert.deepEqual(answer.body, { error: { code: "ShelfRefused", message: "No.", target: "note" } });
      assert.equal(plane.store.get(`${shelves}/s5`), undefined);
    });

    it("is written whole or not at all, with what the type writes beside it", async () => {
      const answer = await put(`${shelves}/s6`, { location: "westeurope", properties: { note: "fails after" } });
      assert.equal(refusalOf(answer), "500 ShelfBroke: It broke.");
      assert.deepEqual(
        plane.store.childrenOf(group).filter(({ id }) => id.includes("s6")),
        [],
      );
    });

    it("is held to its etag", async () => {
      const { headers } = await put(`${shelves}/s7`);
      const send = (condition: Record<string, string>): Promise<Answer> =>
        plane.send("PUT", `${shelves}/s7`, { location: "westeurope" }, condition);
      assert.equal((await send({ "if-match": String(headers.etag) })).status, 200);
      assert.equal(
        refusalOf(await send({ "if-match": String(headers.etag) })),
        `412 PreconditionFailed: The condition 'If-Match: ${String(headers.etag)}' is not met by the resource's present etag.`,
      );
      assert.equal((await send({ "if-none-match": "*" })).status, 412);
      assert.equal(
        (await plane.send("PUT", `${shelves}/s7new`, { location: "westeurope" }, { "if-none-match": "*" })).status,
        201,
      );
    });

    it("may answer a creation with 200, where the provider does", async () => {
      const drawer = `${group}/providers/Contoso.Store/places/cellar/drawers/d`;
      assert.equal((await put(drawer, {})).status, 200);
    });
  });

  describe("changed with PATCH", () => {
    it("gets the members that are sent, loses those that are null, and its tags are replaced", async () => {
      await put(`${shelves}/p1`, {
        location: "westeurope",
        tags: { a: "1", b: "2" },
        properties: { height: 4, note: "x" },
      });
      const { status, body } = await plane.send("PATCH", `${shelves}/p1`, {
        tags: { c: "3" },
        properties: { note: null },
      });
      assert.equal(status, 200);
      assert.deepEqual([body.tags, body.properties], [{ c: "3" }, { height: 4, state: "Standing" }]);
    });

    it("must exist", async () => {
      const answer = await plane.send("PATCH", `${shelves}/none`, { tags: {} });
      assert.equal(
        refusalOf(answer),
        "404 ResourceNotFound: The Resource 'Contoso.Store/shelves/none' under resource group 'Attic' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
      );
    });
  });

  describe("deleted", () => {
    it("is gone with its children; a second deletion is 204", async () => {
      await put(`${shelves}/d1`);
      await put(`${shelves}/d1/boxes/b`, {});
      assert.equal((await plane.send("DELETE", `${shelves}/d1`)).status, 200);
      assert.equal(plane.store.get(`${shelves}/d1/boxes/b`), undefined);
      assert.equal((await plane.send("DELETE", `${shelves}/d1`)).status, 204);
    });

    it("leaves behind what outlives it, which then applies to a new one of its name", async () => {
      const label = `${shelves}/d2/providers/Contoso.Store/labels/l`;
      await put(`${shelves}/d2`);
      await put(label, { properties: {} });
      await plane.send("DELETE", `${shelves}/d2`);
      assert.equal((await plane.send("GET", label)).status, 404);
      await put(`${shelves}/d2`);
      assert.equal((await plane.send("GET", label)).status, 200);
    });

    it("stays whole when something inside it may not go", async () => {
      await put(`${shelves}/d3`);
      await put(`${shelves}/d3/boxes/glued`, {});
      await put(`${shelves}/d3/boxes/loose`, {});
      assert.equal(refusalOf(await plane.send("DELETE", `${shelves}/d3`)), "409 BoxGlued: The box is glued.");
      assert.deepEqual(names(await plane.send("GET", `${shelves}/d3/boxes`)), ["glued", "loose"]);
    });

    it("is refused where the provider has no deletion", async () => {
      const answer = await plane.send("DELETE", `${plane.subscription}/providers/Contoso.Store/settings/default`);
      assert.equal(
        refusalOf(answer),
        "405 HttpMethodNotSupported: The requested resource does not support http method 'DELETE'.",
      );
    });
  });
});
