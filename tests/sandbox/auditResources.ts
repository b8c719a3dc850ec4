import { textAt, type JsonObject } from "../../sandbox/arm/json.ts";
import type { AuditPlane } from "./auditPlane.ts";
import { putResource } from "./auditFixture.ts";

/** A deployed access path, put into the store as the control plane would have it. */
export interface AccessPath {
  readonly virtualNetworkId: string;
  readonly bastionId: string;
  readonly vmId: string;
  readonly nicId: string;
  readonly nsgId: string;
}

export const bastionSubnet = "10.0.0.0/26";
export const vmAddress = "10.0.1.4";

/** Puts a virtual network, a Bastion host and one VM with an NSG on its NIC that lets nobody new in. */
export function putAccessPath(
  plane: AuditPlane,
  options: { sku?: string; vm?: string; host?: JsonObject } = {},
): AccessPath {
  const { store, group } = plane;
  const network = `${group}/providers/Microsoft.Network`;
  const virtualNetworkId = `${network}/virtualNetworks/vnet`;
  const [location, provisioningState] = ["westeurope", "Succeeded"];
  const addressSpace = { addressPrefixes: ["10.0.0.0/16"] };
  putResource(store, virtualNetworkId, { location, properties: { addressSpace, provisioningState } });
  const subnet = (name: string, addressPrefix: string): string =>
    putResource(store, `${virtualNetworkId}/subnets/${name}`, { properties: { addressPrefix, provisioningState } }).id;
  const bastionSubnetId = subnet("AzureBastionSubnet", bastionSubnet);
  const vmSubnetId = subnet("snet-vm", "10.0.1.0/24");
  const bastionId = `${network}/bastionHosts/bas-main`;
  const sku = options.sku ?? "Standard";
  const place: JsonObject =
    sku === "Developer"
      ? { virtualNetwork: { id: virtualNetworkId } }
      : { ipConfigurations: [{ name: "ip", properties: { subnet: { id: bastionSubnetId } } }], scaleUnits: 2 };
  const properties = { ...place, provisioningState, ...options.host };
  putResource(store, bastionId, { location, sku: { name: sku }, properties });
  const { vmId, nicId, nsgId } = putVm(plane, options.vm ?? "vm-app", vmSubnetId, vmAddress);
  return { virtualNetworkId, bastionId, vmId, nicId, nsgId };
}

/** Resource GUID of every NSG, by which flow logs know it. */
export const nsgGuid = "7c1d5a52-5a0f-4f1e-9a6b-0c3d2e1f4a5b";

/** Puts a Linux VM with its NIC and the NIC's NSG. */
export function putVm(
  { store, group }: AuditPlane,
  name: string,
  subnetId: string,
  address: string,
  nsg = true,
): Pick<AccessPath, "vmId" | "nicId" | "nsgId"> {
  const nsgId = `${group}/providers/Microsoft.Network/networkSecurityGroups/nsg-${name}`;
  const nicId = `${group}/providers/Microsoft.Network/networkInterfaces/nic-${name}`;
  const vmId = `${group}/providers/Microsoft.Compute/virtualMachines/${name}`;
  const tracked = (id: string, properties: JsonObject): void => {
    const own = { ...properties, provisioningState: "Succeeded" };
    putResource(store, id, { location: "westeurope", properties: own });
  };
  if (nsg) tracked(nsgId, { resourceGuid: nsgGuid });
  tracked(nicId, {
    macAddress: "00-0D-3A-12-34-56",
    ...(nsg ? { networkSecurityGroup: { id: nsgId } } : {}),
    ipConfigurations: [
      { name: "ip", properties: { primary: true, privateIPAddress: address, subnet: { id: subnetId } } },
    ],
  });
  tracked(vmId, {
    osProfile: { computerName: name, adminUsername: "azureuser", linuxConfiguration: {} },
    storageProfile: { osDisk: { osType: "Linux" } },
    networkProfile: { networkInterfaces: [{ id: nicId, properties: { primary: true } }] },
  });
  return { vmId, nicId, nsgId };
}

export const versions = {
  storage: "2024-01-01",
  settings: "2021-05-01-preview",
  workspace: "2023-09-01",
  pricing: "2024-01-01",
  jit: "2020-01-01",
  bastion: "2024-05-01",
  compute: "2024-11-01",
  network: "2024-05-01",
} as const;

/** Creates a storage account and a workspace. */
export async function putSinks(
  plane: AuditPlane,
): Promise<{ accountId: string; workspaceId: string; customerId: string }> {
  const accountId = `${plane.group}/providers/Microsoft.Storage/storageAccounts/staudit`;
  const workspaceId = `${plane.group}/providers/Microsoft.OperationalInsights/workspaces/log-audit`;
  await plane.send("PUT", accountId, versions.storage, {
    location: "westeurope",
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
    properties: { allowSharedKeyAccess: false },
  });
  await plane.send("PUT", workspaceId, versions.workspace, { location: "westeurope", properties: {} });
  const { body } = await plane.send("GET", workspaceId, versions.workspace);
  return { accountId, workspaceId, customerId: textAt(body, "properties.customerId") ?? "" };
}

/** Switches Defender for Servers Plan 2 on. */
export async function putPlan(plane: AuditPlane): Promise<void> {
  await plane.send("PUT", planId(plane), versions.pricing, { properties: { pricingTier: "Standard", subPlan: "P2" } });
}

export function planId({ identity }: AuditPlane): string {
  return `/subscriptions/${identity.subscriptionId}/providers/Microsoft.Security/pricings/VirtualMachines`;
}

export function jitId({ group }: AuditPlane, name = "jit-vm-app"): string {
  return `${group}/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/${name}`;
}

/** A policy body for one VM's SSH port that the Bastion subnet may ask for. */
export function jitBody(vmId: string, port: JsonObject = {}): JsonObject {
  const ports = [
    {
      number: 22,
      protocol: "TCP",
      allowedSourceAddressPrefix: bastionSubnet,
      maxRequestAccessDuration: "PT3H",
      ...port,
    },
  ];
  return { kind: "Basic", properties: { virtualMachines: [{ id: vmId, ports }] } };
}
