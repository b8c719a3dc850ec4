import assert from "node:assert/strict";
import { objectAt, textAt } from "../../../../sandbox/arm/bodies.ts";
import type { JsonObject } from "../../../../sandbox/arm/model.ts";
import { keyVaultProvider } from "../../../../sandbox/arm/types/keyVault.ts";
import { nicBody, putNetwork, startCloud, type Cloud } from "./cloud.ts";
import { machineBodies, nic, vm } from "./compute/machines.ts";

const vault = "Microsoft.KeyVault/vaults/trail-passwords";
const secret = `${vault}/secrets/web-settings`;

describe("Microsoft.KeyVault", () => {
  let cloud: Cloud;
  let tenantId: string;
  beforeEach(async () => {
    cloud = await startCloud({ more: [keyVaultProvider("vault.example")] });
    const { body } = await cloud.plane.send("GET", `${cloud.plane.subscription}?api-version=2022-12-01`);
    tenantId = textAt(body, "tenantId") ?? "";
  });
  afterEach(() => cloud.remove());

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
      vaultUri: "https://trail-passwords.vault.example/",
      provisioningState: "Succeeded",
    });
  });

  it("refuses a vault without access policies, of another tenant or with an impossible name", async () => {
    assert.deepEqual(await cloud.refused("PUT", vault, vaultBody({ enableRbacAuthorization: false })), {
      status: 400,
      code: "BadRequest",
      message: "The parameter accessPolicies is not specified.",
    });
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

  it("makes a version of a secret with every PUT, and shows no value", async () => {
    await cloud.put(vault, vaultBody());
    const first = await cloud.put(secret, { properties: { value: "one", contentType: "text/plain" } });
    const { value, contentType, secretUri, secretUriWithVersion } = objectAt(first, "properties");
    assert.deepEqual(
      [value, contentType, secretUri],
      [undefined, "text/plain", "https://trail-passwords.vault.example/secrets/web-settings"],
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
      await cloud.put(vm, machineBodies(cloud).machine());
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
      assert.deepEqual(await cloud.refused("PUT", access, extension(url)), {
        status: 403,
        code: "KeyVaultAccessForbidden",
        message: `Key Vault ${url} either has not been enabled for deployment or the vault id provided, ${cloud.id(vault)}, does not match the Key Vault's true resource id.`,
      });
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

    it("and refuses a vault in another region", async () => {
      await cloud.put(vault, vaultBody({ enabledForDeployment: true }, "northeurope"));
      const { status, code } = await cloud.refused("PUT", access, extension(await put("{}")));
      assert.deepEqual([status, code], [400, "KeyVaultAndVMInDifferentRegions"]);
    });
  });
});
