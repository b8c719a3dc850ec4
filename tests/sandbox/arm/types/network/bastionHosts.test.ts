import assert from "node:assert/strict";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { bastionSubnet, network, putNetwork, startCloud, vmSubnet, withoutEtag } from "../cloud.ts";
import { forEachTest } from "../../../../held.ts";

const host = "Microsoft.Network/bastionHosts/bastion";
const address = "Microsoft.Network/publicIPAddresses/pip";

describe("Microsoft.Network/bastionHosts", () => {
  const asked: string[] = [];
  const answer = (name: string) => () => {
    asked.push(name);
    return { status: 200 as const, body: { value: [] } };
  };
  const actions = {
    getActiveSessions: answer("getActiveSessions"),
    disconnectActiveSessions: answer("disconnectActiveSessions"),
    setRecordingSasUrl: answer("setRecordingSasUrl"),
    endSessionsOf: (id: string) => {
      asked.push(`endSessionsOf ${id}`);
      return Promise.resolve();
    },
  };
  const cloud = forEachTest(() => startCloud({ bastion: actions }));
  beforeEach(async () => {
    asked.length = 0;
    await putNetwork(cloud);
    await cloud.put(address, publicIp());
  });

  const publicIp = (more: JsonObject = {}): JsonObject => ({
    location: "westeurope",
    sku: { name: "Standard" },
    properties: { publicIPAllocationMethod: "Static" },
    ...more,
  });
  const configuration = (more: JsonObject = {}): JsonObject[] => [
    {
      name: "ipconfig",
      properties: { subnet: { id: cloud.id(bastionSubnet) }, publicIPAddress: { id: cloud.id(address) }, ...more },
    },
  ];
  const bastion = (sku: string, properties: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
    location: "westeurope",
    sku: { name: sku },
    properties: { ...(sku === "Developer" ? {} : { ipConfigurations: configuration() }), ...properties },
    ...more,
  });
  const developer = (properties: JsonObject = {}): JsonObject =>
    bastion("Developer", { virtualNetwork: { id: cloud.id(network) }, ...properties });
  const privateOnly = (): JsonObject => ({
    enablePrivateOnlyBastion: true,
    ipConfigurations: [{ name: "ipconfig", properties: { subnet: { id: cloud.id(bastionSubnet) } } }],
  });

  it("is patched by its tags alone, which takes a while", async () => {
    const before = await cloud.put(host, bastion("Standard"));
    const after = await cloud.patch(host, { tags: { team: "access" } });
    assert.deepEqual(withoutEtag(after), { ...withoutEtag(before), tags: { team: "access" } });
    assert.equal((await cloud.refused("PATCH", host, { sku: { name: "Premium" } })).code, "InvalidRequestContent");
    const { status, headers } = await cloud.send("PATCH", host, { tags: {} });
    assert.equal(status, 200);
    assert.match(
      headers["azure-asyncoperation"] ?? "",
      /\/providers\/Microsoft\.Network\/locations\/westeurope\/operations\/[0-9a-f-]{36}\?/,
    );
  });

  it("is a Standard one where nothing else is asked for", async () => {
    const { sku, properties } = await cloud.put(host, {
      location: "westeurope",
      properties: { ipConfigurations: configuration(), enableTunneling: true },
    });
    assert.deepEqual([sku, (properties as JsonObject).enableTunneling], [{ name: "Standard" }, true]);
  });

  it("shows its DNS name, its scale units and every feature", async () => {
    const { properties } = await cloud.put(host, bastion("Standard", { enableTunneling: true }));
    const { dnsName, ...rest } = properties as JsonObject;
    // Clients send an access token there: it must not be a name that Azure may have given to somebody.
    assert.equal(dnsName, "127.0.0.1:8443");
    assert.deepEqual(rest, {
      provisioningState: "Succeeded",
      scaleUnits: 2,
      enableKerberos: false,
      enableTunneling: true,
      enableIpConnect: false,
      enableShareableLink: false,
      enableFileCopy: false,
      disableCopyPaste: false,
      enablePrivateOnlyBastion: false,
      enableSessionRecording: false,
      ipConfigurations: [
        {
          name: "ipconfig",
          id: `${cloud.id(host)}/bastionHostIpConfigurations/ipconfig`,
          type: "Microsoft.Network/bastionHosts/bastionHostIpConfigurations",
          properties: {
            privateIPAllocationMethod: "Dynamic",
            provisioningState: "Succeeded",
            subnet: { id: cloud.id(bastionSubnet) },
            publicIPAddress: { id: cloud.id(address) },
          },
        },
      ],
    });
  });

  it("holds its subnet and its public IP address", async () => {
    await cloud.put(host, bastion("Basic"));
    const holder = `${cloud.id(host)}/bastionHostIpConfigurations/ipconfig`;
    assert.equal(
      await cloud.refusal("DELETE", address),
      `400 PublicIPAddressCannotBeDeleted: Public IP address ${cloud.id(address)} can not be deleted since it is still allocated to resource ${holder}. In order to delete the public IP, disassociate/detach the Public IP address from the resource.  To learn how to do this, see aka.ms/deletepublicip.`,
    );
    assert.equal((await cloud.refused("DELETE", bastionSubnet)).code, "InUseSubnetCannotBeDeleted");
    assert.deepEqual(((await cloud.get(address)).properties as JsonObject).ipConfiguration, { id: holder });
    await cloud.delete(host);
    await cloud.delete(address);
    await cloud.delete(bastionSubnet);
  });

  const features: [feature: string, refusedBy: string[]][] = [
    ["enableKerberos", ["Developer"]],
    ["enableTunneling", ["Developer", "Basic"]],
    ["enableIpConnect", ["Developer", "Basic"]],
    ["enableShareableLink", ["Developer", "Basic"]],
    ["enableFileCopy", ["Developer", "Basic"]],
    ["disableCopyPaste", ["Developer", "Basic"]],
    ["enableSessionRecording", ["Developer", "Basic", "Standard"]],
    ["enablePrivateOnlyBastion", ["Developer", "Basic", "Standard"]],
  ];
  for (const [feature, refusedBy] of features) {
    it(`refuses ${feature} to ${refusedBy.join(", ")} alone`, async () => {
      for (const sku of refusedBy) {
        const body = sku === "Developer" ? developer({ [feature]: true }) : bastion(sku, { [feature]: true });
        assert.equal(
          await cloud.refusal("PUT", host, body),
          `400 FeatureNotSupportedFor${sku}BastionSku: Bastion feature(s) ${feature} are not supported for ${sku} SKU.`,
        );
      }
      const first = ["Developer", "Basic", "Standard", "Premium"].find((sku) => !refusedBy.includes(sku))!;
      const own = feature === "enablePrivateOnlyBastion" ? privateOnly() : { [feature]: true };
      await cloud.put(host, bastion(first, own));
    });
  }

  it("counts scale units: two for Basic, 2 to 50 for Standard and Premium, none for Developer", async () => {
    const range = (units: number) =>
      `400 BastionInvalidScaleUnits: Scale units ${units} of the Bastion host are not valid. Allowed range 2-50.`;
    const unsupported = (sku: string) =>
      `400 FeatureNotSupportedFor${sku}BastionSku: Bastion feature(s) scaleUnits are not supported for ${sku} SKU.`;
    assert.equal(await cloud.refusal("PUT", host, bastion("Basic", { scaleUnits: 3 })), unsupported("Basic"));
    assert.equal(await cloud.refusal("PUT", host, developer({ scaleUnits: 2 })), unsupported("Developer"));
    assert.equal(await cloud.refusal("PUT", host, bastion("Standard", { scaleUnits: 1 })), range(1));
    assert.equal(await cloud.refusal("PUT", host, bastion("Premium", { scaleUnits: 51 })), range(51));
    await cloud.put(host, bastion("Standard", { scaleUnits: 50 }));
  });

  it("is served by a shared host with the Developer SKU", async () => {
    const { properties } = await cloud.put(host, developer());
    assert.deepEqual(properties, {
      dnsName: "127.0.0.1:8443",
      ipConfigurations: [],
      provisioningState: "Succeeded",
      virtualNetwork: { id: cloud.id(network) },
    });
    assert.equal(
      (await cloud.refused("PUT", `${host}2`, bastion("Developer"))).code,
      "VirtualNetworkRequiredForDeveloperBastionSku",
    );
  });

  it("stands in AzureBastionSubnet alone, and in /26 or larger", async () => {
    const elsewhere = bastion("Basic", { ipConfigurations: configuration({ subnet: { id: cloud.id(vmSubnet) } }) });
    assert.equal(
      await cloud.refusal("PUT", host, elsewhere),
      `400 BastionHostSubnetNameInvalid: Bastion host ${cloud.id(host)} can only be deployed in a subnet with name 'AzureBastionSubnet'. Subnet given: ${cloud.id(vmSubnet)}.`,
    );
    await cloud.put(bastionSubnet, { properties: { addressPrefix: "10.0.0.0/27" } });
    assert.equal(
      await cloud.refusal("PUT", host, bastion("Basic")),
      `400 BastionHostSubnetSizeInvalid: Subnet ${cloud.id(bastionSubnet)} has prefix length /27. The subnet of a Bastion host must be /26 or larger.`,
    );
  });

  it("is the only one of its network", async () => {
    await cloud.put(host, bastion("Basic"));
    await cloud.put(`${address}2`, publicIp());
    const other = configuration({ publicIPAddress: { id: cloud.id(`${address}2`) } });
    assert.equal(
      await cloud.refusal("PUT", `${host}2`, bastion("Basic", { ipConfigurations: other })),
      `400 VirtualNetworkAlreadyHasBastionHost: Virtual network ${cloud.id(network)} already has a Bastion host ${cloud.id(host)}. Only one Bastion host is allowed in a virtual network.`,
    );
  });

  it("is upgraded in place and never downgraded", async () => {
    const notSupported =
      "400 BastionUpdateNotSupported: Downgrading SKU or updating bastion host subnet or public ip is not allowed";
    const { properties } = await cloud.put(host, bastion("Basic"));
    const upgraded = await cloud.put(host, bastion("Premium", { enableIpConnect: true }));
    assert.equal((upgraded.properties as JsonObject).dnsName, (properties as JsonObject).dnsName);
    assert.equal(await cloud.refusal("PUT", host, bastion("Standard")), notSupported);
    await cloud.put(`${address}2`, publicIp());
    const moved = configuration({ publicIPAddress: { id: cloud.id(`${address}2`) } });
    assert.equal(await cloud.refusal("PUT", host, bastion("Premium", { ipConfigurations: moved })), notSupported);
    assert.equal(await cloud.refusal("PUT", host, bastion("Premium", privateOnly())), notSupported);
  });

  it("keeps its network with the Developer SKU", async () => {
    await cloud.put(host, developer());
    await cloud.put(`${network}2`, {
      location: "westeurope",
      properties: { addressSpace: { addressPrefixes: ["10.99.0.0/16"] } },
    });
    assert.equal(
      (await cloud.refused("PUT", host, developer({ virtualNetwork: { id: cloud.id(`${network}2`) } }))).code,
      "BastionUpdateNotSupported",
    );
  });

  it("is upgraded from Developer with its first subnet and public IP address", async () => {
    await cloud.put(host, developer());
    await cloud.put(host, bastion("Basic"));
  });

  it("has a public IP address unless it is private-only", async () => {
    assert.equal(
      (await cloud.refused("PUT", host, bastion("Premium", { enablePrivateOnlyBastion: true }))).code,
      "PublicIPAddressNotAllowedForPrivateOnlyBastion",
    );
    const { ipConfigurations } = privateOnly();
    assert.equal(
      (await cloud.refused("PUT", host, bastion("Premium", { ipConfigurations: ipConfigurations! }))).code,
      "PublicIPAddressIsRequired",
    );
    await cloud.put(host, bastion("Premium", privateOnly()));
  });

  it("keeps its zones", async () => {
    await cloud.put(host, bastion("Basic", {}, { zones: ["1", "2"] }));
    assert.equal(
      await cloud.refusal("PUT", host, bastion("Basic", {}, { zones: ["1"] })),
      `400 ResourceAvailabilityZonesCannotBeModified: Resource ${cloud.id(host)} has an existing availability zone constraint 1, 2 and the request has availability zone constraint 1, which do not match. Zones cannot be added/updated/removed once the resource is created. The resource cannot be updated from regional to zonal or vice-versa.`,
    );
  });

  it("refuses session recording together with tunneling", async () => {
    const { code } = await cloud.refused(
      "PUT",
      host,
      bastion("Premium", { enableSessionRecording: true, enableTunneling: true }),
    );
    assert.equal(code, "BastionSessionRecordingNotSupportedWithTunneling");
  });

  it("ends its sessions when it is deleted", async () => {
    await cloud.put(host, bastion("Standard"));
    await cloud.delete(host);
    assert.deepEqual(asked, [`endSessionsOf ${cloud.id(host)}`]);
  });

  it("gives its sessions to those who ask", async () => {
    await cloud.put(host, bastion("Standard"));
    await cloud.send("POST", `${host}/getActiveSessions?api-version=2025-05-01`, {});
    await cloud.send("POST", `${host}/disconnectActiveSessions?api-version=2025-05-01`, { sessionIds: [] });
    await cloud.send("POST", `${host}/setsessionrecordingsasurl?api-version=2023-09-01`, { sasUrl: "https://x" });
    assert.deepEqual(asked, ["getActiveSessions", "disconnectActiveSessions", "setRecordingSasUrl"]);
  });
});
