import assert from "node:assert/strict";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import { forSuite } from "../../held.ts";
import { names, startContoso } from "./contoso.ts";
import { refusalOf, text, type Answer } from "./plane.ts";

describe("a resource that is read", () => {
  const attic = forSuite(startContoso);

  describe("read", () => {
    it("is there for HEAD too", async () => {
      await attic.put(`${attic.shelves}/r1`);
      assert.equal((await attic.send("HEAD", `${attic.shelves}/r1`)).status, 204);
      assert.equal((await attic.send("HEAD", `${attic.shelves}/r0`)).status, 404);
    });

    it("may exist without a PUT, alone and in its list", async () => {
      const settings = `${attic.subscription}/providers/Contoso.Store/settings`;
      assert.deepEqual((await attic.send("GET", `${settings}/default`)).body.properties, { on: false });
      assert.deepEqual(names(await attic.send("GET", settings)), ["default"]);
    });

    it("may have more to read below it", async () => {
      assert.deepEqual((await attic.send("GET", `${attic.shelves}/r1/VIEW`)).body, { seen: "r1" });
    });

    it("shows more when it is asked to expand it", async () => {
      await attic.put(`${attic.shelves}/r2`);
      await attic.put(`${attic.shelves}/r2/boxes/b`, {});
      const [plain, expanded] = [
        await attic.send("GET", `${attic.shelves}/r2`),
        await attic.send("GET", `${attic.shelves}/r2?$expand=Contents`),
      ];
      assert.deepEqual(plain.body.properties, { state: "Standing" });
      assert.deepEqual(expanded.body.properties, { state: "Standing", contents: { boxes: 1 } });
    });

    it("may show less in a list", async () => {
      const [first] = (await attic.send("GET", attic.shelves)).body.value as JsonObject[];
      assert.equal(first?.short, true);
    });

    it("carries the ids of the request, and the client's own", async () => {
      const correlation = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
      const { headers } = await attic.send("GET", `${attic.shelves}/r1`, undefined, {
        "x-ms-correlation-request-id": correlation,
        "x-ms-client-request-id": "mine",
      });
      assert.equal(headers["x-ms-correlation-request-id"], correlation);
      assert.equal(headers["x-ms-client-request-id"], "mine");
      assert.match(String(headers["x-ms-request-id"]), /^[0-9a-f-]{36}$/);
    });
  });

  describe("in a list", () => {
    before(async () => {
      await attic.put(`${attic.subscription}/resourceGroups/Barn`);
      await attic.put(`${attic.subscription}/resourceGroups/Barn/providers/Contoso.Store/shelves/l1`);
      await attic.put(`${attic.subscription}/resourceGroups/Barn/providers/Contoso.Store/shelves/l1/boxes/a`, {});
      await attic.put(`${attic.subscription}/resourceGroups/Barn/providers/Contoso.Store/shelves/l2`, {
        location: "westeurope",
        tags: { Team: "blue" },
      });
      await attic.put(`${attic.subscription}/resourceGroups/Barn/providers/Contoso.Store/places/attic/drawers/x`, {});
      await attic.put(`${attic.subscription}/resourceGroups/Barn/providers/Contoso.Store/places/cellar/drawers/y`, {});
    });
    const list = (path: string): Promise<Answer> => attic.send("GET", `${attic.subscription}${path}`);

    it("stands under its subscription, its group and its parent", async () => {
      assert.ok(names(await list("/providers/Contoso.Store/shelves")).includes("l1"));
      assert.deepEqual(names(await list("/resourceGroups/barn/providers/contoso.store/shelves")), ["l1", "l2"]);
      assert.deepEqual(names(await list("/resourceGroups/Barn/providers/Contoso.Store/shelves/l1/boxes")), ["a"]);
    });

    it("stands under a parent that is no resource, and in the list over all of those", async () => {
      const inBarn = "/resourceGroups/Barn/providers/Contoso.Store";
      assert.deepEqual(names(await list(`${inBarn}/places/ATTIC/drawers`)), ["x"]);
      assert.deepEqual(names(await list("/providers/Contoso.Store/places/cellar/drawers")), ["y"]);
      assert.deepEqual(names(await list(`${inBarn}/drawers`)), ["x", "y"]);
    });

    it("comes in pages", async () => {
      const first = await list("/resourceGroups/Barn/providers/Contoso.Store/shelves?$top=1");
      assert.deepEqual(names(first), ["l1"]);
      const second = await attic.send("GET", text(first.body.nextLink));
      assert.deepEqual(names(second), ["l2"]);
      assert.equal(second.body.nextLink, undefined);
    });

    it("refuses a page of no size", async () => {
      assert.equal(
        refusalOf(await list("/resources?$top=0")),
        "400 InvalidParameter: The query parameter $top is '0'; it must be a whole number from 1 up.",
      );
    });

    it("of all resources holds those with a location, by type and by tag", async () => {
      assert.deepEqual(names(await list("/resourceGroups/Barn/resources")), ["l1", "l2"]);
      assert.deepEqual(names(await list("/resources?$filter=tagName eq 'team' and tagValue eq 'blue'")), ["l2"]);
      assert.deepEqual(
        names(await list("/resources?$filter=resourceType eq 'contoso.store/SHELVES' and name eq 'l1'")),
        ["l1"],
      );
      assert.deepEqual(names(await list("/resources?$filter=startswith(tagname, 'TE')")), ["l2"]);
      assert.deepEqual(names(await list("/resources?$filter=startswith(tagname, 'eam')")), []);
      const unknown = await list("/resources?$filter=startswith(name,'l')");
      assert.match(refusalOf(unknown), /^400 InvalidFilterInQueryString:/);
    });

    it("of one type is filtered by tags, and by nothing else", async () => {
      assert.deepEqual(names(await list("/providers/Contoso.Store/shelves?$filter=tagName eq 'team'")), ["l2"]);
      assert.equal(
        refusalOf(await list("/resourceGroups?$filter=name eq 'Barn'")),
        "400 InvalidFilterInQueryString: Invalid $filter 'name eq 'Barn'' specified in the query string: 'name eq 'Barn'' is not supported. Supported are tagName eq '{name}' and tagValue eq '{value}', and startswith(tagName, '{start}'), joined by and.",
      );
    });

    it("is refused for a parent or a group that does not exist", async () => {
      assert.equal(
        refusalOf(await list("/resourceGroups/none/providers/Contoso.Store/shelves")),
        "404 ResourceGroupNotFound: Resource group 'none' could not be found.",
      );
      assert.equal((await list("/resourceGroups/Barn/providers/Contoso.Store/shelves/none/boxes")).status, 404);
    });
  });

  describe("asked to act", () => {
    it("answers, whatever the case of the action", async () => {
      await attic.put(`${attic.shelves}/a1`);
      const answer = await attic.send("POST", `${attic.shelves}/a1/WEIGH`, { unit: "kg" });
      assert.deepEqual(answer.body, { weight: 7, asked: { unit: "kg" } });
    });

    it("gives the result of a long action at its Location", async () => {
      const answer = await attic.send("POST", `${attic.shelves}/a1/sweep`);
      assert.equal(answer.status, 202);
      const result = await attic.send("GET", text(answer.headers.location));
      assert.deepEqual([result.status, result.body], [200, { swept: true }]);
    });

    it("refuses what it has no action for", async () => {
      assert.equal((await attic.send("POST", `${attic.shelves}/a1/paint`)).status, 405);
      assert.equal((await attic.send("POST", `${attic.shelves}/none/weigh`)).status, 404);
      assert.equal(
        refusalOf(await attic.send("POST", attic.shelves)),
        "405 HttpMethodNotSupported: The requested resource does not support http method 'POST'.",
      );
    });

    it("has no answer to another verb", async () => {
      for (const method of ["GET", "PUT", "DELETE"]) {
        assert.equal(
          refusalOf(await attic.send(method, `${attic.shelves}/a1/weigh`)),
          `405 HttpMethodNotSupported: The requested resource does not support http method '${method}'.`,
        );
      }
    });

    it("answers for the provider itself", async () => {
      const answer = await attic.send("POST", `${attic.subscription}/providers/contoso.store/CHECKNAME`, {
        name: "taken",
      });
      assert.deepEqual(answer.body, { available: false });
    });
  });
});
