import assert from "node:assert/strict";
import { typeOf } from "../../policies/deployment.ts";

describe("a resource's type", () => {
  it("is the same for every API version and for azure-native's local packages", () => {
    for (const token of [
      "azure-native:network:BastionHost",
      "azure-native:network/v20240501:BastionHost",
      "azure-native_network_v20240701:network:BastionHost",
    ]) {
      assert.equal(typeOf(token), "network:BastionHost");
    }
  });

  it("of another provider is its token", () => {
    assert.equal(typeOf("random:index/randomString:RandomString"), "random:index/randomString:RandomString");
    assert.equal(typeOf("bastion-trail:index:BastionHost"), "bastion-trail:index:BastionHost");
  });
});
