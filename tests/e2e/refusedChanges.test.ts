import assert from "node:assert/strict";
import { AzureClients } from "./azureClients.ts";
import { forSuite } from "../held.ts";
import { smallConfig, TestSandbox, unchanged, type StackConfig } from "./harness.ts";

/** The end of every message about a loss. */
const advice = "To accept the loss of this evidence, set allowEvidenceLoss to true for one deployment.";

/** One deployment; each change is asked of it in turn. */
describe("a change of what is deployed", () => {
  let azure: AzureClients;
  let total: number;

  const host = () => azure.network.bastionHosts.get("trail", "trail-bastion");

  /** Asks for a change that has to be refused before anything is touched. */
  async function refused(command: "preview" | "up", change: StackConfig, message: string): Promise<void> {
    const before = await sandbox.resourceIds();
    assert.equal(await sandbox.fail(command, ...sandbox.config({ ...smallConfig, ...change })), `error: ${message}`);
    assert.deepEqual(await sandbox.resourceIds(), before);
  }

  const sandbox = forSuite(() => TestSandbox.start());
  before(async () => {
    total = (await sandbox.up()).changes.create;
    azure = new AzureClients(sandbox);
  });

  for (const command of ["preview", "up"] as const) {
    it(`is refused by ${command} when the archive would move to another region`, () =>
      refused(
        command,
        { location: "northeurope" },
        'EvidenceGroup "group": location is "northeurope"; it was westeurope, and the resource group of the evidence cannot move: ' +
          "Azure would delete it with all evidence in it. Set it back, and deploy northeurope as a stack of its own or after destroying this one.",
      ));
  }

  it("is refused when the archive would move to another resource group", () =>
    refused(
      "preview",
      { namePrefix: "path" },
      'EvidenceGroup "group": resourceGroupName is "path"; it was trail, and the resource group of the evidence cannot move: ' +
        "Azure would delete it with all evidence in it. Set it back, and deploy path as a stack of its own or after destroying this one.",
    ));

  it("is refused when another account or workspace would take the place of the stack's own, for each reason once", async () => {
    const location = "westeurope";
    await azure.resources.resourceGroups.createOrUpdate("shared", { location });
    const sku = { name: "Standard_LRS" };
    const account = await azure.storage.storageAccounts.create("shared", "sharedaudit", {
      location,
      kind: "StorageV2",
      sku,
    });
    const workspace = await azure.resources.resources.beginCreateOrUpdateAndWait(
      "shared",
      "Microsoft.OperationalInsights",
      "",
      "workspaces",
      "central",
      "2023-09-01",
      { location, properties: { sku: { name: "PerGB2018" } } },
    );
    const existingStorageAccountId = account.id ?? "";
    const existingWorkspaceId = workspace.id ?? "";
    await refused(
      "preview",
      { existingStorageAccountId, existingWorkspaceId },
      [
        'EvidenceGroup "group" has 2 problems:',
        `  - existingStorageAccountId is "${existingStorageAccountId}"; Azure would delete the archive that this stack created, with all logs in it.`,
        `  - existingWorkspaceId is "${existingWorkspaceId}"; Azure would delete the workspace that this stack created, with all logs in it.`,
        advice,
      ].join("\n"),
    );
  });

  for (const command of ["preview", "up"] as const) {
    it(`is refused by ${command} when it would lose evidence, for all its reasons at once`, () =>
      refused(
        command,
        { archiveRetentionDays: 1, workspaceRetentionDays: 30, activityLogExport: false },
        [
          'EvidenceGroup "group" has 3 problems:',
          "  - activityLogExport is false; it was true: JIT requests would no longer be exported.",
          "  - archiveRetentionDays is 1; it was 365: the archive would delete logs after 1 day instead of 365 days.",
          "  - workspaceRetentionDays is 30; it was 90: the workspace would delete logs after 30 days instead of 90 days.",
          advice,
        ].join("\n"),
      ));
  }

  it("is refused when nothing would be collected any more", () =>
    refused(
      "preview",
      { audit: false, activityLogExport: false },
      [
        'EvidenceGroup "group" has 2 problems:',
        "  - audit is false; it was true: the Bastion audit logs would no longer be collected, and Azure would delete the archive and the workspace with all logs.",
        "  - activityLogExport is false; it was true: JIT requests would no longer be exported, and Azure would delete the archive and the workspace with all logs.",
        advice,
      ].join("\n"),
    ));

  it("is refused when a VM is renamed only by case", () =>
    refused(
      "preview",
      { vms: [{ name: "Web", login: "entraId" }] },
      'EvidenceGroup "group": vms[0].name is "Web"; it was web, and Azure does not distinguish the two; keep web, or remove the VM before adding it again.',
    ));

  it("is refused when a subnet in use would get another range", async () => {
    const inUse = "and Azure does not change the range of a subnet in use";
    const way = "set it back, or first delete what uses the subnet";
    await refused(
      "preview",
      { vmSubnetPrefix: "10.60.2.0/24" },
      `BastionNetwork "network": vmSubnetPrefix is "10.60.2.0/24"; it was 10.60.1.0/24, ${inUse} (by networkInterfaces/web-nic); ${way}.`,
    );
    await refused(
      "up",
      { bastionSubnetPrefix: "10.60.0.64/26" },
      `BastionNetwork "network": bastionSubnetPrefix is "10.60.0.64/26"; it was 10.60.0.0/26, ${inUse} (by bastionHosts/trail-bastion); ${way}.`,
    );
  });

  it("is refused when a subnet would be outside the address space, even one that will move", () =>
    refused(
      "preview",
      { addressSpace: ["10.61.0.0/16"], bastionSubnetPrefix: "10.61.0.0/26", vmSubnetPrefix: "10.61.1.0/24" },
      'BastionNetwork "network": addressSpace is ["10.61.0.0/16"]; it must contain every subnet of the network; ' +
        "outside would be AzureBastionSubnet (10.60.0.0/26), vms (10.60.1.0/24).",
    ));

  it("is refused when an account would get zone redundancy", () =>
    refused(
      "preview",
      { archiveReplication: "Standard_GZRS" },
      'AuditArchive "archive": replication is "Standard_GZRS"; it was Standard_LRS, and an update cannot add zone redundancy; ' +
        "set it back, or convert the account in the Azure portal (Redundancy) and run pulumi refresh.",
    ));

  /** The archive's storage account; the other one is that of the flow logs. */
  const archiveAccount = async () => {
    const accounts = await Array.fromAsync(azure.storage.storageAccounts.listByResourceGroup("trail"));
    return accounts.find(({ name = "" }) => !name.startsWith("trailflows"));
  };

  /** Days after which the lifecycle rule of the archive deletes logs, as Azure has them. */
  const retentionDays = async (): Promise<number | undefined> => {
    const account = await archiveAccount();
    const { policy } = await azure.storage.managementPolicies.get("trail", account!.name!, "default");
    return policy?.rules[0]?.definition.actions.baseBlob?.delete?.daysAfterModificationGreaterThan;
  };

  it("is refused after a refresh when it would undo a longer retention that somebody set in Azure", async () => {
    const account = await archiveAccount();
    const { policy } = await azure.storage.managementPolicies.get("trail", account!.name!, "default");
    policy!.rules[0]!.definition.actions.baseBlob!.delete!.daysAfterModificationGreaterThan = 1000;
    await azure.storage.managementPolicies.createOrUpdate("trail", account!.name!, "default", { policy: policy! });
    await sandbox.refresh();
    assert.equal(
      await sandbox.fail("up", ...sandbox.config(smallConfig)),
      'error: AuditArchive "archive": retentionDays is 365; it was 1000: the archive would delete logs after 365 days instead of 1000 days.\n' +
        advice,
    );
    assert.equal(await retentionDays(), 1000);
  });

  it("is made, with a warning, where the loss is accepted", async () => {
    const accepted = { ...smallConfig, allowEvidenceLoss: true, archiveRetentionDays: 30, activityLogExport: false };
    const { exitCode, stderr } = await sandbox.run("up", ...sandbox.config(accepted));
    assert.equal(exitCode, 0, stderr);
    for (const warning of [
      "bastion-trail:allowEvidenceLoss is true: changes that lose evidence are not refused. Remove it after this deployment.",
      'EvidenceGroup "group": activityLogExport is false; it was true: JIT requests would no longer be exported. Accepted by allowEvidenceLoss.',
      'AuditArchive "archive": retentionDays is 30; it was 1000: the archive would delete logs after 30 days instead of 1000 days. Accepted by allowEvidenceLoss.',
    ]) {
      assert.ok(stderr.includes(`warning: ${warning}`), `${warning}\n${stderr}`);
    }
    assert.equal(await retentionDays(), 30);
    await sandbox.up();
    assert.equal(await retentionDays(), 365);
  });

  it("is made in place when the SKU grows", async () => {
    const before = await host();
    const grown = { ...smallConfig, bastionSku: "Standard", bastionScaleUnits: 3 };
    const previewed = await sandbox.succeed("preview", ...sandbox.config(grown));
    assert.deepEqual(previewed.resources, [
      {
        change: "update",
        type: "azure-native:network:BastionHost",
        name: "bastion-host",
        differences: [
          { property: "scaleUnits", old: 2, new: 3 },
          { property: "sku.name", old: "Basic", new: "Standard" },
        ],
      },
    ]);
    const { changes } = await sandbox.up(grown);
    assert.deepEqual(changes, { ...unchanged(total - 1), update: 1 });
    const { sku, scaleUnits, id, dnsName } = await host();
    assert.deepEqual([before.sku?.name, before.scaleUnits], ["Basic", 2]);
    assert.deepEqual([sku?.name, scaleUnits, id, dnsName], ["Standard", 3, before.id, before.dnsName]);
  });

  for (const command of ["preview", "up"] as const) {
    it(`is refused by ${command} when the SKU would shrink`, async () => {
      await refused(
        command,
        { bastionSku: "Basic" },
        'BastionHost "bastion": sku is "Basic"; it was Standard, and Azure does not downgrade Bastion hosts; set it back, or delete the host and deploy it again.',
      );
      assert.equal((await host()).sku?.name, "Standard");
    });
  }

  it("is refused with every reason at once", async () => {
    await refused(
      "preview",
      { bastionZones: ["1", "2"], bastionSku: "Premium", privateOnly: true },
      'BastionHost "bastion" has 2 problems:\n' +
        '  - zones is ["1","2"]; the host was made without zones, and zones cannot change; set them back, or delete the host and deploy it again.\n' +
        "  - privateOnly is true; it was false, and private-only can be chosen only when the host is created; set it back, or delete the host and deploy it again.",
    );
  });

  it("leaves the stack usable after every refusal", async () => {
    const same = { ...smallConfig, bastionSku: "Standard", bastionScaleUnits: 3 };
    assert.deepEqual(await sandbox.preview(same), unchanged(total));
  });
});
