import assert from "node:assert/strict";
import { textAt, type JsonObject } from "../../../../../sandbox/arm/json.ts";
import { vaultDomain } from "../../../../../sandbox/arm/metadata.ts";
import { startCloud } from "../cloud.ts";
import { forEachTest } from "../../../../held.ts";
import { vault, secret, vaultBodies } from "./vaultFixture.ts";

describe("Microsoft.KeyVault/vaults", () => {
  const cloud = forEachTest(startCloud);
  const vaultBody = vaultBodies(cloud);

  it("shows a vault with its defaults and its address", async () => {
    const { properties } = await cloud.put(vault, vaultBody());
    assert.deepEqual(properties, {
      tenantId: cloud.plane.identity.tenantId,
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
      enabledForDeployment: false,
      enabledForDiskEncryption: false,
      enabledForTemplateDeployment: false,
      accessPolicies: [],
      publicNetworkAccess: "Enabled",
      softDeleteRetentionInDays: 90,
      enableSoftDelete: true,
      vaultUri: "https://trail-passwords.vault.localhost:8443/",
      provisioningState: "Succeeded",
    });
  });

  it("refuses a vault without access policies, of another tenant or with an impossible name", async () => {
    assert.equal(
      await cloud.refusal("PUT", vault, vaultBody({ enableRbacAuthorization: false })),
      "400 BadRequest: The parameter accessPolicies is not specified.",
    );
    assert.equal((await cloud.refused("PUT", vault, vaultBody({ tenantId: "other" }))).code, "BadRequest");
    for (const name of ["ab", "1trail", "trail-", "tr--ail", "x".repeat(25)]) {
      const { status, code } = await cloud.refused("PUT", `Microsoft.KeyVault/vaults/${name}`, vaultBody());
      assert.deepEqual([status, code], [400, "VaultNameNotValid"], name);
    }
  });

  it("keeps the name of a deleted vault until it is purged", async () => {
    await cloud.put(vault, vaultBody());
    await cloud.delete(vault);
    assert.equal((await cloud.refused("PUT", vault, vaultBody())).code, "ConflictError");
    const deleted = `${cloud.plane.subscription}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/trail-passwords`;
    assert.equal(textAt((await cloud.get(deleted)).properties as JsonObject, "vaultId"), cloud.id(vault));
    assert.equal((await cloud.send("POST", `${deleted}/purge`)).status, 202);
    await cloud.put(vault, vaultBody());
  });

  describe("recovers a deleted vault", () => {
    const recovery = (more: JsonObject = {}) => vaultBody({ createMode: "recover", ...more });
    const missing =
      "400 SoftDeletedVaultDoesNotExist: A soft deleted vault with the given name does not exist. Ensure that the name for the vault that is being attempted to recover is in a recoverable state. For more information on soft delete please follow this link https://go.microsoft.com/fwlink/?linkid=2149745";

    it("as it was, with its keys and secrets, whatever else it is asked for", async () => {
      const before = await cloud.put(vault, vaultBody({ enablePurgeProtection: true, softDeleteRetentionInDays: 7 }));
      const key = await cloud.put(`${vault}/keys/pulumi`, { properties: { kty: "RSA" } });
      const kept = await cloud.put(secret, { properties: { value: "one" } });
      await cloud.delete(vault);
      assert.equal((await cloud.send("GET", `${vault}/keys/pulumi`)).status, 404);
      assert.deepEqual(await cloud.put(vault, recovery({ publicNetworkAccess: "Disabled" })), before);
      assert.deepEqual(await cloud.get(`${vault}/keys/pulumi`), key);
      assert.deepEqual(await cloud.get(secret), kept);
      await cloud.delete(vault);
      assert.equal((await cloud.refused("PUT", vault, vaultBody())).code, "ConflictError");
    });

    it("only where one was deleted in this resource group, and is not there again", async () => {
      assert.equal(await cloud.refusal("PUT", vault, recovery()), missing);
      await cloud.put(vault, vaultBody());
      assert.equal(await cloud.refusal("PUT", vault, recovery()), missing);
      await cloud.delete(vault);
      const elsewhere = `${cloud.plane.subscription}/resourceGroups/other`;
      await cloud.put(elsewhere, { location: "westeurope" });
      assert.equal(await cloud.refusal("PUT", `${elsewhere}/providers/${vault}`, recovery()), missing);
    });
  });

  it("refuses what is set once and for all", async () => {
    const irreversible =
      '400 BadRequest: The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.';
    const withFalse = vaultBody({ enablePurgeProtection: false });
    assert.equal(await cloud.refusal("PUT", vault, withFalse), irreversible);
    await cloud.put(vault, vaultBody({ enablePurgeProtection: true, softDeleteRetentionInDays: 7 }));
    assert.equal(await cloud.refusal("PUT", vault, withFalse), irreversible);
    assert.equal(
      await cloud.refusal("PUT", vault, vaultBody({ softDeleteRetentionInDays: 8 })),
      `400 BadRequest: The property "softDeleteRetentionInDays" has been set already and it can't be modified.`,
    );
    assert.equal((await cloud.refused("PUT", vault, vaultBody({ enableSoftDelete: false }))).code, "BadRequest");
    const { properties } = await cloud.put(vault, vaultBody());
    const { enablePurgeProtection, softDeleteRetentionInDays } = properties as JsonObject;
    assert.deepEqual([enablePurgeProtection, softDeleteRetentionInDays], [true, 7]);
  });

  it("does not purge a deleted vault that is protected", async () => {
    await cloud.put(vault, vaultBody({ enablePurgeProtection: true }));
    await cloud.delete(vault);
    const deleted = `${cloud.plane.subscription}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/trail-passwords`;
    assert.equal(
      await cloud.refusal("POST", `${deleted}/purge`),
      "405 MethodNotAllowed: Operation 'DeletedVaultPurge' is not allowed.",
    );
  });

  it("gives every vault an address that is a URL", () => {
    const endpoint = "https://127.0.0.1:8443";
    assert.equal(new URL(`https://trail-passwords.${vaultDomain(endpoint)}/`).port, "8443");
  });
});
