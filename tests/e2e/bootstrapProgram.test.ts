import assert from "node:assert/strict";
import { cpSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { ContainerClient, type StoragePipelineOptions } from "@azure/storage-blob";
import type { JsonObject } from "../../sandbox/arm/json.ts";
import { createArmClient } from "../../sandbox/bridge/armClient.ts";
import { forSuite } from "../held.ts";
import { TestSandbox } from "./harness.ts";
import { startNodeLanguageHost } from "./nodeLanguageHost.ts";
import { PulumiProject } from "./pulumiProject.ts";

const root = join(import.meta.dirname, "../..");

describe("the bootstrap program", () => {
  const sandbox = forSuite(() => TestSandbox.start());
  const host = forSuite(() => startNodeLanguageHost({ ...process.env, ...sandbox.environment() }));
  let project: PulumiProject;
  let group: string;
  before(async () => {
    const folder = join(sandbox.folder, "bootstrap");
    cpSync(join(root, "bootstrap"), folder, { recursive: true });
    symlinkSync(join(root, "node_modules"), join(sandbox.folder, "node_modules"));
    project = await PulumiProject.open(
      folder,
      sandbox,
      { languages: { nodejs: host.port } },
      {
        location: "westeurope",
        repository: "contoso/access",
        defenderPlan: "manage",
        operatorsGroupId: "5b0a7c52-58c6-4f4c-9a30-2d6a1c0f9b11",
        analystsGroupId: "5b0a7c52-58c6-4f4c-9a30-2d6a1c0f9b12",
      },
    );
    group = `/subscriptions/${sandbox.description.subscriptionId}/resourceGroups/bastion-trail-ci`;
  });

  const get = async (id: string, version: string): Promise<JsonObject> => {
    const { status, body } = await sandbox.arm("GET", `${id}?api-version=${version}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };

  it("prepares a subscription in which a provider is not registered", async () => {
    const security = `/subscriptions/${sandbox.description.subscriptionId}/providers/Microsoft.Security`;
    await sandbox.arm("POST", `${security}/unregister?api-version=2021-04-01`);
    await project.up();
    assert.equal((await get(security, "2021-04-01")).registrationState, "Registered");
    const outputs = await project.outputs();
    assert.equal(outputs.resourceGroupName, "bastion-trail-ci");
    assert.match(
      outputs.backendUrl as string,
      /^azblob:\/\/state\?storage_account=bastiontrailci[a-z0-9]{7}&domain=127\.0\.0\.1%3A\d+&localemu=true$/,
    );
    assert.match(
      outputs.secretsProvider as string,
      /^azurekeyvault:\/\/bastion-trail-ci-[a-z0-9]{7}\.[^/]+\/keys\/pulumi$/,
    );
    assert.deepEqual(outputs.environmentVariables, { AZURE_DEPLOYER_CLIENT_ID: outputs.deployerClientId });
  });

  it("changes nothing when it runs again", async () => {
    assert.deepEqual(Object.keys(await project.preview()), ["same"]);
  });

  it("lets the job of a pull request read the state and write nothing, and the environment's job write it", async () => {
    const outputs = (await project.outputs()) as Record<"backendUrl" | "readerClientId" | "deployerClientId", string>;
    const [, account = ""] = /storage_account=(\w+)/.exec(outputs.backendUrl) ?? [];
    const reader = await container(account, outputs.readerClientId, "repo:contoso/access:pull_request");
    const deployer = await container(account, outputs.deployerClientId, "repo:contoso/access:environment:production");
    const name = ".pulumi/stacks/trail/dev.json";
    await deployer.getBlockBlobClient(name).upload("{}", 2);
    assert.equal((await reader.getBlobClient(name).downloadToBuffer()).toString(), "{}");
    const denied = { statusCode: 403, code: "AuthorizationPermissionMismatch" };
    await assert.rejects(reader.getBlockBlobClient(name).upload("[]", 2), denied);
    await assert.rejects(reader.getBlobClient(name).delete(), denied);
    await assert.rejects(reader.delete(), denied);
    await deployer.getBlobClient(name).delete();
    await assert.rejects(
      container(account, outputs.deployerClientId, "repo:contoso/access:ref:refs/heads/main"),
      /AADSTS700213/,
    );
  });

  /** The container of the state, to the job of a pipeline. */
  async function container(account: string, clientId: string, subject: string): Promise<ContainerClient> {
    const { armEndpoint: endpoint, caFile, blobPort } = sandbox.description;
    const ca = readFileSync(caFile, "utf8");
    const job = { issuer: "https://token.actions.githubusercontent.com", subject };
    const credential = { clientId, assertion: () => sandbox.federatedToken(job) };
    const client = createArmClient({ endpoint, ca, identity: sandbox.description, credential });
    const token = await client.token("https://storage.azure.com");
    client.close();
    const given = { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
    const options: StoragePipelineOptions & { tlsOptions: { ca: string } } = {
      retryOptions: { maxTries: 1 },
      tlsOptions: { ca },
    };
    return new ContainerClient(`https://127.0.0.1:${blobPort}/${account}/state`, given, options);
  }

  it("recovers the vault with its key after it was destroyed", async () => {
    const { secretsProvider } = await project.outputs();
    const [, vault = ""] = /^azurekeyvault:\/\/([^.]+)\./.exec(secretsProvider as string) ?? [];
    const keyId = `${group}/providers/Microsoft.KeyVault/vaults/${vault}/keys/pulumi`;
    const key = await get(keyId, "2024-11-01");
    await project.succeed("destroy", "--yes");
    assert.deepEqual(await sandbox.resourceIds(), []);
    await project.up();
    assert.deepEqual(await get(keyId, "2024-11-01"), key);
    assert.equal((await project.outputs()).secretsProvider, secretsProvider);
    assert.deepEqual(Object.keys(await project.preview()), ["same"]);
  });

  it("recovers a vault that somebody deleted beside it", async () => {
    const { secretsProvider } = await project.outputs();
    const [, vault = ""] = /^azurekeyvault:\/\/([^.]+)\./.exec(secretsProvider as string) ?? [];
    const vaultId = `${group}/providers/Microsoft.KeyVault/vaults/${vault}`;
    await sandbox.arm("DELETE", `${vaultId}?api-version=2024-11-01`);
    assert.equal((await project.preview()).update, 1);
    await project.up();
    const { properties } = await get(vaultId, "2024-11-01");
    assert.equal((properties as JsonObject).enablePurgeProtection, true);
    assert.deepEqual(Object.keys(await project.preview()), ["same"]);
  });
});
