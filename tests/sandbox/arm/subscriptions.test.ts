import assert from "node:assert/strict";
import { Catalog } from "../../../sandbox/arm/catalog.ts";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import { refusalOf, rulesOf, scopeTypes, startTestPlane } from "./plane.ts";
import { forSuite } from "../../held.ts";

describe("the subscription", () => {
  const plane = forSuite(() => startTestPlane([...scopeTypes(), rulesOf("Contoso.Store/boxes")]));
  const get = async (path: string): Promise<JsonObject> => (await plane.send("GET", path)).body;

  it("is the only one, in the only tenant", async () => {
    const { value } = await get("/subscriptions");
    assert.deepEqual(
      (value as JsonObject[]).map(({ subscriptionId, tenantId, state }) => [subscriptionId, tenantId, state]),
      [[plane.identity.subscriptionId, plane.identity.tenantId, "Enabled"]],
    );
    assert.equal((await get(plane.subscription)).id, plane.subscription);
    assert.deepEqual(
      ((await get("/tenants")).value as JsonObject[]).map(({ tenantId }) => tenantId),
      [plane.identity.tenantId],
    );
    const unknown = await plane.send("GET", "/subscriptions/11111111-2222-3333-4444-555555555555/locations");
    assert.equal(unknown.status, 404);
  });

  it("has Azure's regions with their pairs and zones", async () => {
    const regions = (await get(`${plane.subscription}/locations`)).value as JsonObject[];
    const region = regions.find(({ name }) => name === "westeurope");
    assert.equal(region?.displayName, "West Europe");
    assert.deepEqual((region.metadata as JsonObject).pairedRegion, [
      { name: "northeurope", id: `${plane.subscription}/locations/northeurope` },
    ]);
  });

  it("has its providers registered, with the types and versions that a client chooses from", async () => {
    const all = (await get(`${plane.subscription}/providers`)).value as JsonObject[];
    assert.deepEqual(
      all.map(({ namespace }) => namespace),
      ["Microsoft.Resources", "Microsoft.Authorization", "Contoso.Store"],
    );
    const { namespace, registrationState, resourceTypes } = await get(`${plane.subscription}/providers/contoso.store`);
    assert.deepEqual([namespace, registrationState], ["Contoso.Store", "Registered"]);
    const [boxes] = resourceTypes as JsonObject[];
    assert.equal(boxes?.resourceType, "boxes");
    assert.deepEqual(boxes.apiVersions, ["2024-01-01", "2023-01-01"]);
    assert.ok((boxes.locations as string[]).includes("West Europe"));
    const registered = await plane.send("POST", `${plane.subscription}/providers/Contoso.Store/register`);
    assert.deepEqual([registered.status, registered.body.registrationState], [200, "Registered"]);
    assert.equal((await plane.send("GET", `${plane.subscription}/providers/None`)).status, 404);
  });

  it("writes nothing of a provider that was unregistered, until it is registered again", async () => {
    const path = `${plane.subscription}/providers/Contoso.Store`;
    const state = async () => (await get(path)).registrationState;
    const answer = await plane.send("POST", `${path}/unregister`);
    assert.deepEqual([answer.status, answer.body.registrationState], [200, "Unregistering"]);
    assert.equal(await state(), "NotRegistered");
    const group = `${plane.subscription}/resourceGroups/rg-registration`;
    await plane.send("PUT", group, { location: "westeurope" });
    const box = `${group}/providers/Contoso.Store/boxes/one`;
    const refused = await plane.send("PUT", box, { location: "westeurope" });
    assert.deepEqual(
      [refused.status, (refused.body.error as JsonObject).code, (refused.body.error as JsonObject).message],
      [
        409,
        "MissingSubscriptionRegistration",
        "The subscription is not registered to use namespace 'Contoso.Store'. See https://aka.ms/rps-not-found for how to register subscriptions.",
      ],
    );
    await plane.send("POST", `${path}/register`);
    assert.equal(await state(), "Registered");
    assert.ok((await plane.send("PUT", box, { location: "westeurope" })).status < 300);
    const used = await plane.send("POST", `${path}/unregister`);
    assert.deepEqual(
      [used.status, (used.body.error as JsonObject).message],
      [
        409,
        `The subscription cannot be unregistered from the resource namespace 'Contoso.Store', because it has resources of it: '${box}'.`,
      ],
    );
  });

  it("has no other providers", async () => {
    for (const [method, path] of [
      ["GET", "Fabrikam.Store"],
      ["POST", "Fabrikam.Store/register"],
    ] as const) {
      assert.equal(
        refusalOf(await plane.send(method, `${plane.subscription}/providers/${path}`)),
        "404 InvalidResourceNamespace: The resource namespace 'Fabrikam.Store' is invalid.",
      );
    }
  });

  it("has the providers that every subscription has, which cannot be unregistered", async () => {
    const { registrationPolicy } = await get(`${plane.subscription}/providers/Microsoft.Resources`);
    assert.equal(registrationPolicy, "RegistrationFree");
    const { status } = await plane.send("POST", `${plane.subscription}/providers/Microsoft.Authorization/unregister`);
    assert.equal(status, 409);
  });

  it("refuses to have a type twice", () => {
    const twice = [rulesOf("Contoso.Store/boxes"), rulesOf("contoso.store/BOXES")];
    assert.throws(() => new Catalog(twice), { message: "There are two contoso.store/BOXES." });
  });
});
