import assert from "node:assert/strict";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import { startContoso, type Put } from "./contoso.ts";
import { refusalOf, type TestPlane } from "./plane.ts";

describe("a resource request", () => {
  let plane: TestPlane;
  let group: string;
  let shelves: string;
  let put: Put;
  before(async () => {
    ({ plane, group, shelves, put } = await startContoso());
    await put(`${shelves}/settled`);
  });
  after(() => plane.remove());

  const refusals: {
    name: string;
    method?: string;
    path: () => string;
    body?: JsonObject;
    expected: string | RegExp;
  }[] = [
    {
      name: "no api-version",
      path: () => `${shelves}/x?api-version=`,
      expected:
        "400 MissingApiVersionParameter: The api-version query parameter (?api-version=) is required for all requests.",
    },
    {
      name: "a malformed api-version",
      path: () => `${shelves}/x?api-version=latest`,
      expected: "400 InvalidApiVersionParameter: The api-version 'latest' is invalid. The supported versions are ''.",
    },
    {
      name: "an unknown api-version",
      path: () => `${shelves}/x?api-version=2019-01-01`,
      expected:
        "400 NoRegisteredProviderFound: No registered resource provider found for location 'null' and API version '2019-01-01' for type 'shelves'. The supported api-versions are '2024-01-01, 2023-01-01'.",
    },
    {
      name: "an unknown api-version of a resource group",
      path: () => `${group}?api-version=2019-01-01`,
      expected:
        "400 InvalidApiVersionParameter: The api-version '2019-01-01' is invalid. The supported versions are '2024-01-01,2023-01-01'.",
    },
    {
      name: "an unknown type",
      path: () => `${group}/providers/Contoso.Store/chairs/x`,
      expected:
        "404 InvalidResourceType: The resource type 'chairs' could not be found in the namespace 'Contoso.Store' for api version '2024-01-01'. The supported api-versions are ''.",
    },
    {
      name: "an unknown namespace",
      path: () => `${group}/providers/Fabrikam.Store/chairs/x`,
      expected: "404 InvalidResourceNamespace: The resource namespace 'Fabrikam.Store' is invalid.",
    },
    {
      name: "another subscription",
      path: () => "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg",
      expected: "404 SubscriptionNotFound: The subscription '11111111-2222-3333-4444-555555555555' could not be found.",
    },
    {
      name: "a missing resource group",
      path: () => `${plane.subscription}/resourceGroups/none`,
      expected: "404 ResourceGroupNotFound: Resource group 'none' could not be found.",
    },
    {
      name: "a write into a missing resource group",
      method: "PUT",
      path: () => `${plane.subscription}/resourceGroups/none/providers/Contoso.Store/shelves/x`,
      expected: "404 ResourceGroupNotFound: Resource group 'none' could not be found.",
    },
    {
      name: "a child without its parent",
      method: "PUT",
      path: () => `${shelves}/none/boxes/b`,
      body: {},
      expected:
        /^404 ParentResourceNotFound: Failed to perform 'write' on resource\(s\) of type 'shelves\/boxes', because the parent resource '.*\/shelves\/none' could not be found\.$/,
    },
    {
      name: "an extension of nothing",
      method: "PUT",
      path: () => `${shelves}/none/providers/Contoso.Store/labels/l`,
      body: {},
      expected:
        /^404 ResourceNotFound: The Resource 'Contoso.Store\/shelves\/none' under resource group 'Attic' was not found\./,
    },
    {
      name: "a name that is not allowed",
      method: "PUT",
      path: () => `${shelves}/a b`,
      expected: "400 InvalidResourceName: Resource name a b is invalid.",
    },
    {
      name: "no location",
      method: "PUT",
      path: () => `${shelves}/x`,
      body: {},
      expected: "400 LocationRequired: The location property is required for this definition.",
    },
    {
      name: "a region that does not exist",
      method: "PUT",
      path: () => `${shelves}/x`,
      body: { location: "atlantis" },
      expected:
        /^400 LocationNotAvailableForResourceType: The provided location 'atlantis' is not available for resource type 'Contoso.Store\/shelves'\. List of available regions for the resource type is 'eastus,/,
    },
    {
      name: "a move to another region",
      method: "PUT",
      path: () => `${shelves}/settled`,
      body: { location: "northeurope" },
      expected:
        "409 InvalidResourceLocation: The resource 'settled' already exists in location 'westeurope' in resource group 'Attic'. A resource with the same name cannot be created in location 'northeurope'. Please select a new resource name.",
    },
    {
      name: "a group's move to another region",
      method: "PUT",
      path: () => group,
      body: { location: "northeurope" },
      expected:
        "409 InvalidResourceGroupLocation: Invalid resource group location 'northeurope'. The Resource group already exists in location 'westeurope'.",
    },
  ];
  for (const { name, method = "GET", path, body, expected } of refusals) {
    it(`refuses ${name}`, async () => {
      const sent = method === "GET" ? undefined : (body ?? { location: "westeurope" });
      const refusal = refusalOf(await plane.send(method, path(), sent));
      if (typeof expected === "string") assert.equal(refusal, expected);
      else assert.match(refusal, expected);
    });
  }
});
