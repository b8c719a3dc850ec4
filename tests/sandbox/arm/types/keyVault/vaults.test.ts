import assert from "node:assert/strict";
import { objectAt, textAt } from "../../../../../sandbox/arm/bodies.ts";
import { vaultDomain } from "../../../../../sandbox/arm/metadata.ts";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { nicBody, putNetwork, startCloud } from "../cloud.ts";
import { vmBodies, nic, vm } from "../compute/vmBodies.ts";
import { forEachTest } from "../../../../held.ts";

const vault = "Microsoft.KeyVault/vaults/trail-passwords";
const secret = `${vault}/secrets/web-settings`;

describe("Microsoft.KeyVault", () => {
  const cloud = forEachTest(startCloud);
  let tenantId: string;
  beforeEach(async () => {
    const { body } = await cloud.plane.send("GET", `${cloud.plane.subscription}?api-version=2022-12-01`);
    tenantId = textAt(body, "tenantId") ?? "";
  });

  const vaultBody = (more: JsonObject = {}, location = "westeurope"): JsonObject => ({
    location,
    properties: { tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true, ...more },
  });

  it("shows a vault with its defaults and its address", async () => {
    const { properties } = await cloud.put(vault, vaultBody());
    assert.deepEqual(properties, {
      tenantId,
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

  describe("keys", () => {
    const key = `${vault}/keys/pulumi`;

    it("are made where there are none, and stay as they are", async () => {
      await cloud.put(vault, vaultBody());
      const made = await cloud.put(key, { properties: { kty: "RSA", keySize: 3072, keyOps: ["encrypt", "decrypt"] } });
      const { keyUriWithVersion, attributes, ...properties } = objectAt(made, "properties");
      assert.deepEqual(properties, {
        kty: "RSA",
        keySize: 3072,
        keyOps: ["encrypt", "decrypt"],
        keyUri: "https://trail-passwords.vault.localhost:8443/keys/pulumi",
      });
      assert.match(keyUriWithVersion as string, /\/keys\/pulumi\/[0-9a-f]{32}$/);
      assert.equal(textAt(attributes as JsonObject, "recoveryLevel"), "Recoverable");
      assert.deepEqual(await cloud.put(key, { properties: { kty: "RSA", keySize: 2048 } }), made);
      assert.equal((await cloud.send("DELETE", key)).status, 405);
    });

    it("are of a kind, a size and operations that there are", async () => {
      await cloud.put(vault, vaultBody());
      const wrong: JsonObject[] = [{ kty: "EC" }, { kty: "RSA", keySize: 1024 }, { kty: "RSA", keyOps: ["sing"] }];
      for (const properties of wrong) {
        const { status } = await cloud.refused("PUT", key, { properties });
        assert.equal(status, 400, JSON.stringify(properties));
      }
      assert.equal(
        (await cloud.refused("PUT", `${vault}/keys/a_b`, { properties: { kty: "RSA" } })).code,
        "BadParameter",
      );
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

  it("keeps a secret's value where only its attributes change, and refuses a secret without a value", async () => {
    await cloud.put(vault, vaultBody());
    assert.equal((await cloud.refused("PUT", secret, { properties: {} })).code, "BadRequest");
    const before = await cloud.put(secret, { properties: { value: "one" } });
    const after = await cloud.patch(secret, { properties: { attributes: { enabled: false } } });
    assert.equal(
      objectAt(after, "properties").secretUriWithVersion,
      objectAt(before, "properties").secretUriWithVersion,
    );
  });

  it("makes a version of a secret with every PUT, and shows no value", async () => {
    await cloud.put(vault, vaultBody());
    const first = await cloud.put(secret, { properties: { value: "one", contentType: "text/plain" } });
    const { value, contentType, secretUri, secretUriWithVersion } = objectAt(first, "properties");
    assert.deepEqual(
      [value, contentType, secretUri],
      [undefined, "text/plain", "https://trail-passwords.vault.localhost:8443/secrets/web-settings"],
    );
    assert.match(textAt(first, "properties.secretUriWithVersion") ?? "", /\/secrets\/web-settings\/[0-9a-f]{32}$/);
    const second = await cloud.put(secret, { properties: { value: "two" } });
    assert.notEqual(objectAt(second, "properties").secretUriWithVersion, secretUriWithVersion);
    assert.equal((await cloud.send("DELETE", secret)).status, 405);
  });

  describe("gives an extension its protected settings", () => {
    const access = `${vm}/extensions/VMAccessForLinux`;
    const extension = (secretUrl: string, more: JsonObject = {}): JsonObject => ({
      location: "westeurope",
      properties: {
        publisher: "Microsoft.OSTCExtensions",
        type: "VMAccessForLinux",
        typeHandlerVersion: "1.5",
        protectedSettingsFromKeyVault: { secretUrl, sourceVault: { id: cloud.id(vault) } },
        ...more,
      },
    });
    const put = async (value: string): Promise<string> =>
      textAt(await cloud.put(secret, { properties: { value } }), "properties.secretUriWithVersion") ?? "";

    beforeEach(async () => {
      await putNetwork(cloud);
      await cloud.put(nic, nicBody(cloud));
      await cloud.put(vm, vmBodies(cloud).vm());
    });

    it("of the version that it names, if the vault lets VMs in", async () => {
      await cloud.put(vault, vaultBody({ enabledForDeployment: true }));
      const url = await put('{"username":"azureuser","password":"one"}');
      await put('{"username":"azureuser","password":"two"}');
      await cloud.put(access, extension(url));
      assert.deepEqual(cloud.plane.store.get(cloud.id(access))?.secrets, {
        properties: { protectedSettings: { username: "azureuser", password: "one" } },
      });
    });

    it("and refuses a vault that is not enabled for deployment, another vault, a missing secret and what is not JSON", async () => {
      await cloud.put(vault, vaultBody());
      const url = await put("{}");
      assert.equal(
        await cloud.refusal("PUT", access, extension(url)),
        `403 KeyVaultAccessForbidden: Key Vault ${url} either has not been enabled for deployment or the vault id provided, ${cloud.id(vault)}, does not match the Key Vault's true resource id.`,
      );
      await cloud.put(vault, vaultBody({ enabledForDeployment: true }));
      assert.equal(
        (await cloud.refused("PUT", access, extension("https://other.vault.example/secrets/a/b"))).code,
        "KeyVaultAccessForbidden",
      );
      assert.deepEqual(
        [(await cloud.refused("PUT", access, extension(`${url}0`))).code],
        ["KeyVaultSecretDoesNotExist"],
      );
      assert.equal(
        (await cloud.refused("PUT", access, extension(await put("no JSON")))).code,
        "InvalidProtectedSettings",
      );
      assert.equal(
        (await cloud.refused("PUT", access, extension(url, { protectedSettings: {} }))).code,
        "InvalidParameter",
      );
    });

    it("and refuses a secret that is disabled or expired", async () => {
      await cloud.put(vault, vaultBody({ enabledForDeployment: true }));
      const url = await put("{}");
      const message = `The Key Vault secret ${url} is disabled, expired or not yet valid.`;
      for (const attributes of [
        { enabled: false },
        { enabled: true, exp: 1 },
        { nbf: 4_000_000_000, exp: 4_000_000_001 },
      ] as JsonObject[]) {
        await cloud.patch(secret, { properties: { attributes } });
        assert.equal(await cloud.refusal("PUT", access, extension(url)), `403 KeyVaultAccessForbidden: ${message}`);
      }
    });

    it("and refuses a vault whose firewall lets nobody in", async () => {
      const networkAcls = { defaultAction: "Deny", bypass: "None" };
      await cloud.put(vault, vaultBody({ enabledForDeployment: true, networkAcls }));
      assert.equal((await cloud.refused("PUT", access, extension(await put("{}")))).code, "KeyVaultAccessForbidden");
    });

    it("and refuses a vault in another region", async () => {
      await cloud.put(vault, vaultBody({ enabledForDeployment: true }, "northeurope"));
      const { status, code } = await cloud.refused("PUT", access, extension(await put("{}")));
      assert.deepEqual([status, code], [400, "KeyVaultAndVMInDifferentRegions"]);
    });
  });
});
