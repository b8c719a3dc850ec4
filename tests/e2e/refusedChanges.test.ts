import assert from "node:assert/strict";
import { AzureClients } from "./azureClients.ts";
import { smallConfig, TestSandbox, unchanged, type StackConfig } from "./harness.ts";

/** One deployment; each change is asked of it in turn. */
describe("a change of what is deployed", () => {
  let sandbox: TestSandbox;
  let azure: AzureClients;
  let total: number;

  const host = () => azure.network.bastionHosts.get("trail", "trail-bastion");

  /** Asks for a change that has to be refused before anything is touched. */
  async function refused(
    command: "preview" | "up",
    change: StackConfig,
    resource: string,
    hook: string,
    message: string,
  ): Promise<void> {
    const before = await sandbox.resourceIds();
    const failure = command === "preview" ? "Preview failed: " : "";
    assert.equal(
      await sandbox.fail(command, ...sandbox.config({ ...smallConfig, ...change })),
      `error: ${resource}: ${failure}before hook "${hook}" failed: ${message}`,
    );
    assert.deepEqual(await sandbox.resourceIds(), before);
  }

  before(async () => {
    sandbox = await TestSandbox.start();
    total = (await sandbox.up()).changes.create;
    azure = new AzureClients(sandbox);
  });
  after(async () => {
    await sandbox.end();
  });

  for (const command of ["preview", "up"] as const) {
    it(`is refused by ${command} when the archive would move to another region`, () =>
      refused(
        command,
        { location: "northeurope" },
        "EvidenceGroup group",
        "group-keeps-evidence",
        'EvidenceGroup "group": location is "northeurope"; the archive\'s resource group was made with westeurope and cannot move: ' +
          "Azure would delete it with all the evidence in it. Keep westeurope, and deploy northeurope as a stack of its own or after this one is destroyed.",
      ));
  }

  it("is refused when the archive would move to another resource group", () =>
    refused(
      "preview",
      { namePrefix: "path" },
      "EvidenceGroup group",
      "group-keeps-evidence",
      'EvidenceGroup "group": resourceGroupName is "path"; the archive\'s resource group was made with trail and cannot move: ' +
        "Azure would delete it with all the evidence in it. Keep trail, and deploy path as a stack of its own or after this one is destroyed.",
    ));

  it("is refused when another account would take the place of the stack's own archive", async () => {
    const location = "westeurope";
    await azure.resources.resourceGroups.createOrUpdate("shared", { location });
    const sku = { name: "Standard_LRS" };
    const account = await azure.storage.storageAccounts.create("shared", "sharedaudit", {
      location,
      kind: "StorageV2",
      sku,
    });
    const id = account.id ?? "";
    await refused(
      "preview",
      { existingStorageAccountId: id },
      "AuditArchive archive",
      "archive-keeps-evidence",
      `AuditArchive "archive": existingStorageAccountId is "${id}"; this stack created its own archive, which would be deleted ` +
        "with all its logs. Adopt the account in a stack of its own.",
    );
  });

  it("is made in place when the SKU grows", async () => {
    const before = await host();
    const { changes } = await sandbox.up({ ...smallConfig, bastionSku: "Standard", bastionScaleUnits: 3 });
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
        "BastionHost bastion-host",
        "bastion-host-update",
        'BastionHost "bastion": sku is "Basic"; it was Standard, and Azure does not downgrade Bastion hosts; set it back, or delete the host and deploy it again.',
      );
      assert.equal((await host()).sku?.name, "Standard");
    });
  }

  it("is refused with every reason at once", async () => {
    await refused(
      "preview",
      { bastionZones: ["1", "2"], bastionSku: "Premium", privateOnly: true },
      "BastionHost bastion-host",
      "bastion-host-update",
      'BastionHost "bastion" has 2 problems:\n' +
        '  - zones is ["1","2"]; the host was made without zones, and zones cannot change; set them back, or delete the host and deploy it again.\n' +
        "  - enablePrivateOnlyBastion is true; it was false, and private-only can be chosen only when the host is created; set it back, or delete the host and deploy it again.",
    );
  });

  it("leaves the stack usable after every refusal", async () => {
    const same = { ...smallConfig, bastionSku: "Standard", bastionScaleUnits: 3 };
    assert.deepEqual(await sandbox.preview(same), unchanged(total));
  });
});
