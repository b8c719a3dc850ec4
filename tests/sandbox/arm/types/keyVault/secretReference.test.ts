import assert from "node:assert/strict";
import { textAt, type JsonObject } from "../../../../../sandbox/arm/json.ts";
import { nicBody, putNetwork, startCloud } from "../cloud.ts";
import { vmBodies, nic, vm } from "../compute/vmBodies.ts";
import { forEachTest } from "../../../../held.ts";
import { vault, secret, vaultBodies } from "./vaultFixture.ts";

describe("the protected settings of an extension, from a secret", () => {
  const cloud = forEachTest(startCloud);
  const vaultBody = vaultBodies(cloud);

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

  it("are those of the version that it names, if the vault is enabled for deployment", async () => {
    await cloud.put(vault, vaultBody({ enabledForDeployment: true }));
    const url = await put('{"username":"azureuser","password":"one"}');
    await put('{"username":"azureuser","password":"two"}');
    await cloud.put(access, extension(url));
    assert.deepEqual(cloud.plane.store.get(cloud.id(access))?.secrets, {
      properties: { protectedSettings: { username: "azureuser", password: "one" } },
    });
  });

  it("are refused from a vault that is not enabled for deployment, another vault, a missing secret, and text that is not JSON", async () => {
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
    assert.deepEqual([(await cloud.refused("PUT", access, extension(`${url}0`))).code], ["KeyVaultSecretDoesNotExist"]);
    assert.equal(
      (await cloud.refused("PUT", access, extension(await put("no JSON")))).code,
      "InvalidProtectedSettings",
    );
    assert.equal(
      (await cloud.refused("PUT", access, extension(url, { protectedSettings: {} }))).code,
      "InvalidParameter",
    );
  });

  it("are refused from a secret that is disabled or expired", async () => {
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

  it("are refused from a vault whose firewall lets nobody in", async () => {
    const networkAcls = { defaultAction: "Deny", bypass: "None" };
    await cloud.put(vault, vaultBody({ enabledForDeployment: true, networkAcls }));
    assert.equal((await cloud.refused("PUT", access, extension(await put("{}")))).code, "KeyVaultAccessForbidden");
  });

  it("are refused from a vault in another region", async () => {
    await cloud.put(vault, vaultBody({ enabledForDeployment: true }, "northeurope"));
    const { status, code } = await cloud.refused("PUT", access, extension(await put("{}")));
    assert.deepEqual([status, code], [400, "KeyVaultAndVMInDifferentRegions"]);
  });
});
