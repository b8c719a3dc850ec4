import assert from "node:assert/strict";
import { urnParts } from "../../cli/urn.ts";

describe("a URN", () => {
  it("says the type, the parent's type and the name, which may have colons", () => {
    assert.deepEqual(
      urnParts("urn:pulumi:dev::trail::bastion-trail:index:A$pkg:index:B$azure-native:network:Subnet::a::b"),
      {
        type: "azure-native:network:Subnet",
        parentType: "pkg:index:B",
        name: "a::b",
      },
    );
  });

  it("has no parent's type where the resource belongs to the stack", () => {
    assert.deepEqual(urnParts("urn:pulumi:dev::trail::pulumi:pulumi:Stack::trail-dev"), {
      type: "pulumi:pulumi:Stack",
      parentType: undefined,
      name: "trail-dev",
    });
  });
});
