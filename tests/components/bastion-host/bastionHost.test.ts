import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { AuditArchive } from "../../../components/audit-archive/auditArchive.ts";
import { BastionHost } from "../../../components/bastion-host/bastionHost.ts";
import { BastionSku } from "../../../components/bastion-host/bastionSku.ts";
import { idOf, recordProgram } from "../recordedProgram.ts";
import {
  bastionHost,
  publicIpAddress,
  network,
  bastionSubnetId,
  place,
  standard,
  premium,
  developer,
  deploy,
  refusal,
} from "./hostProgram.ts";

describe("BastionHost", () => {
  describe("a created host", () => {
    it("states its SKU, its scale units and each feature of the SKU", async () => {
      const { inputs, parent } = (await deploy(standard)).only(bastionHost);
      assert.deepEqual(inputs, {
        resourceGroupName: "rg",
        location: "westeurope",
        bastionHostName: "trail",
        sku: { name: "Standard" },
        ipConfigurations: [
          {
            name: "ipConfiguration",
            subnet: { id: bastionSubnetId },
            publicIPAddress: { id: idOf("trail-pip") },
          },
        ],
        scaleUnits: 2,
        enableKerberos: false,
        enableTunneling: false,
        enableIpConnect: false,
        enableShareableLink: false,
        enableFileCopy: false,
        disableCopyPaste: false,
        // The azure-native SDK adds these two to every host.
        enablePrivateOnlyBastion: false,
        enableSessionRecording: false,
      });
      assert.equal(parent, "trail");
    });

    it("has a Standard, static IPv4 public IP address of its own", async () => {
      const { inputs, parent } = (await deploy({ ...standard, bastionHostName: "bas" })).only(publicIpAddress);
      assert.deepEqual(inputs, {
        resourceGroupName: "rg",
        location: "westeurope",
        publicIpAddressName: "bas-pip",
        sku: { name: "Standard" },
        publicIPAllocationMethod: "Static",
        publicIPAddressVersion: "IPv4",
      });
      assert.equal(parent, "trail");
    });

    it("gives its id, name, region and addresses", async () => {
      assert.deepEqual((await deploy(standard)).result, {
        hostId: idOf("trail-host"),
        hostName: "trail",
        location: "westeurope",
        dnsName: "bst-1.bastion.azure.com",
        publicIpAddress: "20.1.2.3",
        recordingNotice: undefined,
      });
    });

    it("gives its region in Azure's form, and an archive there is not deleted before the host is replaced", async () => {
      const { only } = await recordProgram(() => {
        const { location } = new BastionHost("trail", { ...standard, location: "West Europe" });
        new AuditArchive("archive", { ...place, bastionLocation: location });
        return {};
      });
      const { inputs, dependsOn } = only("azure-native:storage:StorageAccount");
      assert.deepEqual([inputs.location, dependsOn], ["westeurope", ["archive-account-suffix"]]);
    });

    it("is deleted before it is replaced, because its subnet has room for one host", async () => {
      assert.equal((await deploy(standard)).only(bastionHost).deleteBeforeReplace, true);
    });

    it("registers what it gives as its outputs", async () => {
      const component = (await deploy(standard)).only("bastion-trail:index:BastionHost");
      assert.deepEqual(component.registeredOutputs, [
        "dnsName",
        "hostId",
        "hostName",
        "location",
        "publicIpAddress",
        "recordsSessions",
      ]);
    });

    it("switches on what is asked for", async () => {
      const flags = {
        nativeClient: true,
        ipConnect: true,
        shareableLink: true,
        fileCopy: true,
        disableCopyPaste: true,
        kerberos: true,
      };
      const { inputs } = (await deploy({ ...standard, ...flags, scaleUnits: 5 })).only(bastionHost);
      assert.equal(inputs.scaleUnits, 5);
      const {
        enableTunneling,
        enableIpConnect,
        enableShareableLink,
        enableFileCopy,
        disableCopyPaste,
        enableKerberos,
      } = inputs;
      assert.deepEqual(
        [enableTunneling, enableIpConnect, enableShareableLink, enableFileCopy, disableCopyPaste, enableKerberos],
        [true, true, true, true, true, true],
      );
    });

    it("is in the zones that are given, in one order, with an address in the one zone or in all", async () => {
      const zonesOf = async (zones: string[]) => {
        const { only } = await deploy({ ...standard, zones });
        return [only(bastionHost).inputs.zones, only(publicIpAddress).inputs.zones];
      };
      assert.deepEqual(await zonesOf(["2"]), [["2"], ["2"]]);
      assert.deepEqual(await zonesOf(["2", "1"]), [
        ["1", "2"],
        ["1", "2", "3"],
      ]);
      assert.deepEqual(await zonesOf([]), [undefined, undefined]);
    });

    it("tags host and address, and passes protect on", async () => {
      const { resources } = await deploy({ ...standard, tags: { owner: "ops" } }, {}, { protect: true });
      assert.deepEqual(resources.map(({ name, protect, inputs }) => [name, protect, inputs.tags]).sort(), [
        ["trail", true, undefined],
        ["trail-host", true, { owner: "ops" }],
        ["trail-pip", true, { owner: "ops" }],
      ]);
    });

    it("is watched for updates that Azure never makes, and so is its address", async () => {
      const { only } = await deploy(standard);
      assert.deepEqual(only(bastionHost).beforeUpdate, ["BastionHost trail host-update"]);
      assert.deepEqual(only(publicIpAddress).beforeUpdate, ["BastionHost trail pip-update"]);
    });

    it("may have settings that are known only during the deployment", async () => {
      const { only } = await deploy({ ...standard, scaleUnits: pulumi.output(3), zones: [pulumi.output("1")] });
      assert.equal(only(bastionHost).inputs.scaleUnits, 3);
      assert.deepEqual(only(publicIpAddress).inputs.zones, ["1"]);
    });

    it("is refused before they are known if the others are wrong", async () => {
      const later = { nativeClient: pulumi.output(true), bastionHostName: pulumi.output("-") };
      assert.equal(
        await refusal({ ...standard, ...later, scaleUnits: 51, kerberos: true, virtualNetworkId: bastionSubnetId }),
        [
          'BastionHost "trail" has 3 problems:',
          "  - scaleUnits is 51; must be a whole number from 2 to 50 with the Standard SKU.",
          `  - virtualNetworkId is "${bastionSubnetId}"; not used by the Standard SKU; set only bastionSubnetId.`,
          `  - virtualNetworkId is "${bastionSubnetId}"; must be the ARM id of a Microsoft.Network/virtualNetworks resource.`,
        ].join("\n"),
      );
    });

    it("is refused just as well then", async () => {
      assert.equal(
        await refusal({ ...standard, scaleUnits: pulumi.output(51) }),
        'BastionHost "trail": scaleUnits is 51; must be a whole number from 2 to 50 with the Standard SKU.',
      );
    });
  });

  describe("a private-only host", () => {
    it("has no public IP address", async () => {
      const { only, resources, result } = await deploy({ ...premium, privateOnly: true });
      assert.deepEqual(resources.map(({ name }) => name).sort(), ["trail", "trail-host"]);
      assert.equal(only(bastionHost).inputs.enablePrivateOnlyBastion, true);
      assert.deepEqual(only(bastionHost).inputs.ipConfigurations, [
        { name: "ipConfiguration", subnet: { id: bastionSubnetId } },
      ]);
      assert.equal(result.publicIpAddress, undefined);
    });
  });

  describe("a Developer host", () => {
    it("has a virtual network instead of a subnet, and neither scale units nor a public IP address", async () => {
      const { only, resources, result } = await deploy(developer);
      assert.deepEqual(resources.map(({ name }) => name).sort(), ["trail", "trail-host"]);
      const { inputs } = only(bastionHost);
      assert.deepEqual(inputs.virtualNetwork, { id: network });
      assert.equal(inputs.ipConfigurations, undefined);
      assert.equal(inputs.scaleUnits, undefined);
      assert.equal(result.publicIpAddress, undefined);
    });
  });

  describe("a recording host", () => {
    const recording = {
      sessionRecording: true,
      recordingContainerUrl: "https://recordings.blob.core.windows.net/sessions",
    };

    it("is announced together with the remaining manual step", async () => {
      const { only, result } = await deploy({ ...premium, ...recording });
      assert.equal(only(bastionHost).inputs.enableSessionRecording, true);
      assert.equal(
        result.recordingNotice,
        "Bastion host trail records sessions, and refuses every session until it has a SAS URL (read, create, write, list) " +
          "of the container https://recordings.blob.core.windows.net/sessions. " +
          'Upload it once, in the portal under "Session recordings" of the host.',
      );
    });

    it("may know only during the deployment that it records", async () => {
      const { only } = await deploy({ ...premium, ...recording, sessionRecording: pulumi.output(true) });
      assert.equal(only(bastionHost).inputs.enableSessionRecording, true);
    });

    it("may have the container of an emulator", async () => {
      const recordingContainerUrl = "https://127.0.0.1:10000/recordings/sessions";
      const { only } = await deploy({ ...premium, ...recording, recordingContainerUrl });
      assert.equal(only(bastionHost).inputs.enableSessionRecording, true);
    });

    it("keeps the secret address of its container out of the log", async () => {
      const { warn } = console;
      const said: unknown[] = [];
      console.warn = (text: unknown) => said.push(text);
      try {
        await deploy({
          ...premium,
          ...recording,
          recordingContainerUrl: pulumi.secret(recording.recordingContainerUrl),
        });
      } finally {
        console.warn = warn;
      }
      assert.deepEqual(said, [
        'warning: [runtime] BastionHost "trail" refuses every session until the step is done that its output recordingNotice has.',
      ]);
    });

    it("is refused without its container, and a container without recording", async () => {
      assert.equal(
        await refusal({ ...premium, sessionRecording: true }),
        'BastionHost "trail": recordingContainerUrl is missing; required with sessionRecording: a host without a container for its recordings refuses every session.',
      );
      assert.equal(
        await refusal({ ...premium, recordingContainerUrl: recording.recordingContainerUrl }),
        'BastionHost "trail": recordingContainerUrl is "https://recordings.blob.core.windows.net/sessions"; has no effect without sessionRecording.',
      );
    });

    it("is refused with a SAS, which is not repeated in the message", async () => {
      const recordingContainerUrl = `${recording.recordingContainerUrl}?sv=2024&sig=secret`;
      assert.equal(
        await refusal({ ...premium, ...recording, recordingContainerUrl }),
        'BastionHost "trail": recordingContainerUrl is "https://recordings.blob.core.windows.net/sessions?..."; must be the https URL of a blob container, without a SAS token, which is a secret.',
      );
    });
  });

  describe("a refused request", () => {
    it("has no SKU", async () => {
      assert.equal(
        await refusal({ ...place, audited: true }),
        'BastionHost "trail": sku is missing; required unless existingBastionHostId is set; one of Developer, Basic, Standard, Premium.',
      );
    });

    it("has an unknown SKU, without a word on what it requires", async () => {
      assert.equal(
        await refusal({ ...place, sku: "Gold" as BastionSku, audited: true }),
        'BastionHost "trail": sku is "Gold"; must be one of Developer, Basic, Standard, Premium.',
      );
    });

    it("has no SKU, besides other faults", async () => {
      assert.equal(
        await refusal({ ...place, audited: true, bastionHostName: "", bastionSubnetId: "AzureBastionSubnet" }),
        'BastionHost "trail" has 3 problems:\n' +
          "  - sku is missing; required unless existingBastionHostId is set; one of Developer, Basic, Standard, Premium.\n" +
          '  - bastionHostName is ""; must be at most 76 letters, digits, underscores, periods and hyphens, starting with a letter or digit and not ending with a period or hyphen.\n' +
          '  - bastionSubnetId is "AzureBastionSubnet"; must be the ARM id of a Microsoft.Network/virtualNetworks/subnets resource.',
      );
    });

    it("has no subnet, or a virtual network in its place", async () => {
      assert.equal(
        await refusal({ ...place, sku: BastionSku.Basic, virtualNetworkId: network, audited: true }),
        'BastionHost "trail" has 2 problems:\n' +
          "  - bastionSubnetId is missing; required with the Basic SKU.\n" +
          `  - virtualNetworkId is "${network}"; not used by the Basic SKU; set only bastionSubnetId.`,
      );
      assert.equal(
        await refusal({ ...developer, virtualNetworkId: undefined, bastionSubnetId }),
        'BastionHost "trail" has 2 problems:\n' +
          "  - virtualNetworkId is missing; required with the Developer SKU.\n" +
          `  - bastionSubnetId is "${bastionSubnetId}"; not used by the Developer SKU; set only virtualNetworkId.`,
      );
    });

    it("is Developer and audited", async () => {
      assert.equal(
        await refusal({ ...developer, audited: true }),
        'BastionHost "trail": sku is "Developer"; the Developer SKU emits no audit logs; auditing requires SKU Basic, Standard or Premium.',
      );
    });

    it("has all its problems reported together", async () => {
      assert.equal(
        await refusal({
          ...standard,
          sku: BastionSku.Basic,
          bastionHostName: "x".repeat(77),
          bastionSubnetId: `${network}/subnets/bastion`,
          scaleUnits: 4,
          zones: ["4"],
          nativeClient: true,
          privateOnly: true,
        }),
        'BastionHost "trail" has 6 problems:\n' +
          `  - bastionHostName is "${"x".repeat(77)}"; must be at most 76 letters, digits, underscores, periods and hyphens, starting with a letter or digit and not ending with a period or hyphen.\n` +
          "  - nativeClient is true; the native client (tunneling) requires SKU Standard or Premium, not Basic.\n" +
          "  - privateOnly is true; private-only requires SKU Premium, not Basic.\n" +
          "  - scaleUnits is 4; the Basic SKU has exactly 2; more require SKU Standard or Premium.\n" +
          '  - zones is ["4"]; must be any of "1", "2", "3".\n' +
          `  - bastionSubnetId is "${network}/subnets/bastion"; Azure Bastion requires a subnet named AzureBastionSubnet.`,
      );
    });
  });
});
