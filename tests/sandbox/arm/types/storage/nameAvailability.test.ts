import assert from "node:assert/strict";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { startAuditPlane } from "../../../auditPlane.ts";
import { forSuite } from "../../../../held.ts";

describe("the name of a storage account", () => {
  const plane = forSuite(startAuditPlane);

  const ask = async (body: JsonObject): Promise<[number, JsonObject]> => {
    const provider = `${plane.group.slice(0, plane.group.indexOf("/resourceGroups"))}/providers/Microsoft.Storage`;
    const answer = await plane.send("POST", `${provider}/checkNameAvailability`, "2024-01-01", body);
    return [answer.status, answer.body];
  };
  const type = "Microsoft.Storage/storageAccounts";

  it("is free until an account has it", async () => {
    assert.deepEqual(await ask({ name: "stfree", type }), [200, { nameAvailable: true }]);
    const account = { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" } };
    await plane.send("PUT", `${plane.group}/providers/${type}/stfree`, "2024-01-01", account);
    const message = "The storage account named stfree is already taken.";
    assert.deepEqual(await ask({ name: "stfree", type }), [
      200,
      { nameAvailable: false, reason: "AlreadyExists", message },
    ]);
  });

  it("must be one", async () => {
    const message =
      "St-1 is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.";
    assert.deepEqual(await ask({ name: "St-1", type }), [
      200,
      { nameAvailable: false, reason: "AccountNameInvalid", message },
    ]);
    const [status] = await ask({ name: "stfree" });
    assert.equal(status, 400);
  });
});
