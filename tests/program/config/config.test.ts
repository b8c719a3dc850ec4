import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { loadConfig } from "../../../program/config/index.ts";
import { configOf, existing, problemsOf, publicKey } from "../../stackConfig.ts";

describe("the stack's config", () => {
  it("needs nothing but a location", () => {
    assert.deepEqual(configOf({ location: "westeurope" }), {
      location: "westeurope",
      namePrefix: "bastion-trail-dev",
      tags: {},
      lock: "none",
      network: {
        virtualNetworkName: "bastion-trail-dev-vnet",
        addressSpace: ["10.60.0.0/16"],
        bastionSubnetPrefix: "10.60.0.0/26",
        vmSubnetPrefix: "10.60.1.0/24",
        customVmPorts: undefined,
        existingVirtualNetworkId: undefined,
        existingBastionSubnetId: undefined,
        existingVmSubnetId: undefined,
      },
      bastion: {
        bastionHostName: "bastion-trail-dev-bastion",
        sku: "Basic",
        scaleUnits: 2,
        zones: undefined,
        nativeClient: undefined,
        ipConnect: undefined,
        shareableLink: undefined,
        fileCopy: undefined,
        disableCopyPaste: undefined,
        kerberos: undefined,
        privateOnly: undefined,
        sessionRecording: undefined,
        audited: true,
        existingBastionHostId: undefined,
      },
      audit: true,
      activityLogExport: true,
      allowEvidenceLoss: false,
      archive: {
        accountNamePrefix: "bastiontraildev",
        replication: "Standard_LRS",
        retentionDays: 365,
        immutability: undefined,
        immutabilityDays: undefined,
        sharedKey: false,
        existingStorageAccountId: undefined,
      },
      workspace: { workspaceName: "bastion-trail-dev-logs", retentionDays: 90, existingWorkspaceId: undefined },
      flowLogs: {
        destination: "archive",
        retentionDays: 365,
        sharedKey: false,
        networkWatcherId: undefined,
        accountNamePrefix: "bastiontraiflows",
      },
      vms: [],
      passwordVaultId: undefined,
      managesDefenderPlan: false,
    });
  });

  it("turns every key into what the components take", () => {
    const config = configOf({
      location: "swedencentral",
      namePrefix: "trail",
      tags: { team: "blue" },
      lock: "CanNotDelete",
      addressSpace: ["10.1.0.0/16"],
      bastionSubnetPrefix: "10.1.0.0/25",
      vmSubnetPrefix: "10.1.2.0/24",
      bastionSku: "Premium",
      bastionScaleUnits: 4,
      bastionZones: ["1", 2],
      ipConnect: true,
      shareableLink: true,
      fileCopy: true,
      disableCopyPaste: true,
      kerberos: true,
      privateOnly: true,
      sessionRecording: true,
      archiveReplication: "Standard_GZRS",
      archiveSharedKey: true,
      immutability: "locked",
      immutabilityDays: 400,
      workspaceRetentionDays: 180,
      activityLogExport: false,
      allowEvidenceLoss: true,
      flowLogs: "archive-and-workspace",
      flowLogRetentionDays: 90,
      networkWatcherId:
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/hub/providers/Microsoft.Network/networkWatchers/central",
      passwordVaultId:
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/hub/providers/Microsoft.KeyVault/vaults/passwords",
      defenderPlan: "manage",
      vms: [{ name: "desk", os: "windows" }],
    });
    assert.deepEqual(
      { ...config, bastion: { ...config.bastion }, network: undefined, vms: undefined },
      {
        location: "swedencentral",
        namePrefix: "trail",
        tags: { team: "blue" },
        lock: "CanNotDelete",
        network: undefined,
        bastion: {
          bastionHostName: "trail-bastion",
          sku: "Premium",
          scaleUnits: 4,
          zones: ["1", "2"],
          nativeClient: undefined,
          ipConnect: true,
          shareableLink: true,
          fileCopy: true,
          disableCopyPaste: true,
          kerberos: true,
          privateOnly: true,
          sessionRecording: true,
          audited: true,
          existingBastionHostId: undefined,
        },
        audit: true,
        activityLogExport: false,
        allowEvidenceLoss: true,
        archive: {
          accountNamePrefix: "trail",
          replication: "Standard_GZRS",
          retentionDays: undefined,
          immutability: "locked",
          immutabilityDays: 400,
          sharedKey: true,
          existingStorageAccountId: undefined,
        },
        workspace: { workspaceName: "trail-logs", retentionDays: 180, existingWorkspaceId: undefined },
        flowLogs: {
          destination: "archive-and-workspace",
          retentionDays: 90,
          sharedKey: true,
          networkWatcherId:
            "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/hub/providers/Microsoft.Network/networkWatchers/central",
          accountNamePrefix: "trailflows",
        },
        vms: undefined,
        passwordVaultId:
          "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/hub/providers/Microsoft.KeyVault/vaults/passwords",
        managesDefenderPlan: true,
      },
    );
  });

  it("gives a virtual machine every default of its operating system", () => {
    const { vms } = configOf({
      location: "westeurope",
      vms: [
        { name: "web", sshPublicKey: publicKey },
        { name: "desk", os: "windows", zone: 3, jitPorts: [3389], jitMaxDuration: "1h" },
      ],
    });
    assert.deepEqual(vms, [
      {
        name: "web",
        os: "linux",
        size: "Standard_B2s_v2",
        image: "ubuntu-24.04",
        zone: undefined,
        login: "sshKey",
        adminUsername: "azureuser",
        sshPublicKey: publicKey,
        jitPorts: [22],
        jitMaxDuration: "PT3H",
        subnetId: undefined,
      },
      {
        name: "desk",
        os: "windows",
        size: "Standard_B2s_v2",
        image: "windows-2022",
        zone: "3",
        login: "password",
        adminUsername: "azureuser",
        sshPublicKey: undefined,
        jitPorts: [3389],
        jitMaxDuration: "1h",
        subnetId: undefined,
      },
    ]);
  });

  it("opens custom JIT ports in Bastion's own network security group as well", () => {
    const { network } = configOf({
      location: "westeurope",
      bastionSku: "Standard",
      vms: [
        { name: "a", login: "entraId", jitPorts: [8443, 22] },
        { name: "b", login: "entraId", jitPorts: [2222, 8443] },
      ],
    });
    assert.deepEqual(network.customVmPorts, [2222, 8443]);
  });

  it("takes a thousand VMs in one list", () => {
    const vms = Array.from({ length: 1000 }, (_, index) => ({ name: `vm-${index}`, login: "entraId" }));
    assert.equal(configOf({ location: "westeurope", vmSubnetPrefix: "10.60.4.0/22", vms }).vms.length, 1000);
  });

  describe("with existing things", () => {
    it("passes their ids on, and leaves out every default that belongs to a new one", () => {
      const { network, bastion, archive, workspace } = configOf({ location: "westeurope", ...existing });
      const given = (settings: object) =>
        Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
      const { existingVirtualNetworkId, existingBastionSubnetId, existingVmSubnetId } = existing;
      assert.deepEqual(given(network), { existingVirtualNetworkId, existingBastionSubnetId, existingVmSubnetId });
      assert.deepEqual(given(bastion), { audited: true, existingBastionHostId: existing.existingBastionHostId });
      assert.deepEqual(given(archive), { existingStorageAccountId: existing.existingStorageAccountId });
      assert.deepEqual(given(workspace), { existingWorkspaceId: existing.existingWorkspaceId });
    });

    it("refuses every setting that would have no effect on them", () => {
      const why = "not allowed with existingBastionHostId: an adopted host keeps its own settings";
      const whyArchive = "not allowed with existingStorageAccountId: an adopted storage account keeps its own settings";
      assert.deepEqual(
        problemsOf({
          ...existing,
          bastionSku: "Premium",
          bastionScaleUnits: 4,
          bastionZones: ["1"],
          nativeClient: true,
          archiveReplication: "Standard_GRS",
          archiveRetentionDays: 30,
          archiveSharedKey: true,
          flowLogs: "off",
          immutability: "unlocked",
          workspaceRetentionDays: 30,
          addressSpace: ["10.1.0.0/16"],
          bastionSubnetPrefix: "10.1.0.0/26",
          vmSubnetPrefix: "10.1.1.0/24",
        }).sort(),
        [
          'addressSpace is ["10.1.0.0/16"]; not allowed with existingVirtualNetworkId: it applies only to a new network',
          `archiveReplication is "Standard_GRS"; ${whyArchive}`,
          `archiveRetentionDays is 30; ${whyArchive}`,
          `archiveSharedKey is true; ${whyArchive}`,
          `bastionScaleUnits is 4; ${why}`,
          `bastionSku is "Premium"; ${why}`,
          'bastionSubnetPrefix is "10.1.0.0/26"; not allowed together with existingBastionSubnetId',
          `bastionZones is ["1"]; ${why}`,
          `immutability is "unlocked"; ${whyArchive}`,
          `nativeClient is true; ${why}`,
          'vmSubnetPrefix is "10.1.1.0/24"; not allowed together with existingVmSubnetId',
          "workspaceRetentionDays is 30; not allowed with existingWorkspaceId: an adopted workspace keeps its own settings",
        ],
      );
    });

    it("lets the flow logs have account keys beside an adopted archive, which keeps its own setting", () => {
      const { archive, flowLogs } = configOf({ location: "westeurope", ...existing, archiveSharedKey: true });
      assert.deepEqual([archive.sharedKey, flowLogs.sharedKey], [undefined, true]);
    });

    it("asks for the subnet of an adopted host, since JIT opens ports to it alone", () => {
      const why = "required with existingBastionHostId, because JIT opens ports only to the subnet of the host";
      const { existingBastionHostId, existingVirtualNetworkId } = existing;
      assert.deepEqual(problemsOf({ existingBastionHostId }), [
        `existingVirtualNetworkId is missing; ${why}`,
        `existingBastionSubnetId is missing; ${why}`,
      ]);
      assert.deepEqual(problemsOf({ existingBastionHostId, existingVirtualNetworkId }), [
        `existingBastionSubnetId is missing; ${why}`,
      ]);
    });

    for (const [key, type] of [
      ["existingVirtualNetworkId", "Microsoft.Network/virtualNetworks"],
      ["existingBastionHostId", "Microsoft.Network/bastionHosts"],
      ["existingStorageAccountId", "Microsoft.Storage/storageAccounts"],
      ["existingWorkspaceId", "Microsoft.OperationalInsights/workspaces"],
    ] as const) {
      it(`wants ${key} to be the id of one of ${type}`, () => {
        const [problem, ...others] = problemsOf({ ...existing, [key]: "/subscriptions/s" }).filter((line) =>
          line.startsWith(`${key} is "/subscriptions/s"; `),
        );
        assert.ok(problem?.includes(type), problem);
        assert.deepEqual(others, []);
      });
    }
  });

  it("is read from the stack, in the project's namespace alone", async () => {
    await pulumi.runtime.setMocks(
      { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
      "bastion-trail",
      "prod",
    );
    pulumi.runtime.setAllConfig({ "bastion-trail:location": "northeurope", "azure-native:location": "westus" });
    const { location, namePrefix } = await loadConfig();
    assert.deepEqual({ location, namePrefix }, { location: "northeurope", namePrefix: "bastion-trail-prod" });
  });
});
