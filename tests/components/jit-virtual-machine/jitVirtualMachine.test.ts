import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  JitVirtualMachine,
  type JitVirtualMachineArgs,
} from "../../../components/jit-virtual-machine/jitVirtualMachine.ts";
import {
  vm,
  extension,
  networkInterface,
  securityGroup,
  securityRule,
  jitPolicy,
  password,
  managementLock,
  component,
  key,
  minimal,
  windows,
  deploy,
  secretMark,
  refusal,
} from "./jitVm.ts";
import { idOf, recordProgram } from "../recordedProgram.ts";

describe("JitVirtualMachine", () => {
  describe("a Linux VM with an SSH key", () => {
    it("is what a minimal call describes, with every default stated", async () => {
      const { inputs } = (await deploy()).only(vm);
      assert.deepEqual(inputs, {
        resourceGroupName: "rg",
        location: "westeurope",
        vmName: "web",
        zones: [],
        identity: { type: "SystemAssigned" },
        hardwareProfile: { vmSize: "Standard_B2s_v2" },
        securityProfile: {
          securityType: "TrustedLaunch",
          uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
        },
        diagnosticsProfile: { bootDiagnostics: { enabled: true } },
        storageProfile: {
          imageReference: {
            publisher: "Canonical",
            offer: "ubuntu-24_04-lts",
            sku: "server",
            version: "latest",
          },
          osDisk: {
            name: "web-osdisk",
            createOption: "FromImage",
            deleteOption: "Delete",
            caching: "ReadWrite",
            managedDisk: { storageAccountType: "StandardSSD_LRS" },
          },
        },
        networkProfile: { networkInterfaces: [{ id: idOf("web-nic"), primary: true, deleteOption: "Detach" }] },
        osProfile: {
          computerName: "web",
          adminUsername: "azureuser",
          linuxConfiguration: {
            provisionVMAgent: true,
            disablePasswordAuthentication: true,
            patchSettings: {
              patchMode: "AutomaticByPlatform",
              assessmentMode: "AutomaticByPlatform",
              automaticByPlatformSettings: { rebootSetting: "IfRequired" },
            },
            ssh: { publicKeys: [{ path: "/home/azureuser/.ssh/authorized_keys", keyData: key }] },
          },
        },
      });
    });

    it("has outputs for its location and for access requests, and no password", async () => {
      const { result, resources } = await deploy();
      assert.deepEqual(result, {
        vmId: idOf("web"),
        vmName: "web",
        privateIpAddress: "10.60.1.4",
        jitPolicyId: idOf("web-jit"),
        networkSecurityGroupId: idOf("web-nsg"),
        adminPassword: undefined,
      });
      assert.deepEqual(
        resources.map(({ type }) => type).filter((type) => type === password || type === extension),
        [],
      );
    });

    it("takes the whole content of a .pub file, with the line break at its end", async () => {
      for (const content of [`${key}\n`, pulumi.output(`${key}\r\n`)]) {
        const { only } = await deploy({ ...minimal, sshPublicKey: content });
        assert.ok(JSON.stringify(only(vm).inputs.osProfile).includes(`"keyData":"${key}"`));
      }
    });

    it("takes another name, size, image, zone, administrator and disk name", async () => {
      const { inputs } = (
        await deploy({
          ...minimal,
          virtualMachineName: "app-01",
          size: "Standard_D4s_v5",
          image: "RedHat:RHEL:9-lvm-gen2:latest",
          zone: "2",
          adminUsername: "ops",
          tags: { team: "blue" },
        })
      ).only(vm);
      const { vmName, hardwareProfile, zones, tags, storageProfile, osProfile } = inputs as Record<
        string,
        Record<string, Record<string, unknown>>
      >;
      assert.deepEqual(
        {
          vmName,
          hardwareProfile,
          zones,
          tags,
          image: storageProfile!.imageReference,
          disk: storageProfile!.osDisk!.name,
        },
        {
          vmName: "app-01",
          hardwareProfile: { vmSize: "Standard_D4s_v5" },
          zones: ["2"],
          tags: { team: "blue" },
          image: { publisher: "RedHat", offer: "RHEL", sku: "9-lvm-gen2", version: "latest" },
          disk: "app-01-osdisk",
        },
      );
      assert.equal(osProfile!.computerName, "app-01");
      assert.equal(osProfile!.adminUsername, "ops");
    });
  });

  describe("a Windows VM", () => {
    it("has a generated password, which is a secret, and RDP as its port", async () => {
      const { ofType, only, result } = await deploy(windows);
      const { osProfile, storageProfile } = only(vm).inputs as Record<string, Record<string, unknown>>;
      assert.deepEqual(osProfile, {
        ...secretMark,
        value: {
          computerName: "web",
          adminUsername: "azureuser",
          adminPassword: "Generated-1",
          windowsConfiguration: {
            provisionVMAgent: true,
            enableAutomaticUpdates: true,
            patchSettings: {
              patchMode: "AutomaticByPlatform",
              assessmentMode: "AutomaticByPlatform",
              automaticByPlatformSettings: { rebootSetting: "IfRequired" },
            },
          },
        },
      });
      assert.deepEqual(storageProfile!.imageReference, {
        publisher: "MicrosoftWindowsServer",
        offer: "WindowsServer",
        sku: "2022-datacenter-azure-edition",
        version: "latest",
      });
      assert.equal(result.adminPassword, "Generated-1");
      assert.deepEqual(ofType(securityRule)[0]!.inputs.destinationPortRanges, ["22", "3389"]);
    });

    it("asks for a password that Azure accepts", async () => {
      assert.deepEqual((await deploy(windows)).only(password).inputs, {
        length: 32,
        minLower: 1,
        minUpper: 1,
        minNumeric: 1,
        minSpecial: 1,
        overrideSpecial: "!@#%*-_=+",
      });
    });

    it("keeps the password a secret", async () => {
      await recordProgram(async () => {
        const vm = new JitVirtualMachine("web", windows);
        assert.equal(await pulumi.isSecret(vm.adminPassword!), true);
        return vm.vmId;
      });
    });
  });

  describe("login with Entra ID", () => {
    it("installs the extension of the operating system", async () => {
      const extensionOf = async (args: JitVirtualMachineArgs) => (await deploy(args)).only(extension).inputs;
      const common = {
        resourceGroupName: "rg",
        location: "westeurope",
        vmName: "web",
        publisher: "Microsoft.Azure.ActiveDirectory",
        typeHandlerVersion: "1.0",
        autoUpgradeMinorVersion: true,
      };
      assert.deepEqual(await extensionOf({ ...minimal, login: "entraId" }), {
        ...common,
        vmExtensionName: "AADSSHLoginForLinux",
        type: "AADSSHLoginForLinux",
      });
      assert.deepEqual(await extensionOf({ ...windows, login: "entraId" }), {
        ...common,
        vmExtensionName: "AADLoginForWindows",
        type: "AADLoginForWindows",
      });
    });

    it("gives a Linux VM's emergency administrator the key, or a generated password without one", async () => {
      const keyed = await deploy({ ...minimal, login: "entraId" });
      assert.equal(keyed.result.adminPassword, undefined);
      const unkeyed = await deploy({ ...minimal, login: "entraId", sshPublicKey: undefined });
      assert.equal(unkeyed.result.adminPassword, "Generated-1");
      const { osProfile } = unkeyed.only(vm).inputs as Record<string, { value: Record<string, unknown> }>;
      const { linuxConfiguration, adminPassword } = osProfile!.value;
      assert.equal(adminPassword, "Generated-1");
      assert.deepEqual(linuxConfiguration, {
        provisionVMAgent: true,
        disablePasswordAuthentication: false,
        patchSettings: {
          patchMode: "AutomaticByPlatform",
          assessmentMode: "AutomaticByPlatform",
          automaticByPlatformSettings: { rebootSetting: "IfRequired" },
        },
      });
    });
  });

  it("parents everything to the component, and passes protect on", async () => {
    const { resources } = await deploy({ ...windows, login: "entraId", lock: "CanNotDelete" }, { protect: true });
    const children = resources.filter(({ type }) => type !== component);
    assert.equal(children.length, 9);
    assert.deepEqual([...new Set(children.map(({ parent }) => parent))], ["web"]);
    assert.deepEqual([...new Set(children.map((child) => child.protect))], [true]);
  });

  it("passes tags on to everything that can have them", async () => {
    const { resources } = await deploy({ ...minimal, login: "entraId", tags: { team: "blue" } });
    assert.deepEqual(
      resources
        .filter(({ inputs }) => inputs.tags !== undefined)
        .map(({ type }) => type)
        .sort(),
      [vm, extension, networkInterface, securityGroup].sort(),
    );
  });

  it("deletes before it replaces what has a fixed name", async () => {
    const { resources } = await deploy({ ...minimal, login: "entraId" });
    assert.deepEqual(
      resources
        .filter(({ deleteBeforeReplace }) => deleteBeforeReplace)
        .map(({ type }) => type)
        .sort(),
      [vm, extension, jitPolicy].sort(),
    );
  });

  it("is replaced, together with its policy, when something changes that Azure never changes on a VM", async () => {
    const { only } = await deploy();
    assert.deepEqual(only(vm).replaceOnChanges, [
      "osProfile.computerName",
      "osProfile.adminUsername",
      "osProfile.adminPassword",
      "osProfile.linuxConfiguration.disablePasswordAuthentication",
      "osProfile.linuxConfiguration.ssh",
      "storageProfile.imageReference",
      "storageProfile.osDisk.name",
      "zones",
    ]);
    assert.deepEqual(only(jitPolicy).replaceWith, ["web"]);
  });

  it("locks the VM after its extension, so that the lock goes first, and never its security group", async () => {
    const lock = (await deploy({ ...minimal, login: "entraId", lock: "CanNotDelete" })).only(managementLock);
    assert.equal(lock.inputs.scope, idOf("web"));
    assert.equal(lock.inputs.level, "CanNotDelete");
    assert.ok(lock.dependsOn.includes("web-entra-login"));
  });

  describe("refuses", () => {
    it("every problem at once, before anything is created", async () => {
      const refused = {
        virtualMachineName: "a b",
        size: "Basic_A1",
        image: "windows-2022",
        zone: "4",
        jitPorts: [22, 22],
      };
      assert.equal(
        await refusal({ ...refused, jitMaxDuration: "2d", adminUsername: "root" }),
        [
          'JitVirtualMachine "web" has 7 problems:',
          '  - virtualMachineName is "a b"; must be letters, digits and hyphens, starting and ending with a letter or digit.',
          '  - size is "Basic_A1"; must be a size that supports generation 2 VMs, such as Standard_B2s_v2.',
          '  - image is "windows-2022"; is a windows image; with os linux it must be one of ubuntu-22.04, ubuntu-24.04, or publisher:offer:sku:version of a generation 2 image.',
          '  - zone is "4"; must be one of "1", "2", "3".',
          '  - adminUsername is "root"; Azure does not allow this name.',
          "  - jitPorts[1] is 22; repeats jitPorts[0].",
          '  - jitMaxDuration is "2d"; must be 5 minutes to 24 hours in whole minutes, such as 90m, 3h, 1h30m or the ISO 8601 form PT3H.',
        ].join("\n"),
      );
    });

    it("every value that is known beside one that only the deployment knows", async () => {
      assert.equal(
        await refusal({ sshPublicKey: pulumi.output("ssh-rsa AAAA"), size: "Basic_A1", jitPorts: [0] }),
        [
          'JitVirtualMachine "web" has 2 problems:',
          '  - size is "Basic_A1"; must be a size that supports generation 2 VMs, such as Standard_B2s_v2.',
          "  - jitPorts[0] is 0; must be a whole number from 1 to 65535.",
        ].join("\n"),
      );
    });

    it("a value that only the deployment knows, before the VM is sent to Azure", async () => {
      const message = await refusal({ size: pulumi.output("Basic_A1") });
      // Pulumi puts the names of the properties that waited for the value in front.
      assert.equal(
        message.slice(message.indexOf("JitVirtualMachine")),
        'JitVirtualMachine "web": size is "Basic_A1"; must be a size that supports generation 2 VMs, such as Standard_B2s_v2.',
      );
    });
  });
});
