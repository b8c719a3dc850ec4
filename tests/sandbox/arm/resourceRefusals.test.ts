import assert from "node:assert/strict";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import { forSuite } from "../../held.ts";
import { startContoso } from "./contoso.ts";
import { refusalOf } from "./plane.ts";

describe("a resource request", () => {
  const attic = forSuite(startContoso);
  before(() => attic.put(`${attic.shelves}/settled`));

  const refusals: Record<string, [method: string, path: () => string, refusal: string | RegExp, body?: JsonObject]> = {
    "no api-version": [
      "GET",
      () => `${attic.shelves}/x?api-version=`,
      "400 MissingApiVersionParameter: The api-version query parameter (?api-version=) is required for all requests.",
    ],
    "a malformed api-version": [
      "GET",
      () => `${attic.shelves}/x?api-version=latest`,
      "400 InvalidApiVersionParameter: The api-version 'latest' is invalid. The supported versions are ''.",
    ],
    "an unknown api-version": [
      "GET",
      () => `${attic.shelves}/x?api-version=2019-01-01`,
      "400 NoRegisteredProviderFound: No registered resource provider found for location 'null' and API version '2019-01-01' for type 'shelves'. The supported api-versions are '2024-01-01, 2023-01-01'.",
    ],
    "an unknown api-version of a resource group": [
      "GET",
      () => `${attic.group}?api-version=2019-01-01`,
      "400 InvalidApiVersionParameter: The api-version '2019-01-01' is invalid. The supported versions are '2024-01-01,2023-01-01'.",
    ],
    "an unknown type": [
      "GET",
      () => `${attic.group}/providers/Contoso.Store/chairs/x`,
      "404 InvalidResourceType: The resource type 'chairs' could not be found in the namespace 'Contoso.Store' for api version '2024-01-01'. The supported api-versions are ''.",
    ],
    "an unknown namespace": [
      "GET",
      () => `${attic.group}/providers/Fabrikam.Store/chairs/x`,
      "404 InvalidResourceNamespace: The resource namespace 'Fabrikam.Store' is invalid.",
    ],
    "another subscription": [
      "GET",
      () => "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg",
      "404 SubscriptionNotFound: The subscription '11111111-2222-3333-4444-555555555555' could not be found.",
    ],
    "a subscription that is not a GUID": [
      "GET",
      () => "/subscriptions/mine/resourceGroups/rg",
      "400 InvalidSubscriptionId: The provided subscription identifier 'mine' is malformed or invalid.",
    ],
    "an id without its subscription": [
      "GET",
      () => "/subscriptions//resourceGroups/rg",
      "400 InvalidSubscriptionId: The provided subscription identifier 'resourceGroups' is malformed or invalid.",
    ],
    "a path that is not one of Azure's": [
      "GET",
      () => "/resourceGroups/rg",
      "404 MissingSubscription: The request did not have a subscription or a valid tenant level resource provider.",
    ],
    "a missing resource group": [
      "GET",
      () => `${attic.subscription}/resourceGroups/none`,
      "404 ResourceGroupNotFound: Resource group 'none' could not be found.",
    ],
    "a write into a missing resource group": [
      "PUT",
      () => `${attic.subscription}/resourceGroups/none/providers/Contoso.Store/shelves/x`,
      "404 ResourceGroupNotFound: Resource group 'none' could not be found.",
    ],
    "a child without its parent": [
      "PUT",
      () => `${attic.shelves}/none/boxes/b`,
      /^404 ParentResourceNotFound: Failed to perform 'write' on resource\(s\) of type 'shelves\/boxes', because the parent resource '.*\/shelves\/none' could not be found\.$/,
      {},
    ],
    "an extension of nothing": [
      "PUT",
      () => `${attic.shelves}/none/providers/Contoso.Store/labels/l`,
      /^404 ResourceNotFound: The Resource 'Contoso.Store\/shelves\/none' under resource group 'Attic' was not found\./,
      {},
    ],
    "a name that is not allowed": [
      "PUT",
      () => `${attic.shelves}/a b`,
      "400 InvalidResourceName: Resource name a b is invalid.",
    ],
    "no location": [
      "PUT",
      () => `${attic.shelves}/x`,
      "400 LocationRequired: The location property is required for this definition.",
      {},
    ],
    "a region that does not exist": [
      "PUT",
      () => `${attic.shelves}/x`,
      /^400 LocationNotAvailableForResourceType: The provided location 'atlantis' is not available for resource type 'Contoso.Store\/shelves'\. List of available regions for the resource type is 'eastus,/,
      { location: "atlantis" },
    ],
    "a move to another region": [
      "PUT",
      () => `${attic.shelves}/settled`,
      "409 InvalidResourceLocation: The resource 'settled' already exists in location 'westeurope' in resource group 'Attic'. A resource with the same name cannot be created in location 'northeurope'. Please select a new resource name.",
      { location: "northeurope" },
    ],
    "a group's move to another region": [
      "PUT",
      () => attic.group,
      "409 InvalidResourceGroupLocation: Invalid resource group location 'northeurope'. The Resource group already exists in location 'westeurope'.",
      { location: "northeurope" },
    ],
  };
  for (const [name, [method, path, refusal, body]] of Object.entries(refusals)) {
    it(`refuses ${name}`, async () => {
      const sent = method === "GET" ? undefined : (body ?? { location: "westeurope" });
      const refused = refusalOf(await attic.send(method, path(), sent));
      if (typeof refusal === "string") assert.equal(refused, refusal);
      else assert.match(refused, refusal);
    });
  }
});
