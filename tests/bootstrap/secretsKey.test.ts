import assert from "node:assert/strict";
import { ensureKey, ensureVault } from "../../bootstrap/secretsKey.ts";
import { recordedArm } from "./recordedArm.ts";

const subscription = "/subscriptions/11111111-2222-3333-4444-555555555555";
const vaultId = `${subscription}/resourceGroups/ci/providers/Microsoft.KeyVault/vaults/ci-abc`;
const deletedId = `${subscription}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/ci-abc`;
const version = "?api-version=2024-11-01";
const tenantId = "99999999-8888-7777-6666-555555555555";
const ready = { properties: { provisioningState: "Succeeded", vaultUri: "https://ci-abc.vault.azure.net/" } };
const settings = {
  tenantId,
  sku: { family: "A", name: "standard" },
  enableRbacAuthorization: true,
  enableSoftDelete: true,
  softDeleteRetentionInDays: 90,
  enablePurgeProtection: true,
  publicNetworkAccess: "Enabled",
};

describe("the vault of the secrets key", () => {
  const put = (properties: object) => ["PUT", `${vaultId}${version}`, { location: "westeurope", properties }];
  const look = ["GET", `${vaultId}${version}`];

  it("is created, and waited for until it has its address", async () => {
    const making = { properties: { ...ready.properties, provisioningState: "RegisteringDns" } };
    const { arm, sent } = recordedArm({ [`GET ${vaultId}`]: [undefined, making, ready], [`PUT ${vaultId}`]: making });
    await ensureVault({ vaultId, location: "westeurope", tenantId }, arm);
    assert.deepEqual(sent, [look, ["GET", `${deletedId}${version}`], put(settings), look, look]);
  });

  it("is recovered where it was deleted, and then given its settings, which a recovery ignores", async () => {
    const { arm, sent } = recordedArm({
      [`GET ${vaultId}`]: [undefined, ready],
      [`GET ${deletedId}`]: { properties: { deletionDate: "2026-11-01T10:00:00Z" } },
      [`PUT ${vaultId}`]: ready,
    });
    await ensureVault({ vaultId, location: "westeurope", tenantId }, arm);
    assert.deepEqual(sent, [
      look,
      ["GET", `${deletedId}${version}`],
      put({ ...settings, createMode: "recover" }),
      look,
      put(settings),
      look,
    ]);
  });

  it("keeps one that is there", async () => {
    const { arm, sent } = recordedArm({ [`GET ${vaultId}`]: ready, [`PUT ${vaultId}`]: ready });
    await ensureVault({ vaultId, location: "westeurope", tenantId }, arm);
    assert.deepEqual(sent, [look, put(settings), look]);
  });
});

describe("the secrets key", () => {
  it("is an RSA key that encrypts and decrypts, made where there is none", async () => {
    const keyId = `${vaultId}/keys/pulumi`;
    const { arm, sent } = recordedArm({ [`PUT ${keyId}`]: {} });
    await ensureKey({ keyId }, arm);
    assert.deepEqual(sent, [
      ["PUT", `${keyId}${version}`, { properties: { kty: "RSA", keySize: 3072, keyOps: ["encrypt", "decrypt"] } }],
    ]);
  });
});
