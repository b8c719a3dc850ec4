import assert from "node:assert/strict";
import { AzureClients } from "./azureClients.ts";
import { forSuite } from "../held.ts";
import { smallConfig, TestSandbox, unchanged, type StackConfig } from "./harness.ts";

const group = "trail";
const container = "insights-logs-bastionauditlogs";

/** Why a container with a policy and records in it stays. */
const protectedContainer =
  'BlobContainer archive-container: Status=409 Code="ContainerProtectedFromDeletion" Message="The container insights-logs-bastionauditlogs is protected from deletion: it has an immutability policy and is not empty."';

/** One deployment after another; each test goes on where the one before ended. */
describe("an immutable archive", () => {
  let azure: AzureClients;
  let total: number;
  let account: string;

  const config = (immutability: string, immutabilityDays: number): StackConfig => ({
    ...smallConfig,
    activityLogExport: false,
    immutability,
    immutabilityDays,
  });
  /** Two components that record their inputs, the group and the archive, and the policy, or the lock of the policy. */
  const changed = () => ({ ...unchanged(total - 3), update: 3 });
  const policy = () => azure.storage.blobContainers.getImmutabilityPolicy(group, account, container);

  const sandbox = forSuite(() => TestSandbox.start());
  before(() => {
    azure = new AzureClients(sandbox);
  });

  it("has a policy that can be shortened while it is unlocked, where that is accepted", async () => {
    const { outputs, changes } = await sandbox.up(config("unlocked", 7));
    ({ account } = outputs.archive as { account: string });
    total = changes.create;
    const { state, immutabilityPeriodSinceCreationInDays, allowProtectedAppendWrites } = await policy();
    assert.deepEqual([state, immutabilityPeriodSinceCreationInDays, allowProtectedAppendWrites], ["Unlocked", 7, true]);
    assert.equal(
      await sandbox.fail("up", ...sandbox.config(config("unlocked", 5))),
      'error: EvidenceGroup "group": immutabilityDays is 5; it was 7: logs could be changed and deleted after 5 days instead of 7 days.\n' +
        "To accept the loss of this evidence, set allowEvidenceLoss to true for one deployment.",
    );
    const { changes: shortened } = await sandbox.up({ ...config("unlocked", 5), allowEvidenceLoss: true });
    assert.deepEqual(shortened, changed());
    assert.equal((await policy()).immutabilityPeriodSinceCreationInDays, 5);
  });

  it("is refused in the preview where a policy is left, until somebody deletes it", async () => {
    await sandbox.up({ ...smallConfig, activityLogExport: false, allowEvidenceLoss: true });
    assert.equal(
      await sandbox.fail("preview", ...sandbox.config(config("unlocked", 5))),
      `error: AuditArchive "archive": immutability is "unlocked"; the container ${container} of the account ${account} already has a ` +
        "policy of 5 days that the stack does not know, such as one left by an earlier deployment; delete it first (az storage container immutability-policy delete).",
    );
    const { etag } = await policy();
    await azure.storage.blobContainers.deleteImmutabilityPolicy(group, account, container, etag ?? "");
    await sandbox.up(config("unlocked", 5));
  });

  it("is not destroyed while it holds records, until somebody deletes the unlocked policy", async () => {
    await sandbox.request("web");
    assert.equal((await sandbox.connect("web")).outcome, "connected");
    assert.equal(
      await sandbox.fail("destroy", ...sandbox.config(config("unlocked", 5))),
      `error: ${protectedContainer}`,
    );
    const { etag } = await policy();
    await azure.storage.blobContainers.deleteImmutabilityPolicy(group, account, container, etag ?? "");
    await sandbox.destroy(config("unlocked", 5));
    assert.deepEqual(await sandbox.resourceIds(), []);
  });

  it("is locked by the deployment itself", async () => {
    const { outputs, changes } = await sandbox.up(config("locked", 7));
    ({ account } = outputs.archive as { account: string });
    total = changes.create;
    const { state, immutabilityPeriodSinceCreationInDays } = await policy();
    assert.deepEqual([state, immutabilityPeriodSinceCreationInDays], ["Locked", 7]);
    assert.deepEqual(await sandbox.preview(config("locked", 7)), unchanged(total));
  });

  for (const [what, immutability, days, message] of [
    [
      "unlocked",
      "unlocked",
      7,
      'immutability is "unlocked"; the policy is locked; a locked policy can never be unlocked or deleted.',
    ],
    [
      "shortened",
      "locked",
      6,
      "immutabilityDays is 6; the policy is locked at 7 days; a locked policy can only be lengthened.",
    ],
  ] as const) {
    it(`is never ${what} once it is locked`, async () => {
      assert.equal(
        await sandbox.fail("preview", ...sandbox.config(config(immutability, days))),
        `error: AuditArchive "archive": ${message}`,
      );
    });
  }

  it("is lengthened after it was locked", async () => {
    assert.deepEqual((await sandbox.up(config("locked", 14))).changes, changed());
    const { state, immutabilityPeriodSinceCreationInDays } = await policy();
    assert.deepEqual([state, immutabilityPeriodSinceCreationInDays], ["Locked", 14]);
  });

  it("takes records, of which nobody can delete any", async () => {
    await sandbox.request("web");
    const connected = await sandbox.connect("web");
    assert.ok(connected.outcome === "connected");
    const blob = connected.blobPath!.slice(`${account}/${container}/`.length);
    const { primaryEndpoints } = await azure.storage.storageAccounts.getProperties(group, account);
    const records = azure.blobs(primaryEndpoints!.blob!).getContainerClient(container);
    await assert.rejects(records.deleteBlob(blob), { statusCode: 409, code: "BlobImmutableDueToPolicy" });
  });

  it("is not destroyed while it holds records either", async () => {
    assert.equal(
      await sandbox.fail("destroy", ...sandbox.config(config("locked", 14))),
      `error: ${protectedContainer}`,
    );
    const ids = await sandbox.resourceIds();
    assert.ok(ids.some((id) => id.endsWith(`/storageAccounts/${account}`)));
  });

  it("is destroyed once the records have had their time and are deleted", async () => {
    await sandbox.succeed("clock", "+15d");
    azure = new AzureClients(sandbox);
    const { primaryEndpoints } = await azure.storage.storageAccounts.getProperties(group, account);
    const records = azure.blobs(primaryEndpoints!.blob!).getContainerClient(container);
    for await (const { name } of records.listBlobsFlat()) {
      await records.deleteBlob(name);
    }
    await sandbox.destroy(config("locked", 14));
    assert.deepEqual(await sandbox.resourceIds(), []);
  });
});
