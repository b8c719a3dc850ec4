import assert from "node:assert/strict";
import { pendingId } from "../../../../cli/commands/bootstrap/pendingIds.ts";

describe("the id of a resource whose creation was interrupted", () => {
  const id = (type: string, inputs: Record<string, unknown>) =>
    pendingId({ urn: "urn", type: `azure-native:${type}`, inputs }, "SUB")?.id;
  const group = { resourceGroupName: "ci" };

  it("is made of its inputs", () => {
    assert.equal(id("resources:ResourceGroup", group), "/subscriptions/SUB/resourceGroups/ci");
    assert.equal(
      id("storage:BlobContainer", { ...group, accountName: "ci1", containerName: "state" }),
      "/subscriptions/SUB/resourceGroups/ci/providers/Microsoft.Storage/storageAccounts/ci1/blobServices/default/containers/state",
    );
    assert.equal(
      id("managedidentity:FederatedIdentityCredential", {
        ...group,
        resourceName: "reader",
        federatedIdentityCredentialResourceName: "github",
      }),
      "/subscriptions/SUB/resourceGroups/ci/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader/" +
        "federatedIdentityCredentials/github",
    );
  });

  it("begins with its scope, which may lack the first slash", () => {
    const expected = "/subscriptions/SUB/providers/Microsoft.Authorization/roleAssignments/g1";
    for (const scope of ["subscriptions/SUB", "/subscriptions/SUB"]) {
      assert.equal(id("authorization:RoleAssignment", { scope, roleAssignmentName: "g1" }), expected);
    }
  });

  it("is not looked for where creating it twice does no harm", () => {
    assert.equal(id("storage:BlobServiceProperties", group), undefined);
    assert.equal(pendingId({ urn: "urn", type: "pulumi-nodejs:dynamic:Resource", inputs: {} }, "SUB"), undefined);
  });
});
