import assert from "node:assert/strict";
import { ArmError } from "../../../sandbox/arm/model.ts";
import type { JsonObject, ProviderModule } from "../../../sandbox/arm/model.ts";
import { rulesOf, scopeProviders, shapeOf, startTestPlane, text } from "./plane.ts";
import type { Answer, TestPlane } from "./plane.ts";

/** Shelves with boxes in them; labels stand on anything and outlive it. */
const contoso: ProviderModule = {
  namespace: "Contoso.Store",
  types: [
    rulesOf("Contoso.Store/shelves", {
      patch: true,
      shape: shapeOf({
        sku: { kind: "object", members: { name: { kind: "string", oneOf: ["Small", "Large"] } } },
        properties: {
          kind: "object",
          members: {
            height: { kind: "integer", min: 1, max: 9 },
            note: { kind: "string" },
            code: { kind: "string", secret: true },
            state: { kind: "string", readOnly: true },
          },
        },
      }),
      check: ({ body }) => {
        if ((body.properties as JsonObject | undefined)?.note === "refuse")
          throw new ArmError(409, "ShelfRefused", "No.", { target: "note" });
      },
      complete: ({ body }) => ({
        body: { ...body, properties: { ...(body.properties as JsonObject), state: "Standing" } },
      }),
      afterPut: ({ store, body }, { id }) => {
        const note = (body.properties as JsonObject | undefined)?.note;
        if (note === "with box")
          store.put({ id: `${id}/boxes/inline`, type: "Contoso.Store/shelves/boxes", name: "inline", body: {} });
        if (note === "fails after") {
          store.put({ id: `${id}/boxes/inline`, type: "Contoso.Store/shelves/boxes", name: "inline", body: {} });
          throw new ArmError(500, "ShelfBroke", "It broke.");
        }
      },
      actions: {
        weigh: ({ body }) => ({ status: 200, body: { weight: 7, asked: body } }),
        sweep: () => ({ status: 202, longRunning: true, body: { swept: true } }),
      },
      reads: { view: ({ resource }) => ({ seen: resource.name }) },
    }),
    rulesOf("Contoso.Store/shelves/boxes", {
      scope: "child",
      location: "none",
      checkDelete: ({ existing }) => {
        if (existing.name === "glued") throw new ArmError(409, "BoxGlued", "The box is glued.");
      },
    }),
    rulesOf("Contoso.Store/places/drawers", {
      scope: "child",
      location: "none",
      listedAs: ["Contoso.Store/drawers"],
      createdStatus: 200,
    }),
    rulesOf("Contoso.Store/labels", { scope: "extension", location: "none", outlivesParent: true }),
    rulesOf("Contoso.Store/settings", {
      scope: "subscription",
      location: "none",
      delete: "forbidden",
      impliedNames: ["default"],
      implied: (id) => ({ id, type: "Contoso.Store/settings", name: "default", body: { properties: { on: false } } }),
    }),
  ],
  actions: { checkName: ({ body }) => ({ status: 200, body: { available: body.name !== "taken" } }) },
};

describe("a resource of the control plane", () => {
  let plane: TestPlane;
  let group: string;
  let shelves: string;
  before(async () => {
    plane = await startTestPlane([...scopeProviders(), contoso]);
    group = `${plane.subscription}/resourceGroups/Attic`;
    shelves = `${group}/providers/Contoso.Store/shelves`;
    await plane.send("PUT", group, { location: "westeurope" });
    await plane.send("PUT", `${shelves}/settled`, { location: "westeurope" });
  });
  after(() => plane.remove());

  const refusal = ({ status, body }: Answer): [number, unknown, unknown] => {
    const error = body.error as JsonObject;
    return [status, error.code, error.message];
  };
  const names = ({ body }: Answer): unknown[] => (body.value as JsonObject[]).map(({ name }) => name);
  function put(id: string, body: JsonObject = { location: "westeurope" }): Promise<Answer> {
    return plane.send("PUT", id, body);
  }

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
      assert.deepEqual(refusal(answer), [500, "ShelfBroke", "It broke."]);
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
      assert.deepEqual(refusal(await send({ "if-match": String(headers.etag) })), [
        412,
        "PreconditionFailed",
        `The condition 'If-Match: ${String(headers.etag)}' is not met by the resource's present etag.`,
      ]);
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
      assert.deepEqual(refusal(answer), [
        404,
        "ResourceNotFound",
        "The Resource 'Contoso.Store/shelves/none' under resource group 'Attic' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
      ]);
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
      assert.deepEqual(refusal(await plane.send("DELETE", `${shelves}/d3`)), [409, "BoxGlued", "The box is glued."]);
      assert.deepEqual(names(await plane.send("GET", `${shelves}/d3/boxes`)), ["glued", "loose"]);
    });

    it("is refused where the provider has no deletion", async () => {
      const answer = await plane.send("DELETE", `${plane.subscription}/providers/Contoso.Store/settings/default`);
      assert.deepEqual(refusal(answer), [
        405,
        "HttpMethodNotSupported",
        "The requested resource does not support http method 'DELETE'.",
      ]);
    });
  });

  describe("read", () => {
    it("is there for HEAD too", async () => {
      await put(`${shelves}/r1`);
      assert.equal((await plane.send("HEAD", `${shelves}/r1`)).status, 204);
      assert.equal((await plane.send("HEAD", `${shelves}/r0`)).status, 404);
    });

    it("may exist without a PUT, alone and in its list", async () => {
      const settings = `${plane.subscription}/providers/Contoso.Store/settings`;
      assert.deepEqual((await plane.send("GET", `${settings}/default`)).body.properties, { on: false });
      assert.deepEqual(names(await plane.send("GET", settings)), ["default"]);
    });

    it("may have more to read below it", async () => {
      assert.deepEqual((await plane.send("GET", `${shelves}/r1/VIEW`)).body, { seen: "r1" });
    });

    it("carries the ids of the request, and the client's own", async () => {
      const correlation = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
      const { headers } = await plane.send("GET", `${shelves}/r1`, undefined, {
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
      await put(`${plane.subscription}/resourceGroups/Barn`);
      await put(`${plane.subscription}/resourceGroups/Barn/providers/Contoso.Store/shelves/l1`);
      await put(`${plane.subscription}/resourceGroups/Barn/providers/Contoso.Store/shelves/l1/boxes/a`, {});
      await put(`${plane.subscription}/resourceGroups/Barn/providers/Contoso.Store/shelves/l2`, {
        location: "westeurope",
        tags: { Team: "blue" },
      });
      await put(`${plane.subscription}/resourceGroups/Barn/providers/Contoso.Store/places/attic/drawers/x`, {});
      await put(`${plane.subscription}/resourceGroups/Barn/providers/Contoso.Store/places/cellar/drawers/y`, {});
    });
    const list = (path: string): Promise<Answer> => plane.send("GET", `${plane.subscription}${path}`);

    it("stands under its subscription, its group and its parent", async () => {
      assert.ok(names(await list("/providers/Contoso.Store/shelves")).includes("l1"));
      assert.deepEqual(names(await list("/resourceGroups/barn/providers/contoso.store/shelves")), ["l1", "l2"]);
      assert.deepEqual(names(await list("/resourceGroups/Barn/providers/Contoso.Store/shelves/l1/boxes")), ["a"]);
    });

    it("stands under a parent that is no resource, and in the list over all of those", async () => {
      const inBarn = "/resourceGroups/Barn/providers/Contoso.Store";
      assert.deepEqual(names(await list(`${inBarn}/places/ATTIC/drawers`)), ["x"]);
      assert.deepEqual(names(await list("/providers/Contoso.Store/places/cellar/drawers")).sort(), ["d", "y"]);
      assert.deepEqual(names(await list(`${inBarn}/drawers`)), ["x", "y"]);
    });

    it("comes in pages", async () => {
      const first = await list("/resourceGroups/Barn/providers/Contoso.Store/shelves?$top=1");
      assert.deepEqual(names(first), ["l1"]);
      const second = await plane.send("GET", text(first.body.nextLink).slice(plane.server.endpoint.length));
      assert.deepEqual(names(second), ["l2"]);
      assert.equal(second.body.nextLink, undefined);
    });

    it("of all resources holds those with a location, by type and by tag", async () => {
      assert.deepEqual(names(await list("/resourceGroups/Barn/resources")), ["l1", "l2"]);
      assert.deepEqual(names(await list("/resources?$filter=tagName eq 'team' and tagValue eq 'blue'")), ["l2"]);
      assert.deepEqual(
        names(await list("/resources?$filter=resourceType eq 'contoso.store/SHELVES' and name eq 'l1'")),
        ["l1"],
      );
      const [status, code] = refusal(await list("/resources?$filter=startswith(name,'l')"));
      assert.deepEqual([status, code], [400, "InvalidFilterInQueryString"]);
    });

    it("is refused for a parent or a group that does not exist", async () => {
      assert.deepEqual(refusal(await list("/resourceGroups/none/providers/Contoso.Store/shelves")), [
        404,
        "ResourceGroupNotFound",
        "Resource group 'none' could not be found.",
      ]);
      assert.equal((await list("/resourceGroups/Barn/providers/Contoso.Store/shelves/none/boxes")).status, 404);
    });
  });

  describe("asked to act", () => {
    it("answers, whatever the case of the action", async () => {
      await put(`${shelves}/a1`);
      const answer = await plane.send("POST", `${shelves}/a1/WEIGH`, { unit: "kg" });
      assert.deepEqual(answer.body, { weight: 7, asked: { unit: "kg" } });
    });

    it("gives the result of a long action at its Location", async () => {
      const answer = await plane.send("POST", `${shelves}/a1/sweep`);
      assert.equal(answer.status, 202);
      const result = await plane.send("GET", String(answer.headers.location).slice(plane.server.endpoint.length));
      assert.deepEqual([result.status, result.body], [200, { swept: true }]);
    });

    it("refuses what it has no action for", async () => {
      assert.equal((await plane.send("POST", `${shelves}/a1/paint`)).status, 405);
      assert.equal((await plane.send("POST", `${shelves}/none/weigh`)).status, 404);
    });

    it("answers for the provider itself", async () => {
      const answer = await plane.send("POST", `${plane.subscription}/providers/contoso.store/CHECKNAME`, {
        name: "taken",
      });
      assert.deepEqual(answer.body, { available: false });
    });
  });

  const refusals: {
    name: string;
    method?: string;
    path: () => string;
    body?: JsonObject;
    expected: [number, string, string | RegExp];
  }[] = [
    {
      name: "no api-version",
      path: () => `${shelves}/x?api-version=`,
      expected: [
        400,
        "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required for all requests.",
      ],
    },
    {
      name: "a malformed api-version",
      path: () => `${shelves}/x?api-version=latest`,
      expected: [
        400,
        "InvalidApiVersionParameter",
        "The api-version 'latest' is invalid. The supported versions are ''.",
      ],
    },
    {
      name: "an unknown api-version",
      path: () => `${shelves}/x?api-version=2019-01-01`,
      expected: [
        400,
        "NoRegisteredProviderFound",
        "No registered resource provider found for location 'null' and API version '2019-01-01' for type 'shelves'. The supported api-versions are '2024-01-01, 2023-01-01'.",
      ],
    },
    {
      name: "an unknown api-version of a resource group",
      path: () => `${group}?api-version=2019-01-01`,
      expected: [
        400,
        "InvalidApiVersionParameter",
        "The api-version '2019-01-01' is invalid. The supported versions are '2024-01-01,2023-01-01'.",
      ],
    },
    {
      name: "an unknown type",
      path: () => `${group}/providers/Contoso.Store/chairs/x`,
      expected: [
        404,
        "InvalidResourceType",
        "The resource type 'chairs' could not be found in the namespace 'Contoso.Store' for api version '2024-01-01'. The supported api-versions are ''.",
      ],
    },
    {
      name: "an unknown namespace",
      path: () => `${group}/providers/Fabrikam.Store/chairs/x`,
      expected: [404, "InvalidResourceNamespace", "The resource namespace 'Fabrikam.Store' is invalid."],
    },
    {
      name: "another subscription",
      path: () => "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg",
      expected: [
        404,
        "SubscriptionNotFound",
        "The subscription '11111111-2222-3333-4444-555555555555' could not be found.",
      ],
    },
    {
      name: "a missing resource group",
      path: () => `${plane.subscription}/resourceGroups/none`,
      expected: [404, "ResourceGroupNotFound", "Resource group 'none' could not be found."],
    },
    {
      name: "a write into a missing resource group",
      method: "PUT",
      path: () => `${plane.subscription}/resourceGroups/none/providers/Contoso.Store/shelves/x`,
      expected: [404, "ResourceGroupNotFound", "Resource group 'none' could not be found."],
    },
    {
      name: "a child without its parent",
      method: "PUT",
      path: () => `${shelves}/none/boxes/b`,
      body: {},
      expected: [
        404,
        "ParentResourceNotFound",
        /^Failed to perform 'write' on resource\(s\) of type 'shelves\/boxes', because the parent resource '.*\/shelves\/none' could not be found\.$/,
      ],
    },
    {
      name: "an extension of nothing",
      method: "PUT",
      path: () => `${shelves}/none/providers/Contoso.Store/labels/l`,
      body: {},
      expected: [
        404,
        "ResourceNotFound",
        /^The Resource 'Contoso.Store\/shelves\/none' under resource group 'Attic' was not found\./,
      ],
    },
    {
      name: "a name that is not allowed",
      method: "PUT",
      path: () => `${shelves}/a b`,
      expected: [400, "InvalidResourceName", "Resource name a b is invalid."],
    },
    {
      name: "no location",
      method: "PUT",
      path: () => `${shelves}/x`,
      body: {},
      expected: [400, "LocationRequired", "The location property is required for this definition."],
    },
    {
      name: "a region that does not exist",
      method: "PUT",
      path: () => `${shelves}/x`,
      body: { location: "atlantis" },
      expected: [
        400,
        "LocationNotAvailableForResourceType",
        /^The provided location 'atlantis' is not available for resource type 'Contoso.Store\/shelves'\. List of available regions for the resource type is 'eastus,/,
      ],
    },
    {
      name: "a move to another region",
      method: "PUT",
      path: () => `${shelves}/settled`,
      body: { location: "northeurope" },
      expected: [
        409,
        "InvalidResourceLocation",
        "The resource 'settled' already exists in location 'westeurope' in resource group 'Attic'. A resource with the same name cannot be created in location 'northeurope'. Please select a new resource name.",
      ],
    },
    {
      name: "a group's move to another region",
      method: "PUT",
      path: () => group,
      body: { location: "northeurope" },
      expected: [
        409,
        "InvalidResourceGroupLocation",
        "Invalid resource group location 'northeurope'. The Resource group already exists in location 'westeurope'.",
      ],
    },
  ];
  for (const { name, method = "GET", path, body, expected } of refusals) {
    it(`refuses ${name}`, async () => {
      const sent = method === "GET" ? undefined : (body ?? { location: "westeurope" });
      const [status, code, message] = refusal(await plane.send(method, path(), sent));
      assert.deepEqual([status, code], expected.slice(0, 2));
      if (typeof expected[2] === "string") assert.equal(message, expected[2]);
      else assert.match(String(message), expected[2]);
    });
  }
});
