import assert from "node:assert/strict";
import { startCloud } from "../cloud.ts";
import { forEachTest } from "../../../../held.ts";

describe("Microsoft.Resources/resourceGroups", () => {
  const cloud = forEachTest(startCloud);

  it("takes a region by either of its names, and shows one", async () => {
    const other = `${cloud.group}2`;
    const { location, properties } = await cloud.put(other, { location: "North Europe" });
    assert.deepEqual(
      { location, properties },
      { location: "northeurope", properties: { provisioningState: "Succeeded" } },
    );
  });

  it("refuses characters that no group's name has", async () => {
    assert.equal(
      await cloud.refusal("PUT", `${cloud.group}$!`, { location: "westeurope" }),
      "400 InvalidResourceGroup: The provided resource group name 'rg$!' has these invalid characters: '$!'. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.",
    );
  });
});
