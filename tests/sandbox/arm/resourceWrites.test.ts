import assert from "node:assert/strict";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import { forSuite } from "../../held.ts";
import { names, startContoso } from "./contoso.ts";
import { refusalOf, type Answer } from "./plane.ts";

describe("a resource that is changed", () => {
  const attic = forSuite(startContoso);

  describe("written with PUT", () => {
    it("is answered with 201 and its whole body, then with 200", async () => {
      const body = { location: "West Europe", tags: { a: "1" }, sku: { name: "small" }, properties: { height: 2 } };
      const first = await attic.put(`${attic.shelves}/s1`, body);
      assert.equal(first.status, 201);
      const { etag, ...rest } = first.body;
      assert.deepEqual(rest, {
        id: `${attic.shelves}/s1`,
        name: "s1",
        type: "Contoso.Store/shelves",
        location: "westeurope",
        tags: { a: "1" },
        sku: { name: "Small" },
        properties: { height: 2, state: "Standing" },
      });
      assert.equal(etag, `W/${String(first.headers.etag)}`);
      assert.equal((await attic.put(`${attic.shelves}/s1`, body)).status, 200);
    });

    it("keeps Azure's spelling of its id, whatever the client's", async () => {
      const answer = await attic.put(
        `${attic.subscription.toUpperCase().replace("/SUBSCRIPTIONS", "/SubScriptions")}/RESOURCEGROUPS/ATTIC/providers/contoso.store/SHELVES/S2`,
      );
      assert.equal(answer.body.id, `${attic.shelves}/S2`);
      const read = await attic.send("GET", `${attic.shelves}/s2`.toLowerCase());
      assert.equal(read.body.id, `${attic.shelves}/S2`);
    });

    it("takes back what it once returned: read-only members and the envelope are ignored", async () => {
      const { body } = await attic.put(`${attic.shelves}/s3`, { location: "westeurope", properties: { height: 3 } });
      const again = await attic.put(`${attic.shelves}/s3`, {
        ...body,
        properties: { ...(body.properties as JsonObject), state: "Fallen" },
      });
      assert.equal(again.status, 200);
      assert.deepEqual(again.body.properties, { height: 3, state: "Standing" });
    });

    it("never returns a secret, and keeps it when a later write leaves it out", async () => {
      await attic.put(`${attic.shelves}/s4`, { location: "westeurope", properties: { code: "hunter2" } });
      const second = await attic.put(`${attic.shelves}/s4`, { location: "westeurope", properties: { height: 1 } });
      assert.equal(JSON.stringify(second.body).includes("hunter2"), false);
      assert.deepEqual(attic.store.get(`${attic.shelves}/s4`)?.secrets, { properties: { code: "hunter2" } });
    });

    it("is refused in the type's words, with nothing written", async () => {
      const answer = await attic.put(`${attic.shelves}/s5`, { location: "westeurope", properties: { note: "refuse" } });
      assert.equal(answer.status, 409);
      assert.deepEqual(answer.body, { error: { code: "ShelfRefused", message: "No.", target: "note" } });
      assert.equal(attic.store.get(`${attic.shelves}/s5`), undefined);
    });

    it("is written whole or not at all, with what the type writes beside it", async () => {
      const answer = await attic.put(`${attic.shelves}/s6`, {
        location: "westeurope",
        properties: { note: "fails after" },
      });
      assert.equal(refusalOf(answer), "500 ShelfBroke: It broke.");
      assert.deepEqual(
        attic.store.childrenOf(attic.group).filter(({ id }) => id.includes("s6")),
        [],
      );
    });

    it("is held to its etag", async () => {
      const { headers } = await attic.put(`${attic.shelves}/s7`);
      const first = String(headers.etag);
      const send = (condition: Record<string, string>): Promise<Answer> =>
        attic.send("PUT", `${attic.shelves}/s7`, { location: "westeurope" }, condition);
      const second = await send({ "if-match": first });
      assert.equal(second.status, 200);
      assert.equal(
        refusalOf(await send({ "if-match": first })),
        `412 PreconditionFailed: Etag provided in if-match header ${first} does not match etag ${String(second.headers.etag)} of resource.`,
      );
      assert.equal((await send({ "if-none-match": "*" })).status, 412);
      assert.equal(
        (await attic.send("PUT", `${attic.shelves}/s7new`, { location: "westeurope" }, { "if-none-match": "*" }))
          .status,
        201,
      );
    });

    it("may answer a creation with 200, where the provider does", async () => {
      const drawer = `${attic.group}/providers/Contoso.Store/places/cellar/drawers/d`;
      assert.equal((await attic.put(drawer, {})).status, 200);
    });
  });

  describe("changed with PATCH", () => {
    it("gets the members that are sent, loses those that are null, and its tags are replaced", async () => {
      await attic.put(`${attic.shelves}/p1`, {
        location: "westeurope",
        tags: { a: "1", b: "2" },
        properties: { height: 4, note: "x" },
      });
      const { status, body } = await attic.send("PATCH", `${attic.shelves}/p1`, {
        tags: { c: "3" },
        properties: { note: null },
      });
      assert.equal(status, 200);
      assert.deepEqual([body.tags, body.properties], [{ c: "3" }, { height: 4, state: "Standing" }]);
    });

    it("must exist", async () => {
      assert.equal(
        refusalOf(await attic.send("PATCH", `${attic.subscription}/resourceGroups/none`, { tags: {} })),
        "404 ResourceGroupNotFound: Resource group 'none' could not be found.",
      );
      const answer = await attic.send("PATCH", `${attic.shelves}/none`, { tags: {} });
      assert.equal(
        refusalOf(answer),
        "404 ResourceNotFound: The Resource 'Contoso.Store/shelves/none' under resource group 'Attic' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
      );
    });
  });

  describe("deleted", () => {
    it("is gone with its children; a second deletion is 204", async () => {
      await attic.put(`${attic.shelves}/d1`);
      await attic.put(`${attic.shelves}/d1/boxes/b`, {});
      assert.equal((await attic.send("DELETE", `${attic.shelves}/d1`)).status, 200);
      assert.equal(attic.store.get(`${attic.shelves}/d1/boxes/b`), undefined);
      assert.equal((await attic.send("DELETE", `${attic.shelves}/d1`)).status, 204);
    });

    it("leaves behind what outlives it, which then applies to a new one of its name", async () => {
      const label = `${attic.shelves}/d2/providers/Contoso.Store/labels/l`;
      await attic.put(`${attic.shelves}/d2`);
      await attic.put(label, { properties: {} });
      await attic.send("DELETE", `${attic.shelves}/d2`);
      assert.equal((await attic.send("GET", label)).status, 404);
      await attic.put(`${attic.shelves}/d2`);
      assert.equal((await attic.send("GET", label)).status, 200);
    });

    it("stays whole when something inside it may not go", async () => {
      await attic.put(`${attic.shelves}/d3`);
      await attic.put(`${attic.shelves}/d3/boxes/glued`, {});
      await attic.put(`${attic.shelves}/d3/boxes/loose`, {});
      assert.equal(refusalOf(await attic.send("DELETE", `${attic.shelves}/d3`)), "409 BoxGlued: The box is glued.");
      assert.deepEqual(names(await attic.send("GET", `${attic.shelves}/d3/boxes`)), ["glued", "loose"]);
    });

    it("is refused where the provider has no deletion", async () => {
      const answer = await attic.send("DELETE", `${attic.subscription}/providers/Contoso.Store/settings/default`);
      assert.equal(
        refusalOf(answer),
        "405 HttpMethodNotSupported: The requested resource does not support http method 'DELETE'.",
      );
    });
  });
});
