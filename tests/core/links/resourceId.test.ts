import assert from "node:assert/strict";
import { resourceGroupOf, subscriptionOf } from "../../../core/links/resourceId.ts";

describe("the subscription in an ARM id", () => {
  const ids: Readonly<Record<string, string | undefined>> = {
    "/subscriptions/S1": "S1",
    "/SUBSCRIPTIONS/S1/RESOURCEGROUPS/RG": "S1",
    "/providers/Microsoft.Management/managementGroups/root": undefined,
    "subscriptions/S1": undefined,
    "": undefined,
  };

  for (const [id, expected] of Object.entries(ids)) {
    it(`is ${expected} in '${id}'`, () => {
      assert.equal(subscriptionOf(id), expected);
    });
  }
});

describe("the resource group in an ARM id", () => {
  const ids: Readonly<Record<string, string | undefined>> = {
    "/subscriptions/S1/resourceGroups/G/providers/Microsoft.Network/bastionHosts/b":
      "/subscriptions/S1/resourceGroups/G",
    "/SUBSCRIPTIONS/S1/RESOURCEGROUPS/RG": "/SUBSCRIPTIONS/S1/RESOURCEGROUPS/RG",
    "/subscriptions/S1/providers/Microsoft.Security/pricings/VirtualMachines": undefined,
    "": undefined,
  };

  for (const [id, expected] of Object.entries(ids)) {
    it(`is ${expected} in '${id}'`, () => {
      assert.equal(resourceGroupOf(id), expected);
    });
  }
});
