/**
 * Looks up everything that the config adopts before anything is registered, so that a deployment does not fail halfway.
 */
import { getClientConfig } from "@pulumi/azure-native/authorization/getClientConfig.js";
import { getVault } from "@pulumi/azure-native/keyvault/getVault.js";
import { getResourceGroup } from "@pulumi/azure-native/resources/getResourceGroup.js";
import type { GetVirtualNetworkResult } from "@pulumi/azure-native/network/getVirtualNetwork.js";
import * as pulumi from "@pulumi/pulumi";
import { adoptedHostFit, lookUpHost } from "@bastion-trail/components/bastion-host/adoptedHost";
import {
  adoptedNetworkFit,
  adoptedSubnetFit,
  bastionHostsIn,
  lookUpNetwork,
  prefixesOf,
  presentSubnetProblems,
} from "@bastion-trail/components/bastion-network/adoptedNetwork";
import { FlowLogDestination } from "@bastion-trail/components/flow-logs/flowLogRules";
import { watcherProblems } from "@bastion-trail/components/flow-logs/networkWatcher";
import { lookUpAccount } from "@bastion-trail/components/audit-archive/adoptedStorageAccount";
import { isPeered, vmSubnetFit } from "@bastion-trail/components/jit-virtual-machine/adoptedVmSubnet";
import { isSame, nameIn, virtualNetworkIdOf } from "@bastion-trail/components/shared/armId";
import { lookUpWorkspace } from "@bastion-trail/components/audit-workspace/auditWorkspace";
import { present } from "@bastion-trail/components/shared/liveResource";
import { isMissing, type Lookup, lookUp, lookupProblems } from "@bastion-trail/components/shared/lookup";
import { adoptedAccountProblems } from "@bastion-trail/components/shared/storageRules";
import type { Problem } from "@bastion-trail/components/shared/validate";
import { virtualMachineProblems } from "@bastion-trail/components/jit-virtual-machine/vmRules";
import { refuseConfig, type TrailConfig } from "./config/index.ts";
import { regionName } from "@bastion-trail/core/rules/region";
import { armClient } from "@bastion-trail/components/shared/armClient";
import { networkRequest } from "./config/problems.ts";
import { flowLogsInTheWay, mayMeetFlowLogs, problemsInTheWay } from "./inTheWay.ts";
import { regionProblems } from "./region.ts";

/**
 * Refuses adopted resources that are missing in Azure or do not fit, and what is in the way.
 * @throws ValidationError that lists every problem by its config key.
 */
export async function refuseUnfitAdoptions(config: TrailConfig): Promise<void> {
  const networks = new Networks();
  const isDeployed = mayBeDeployed(config);
  const { existingBastionHostId } = config.bastion;
  const host = existingBastionHostId === undefined ? undefined : lookUpHost(existingBastionHostId, {});
  const found = await Promise.all([
    networkProblems(config, networks, isDeployed),
    hostProblems(config, host),
    storeProblems(config, host),
    vaultProblems(config),
    networkWatcherProblems(config),
    ...vmSubnets(config).map((subnet) => vmSubnetProblems(config, subnet, networks)),
    inTheWay(config, isDeployed),
  ]);
  refuseConfig(found.flat());
}

/** Looks up virtual networks, each only once. */
class Networks {
  readonly #lookups = new Map<string, Promise<Lookup<GetVirtualNetworkResult>>>();

  find(key: string, id: string): Promise<Lookup<GetVirtualNetworkResult>> {
    const lookup = this.#lookups.get(id.toLowerCase()) ?? lookUpNetwork(key, id, {});
    this.#lookups.set(id.toLowerCase(), lookup);
    return lookup;
  }
}

async function networkProblems(
  config: TrailConfig,
  networks: Networks,
  isDeployed: Promise<boolean>,
): Promise<readonly Problem[]> {
  const { existingVirtualNetworkId: id, existingBastionSubnetId: bastionSubnetId } = config.network;
  if (id === undefined) return [];
  const [lookup, deployed] = await Promise.all([networks.find("existingVirtualNetworkId", id), isDeployed]);
  const request = networkRequest(config);
  return lookupProblems(lookup, (live) => [
    ...adoptedNetworkFit(live, config.location, request),
    ...(deployed ? [] : presentSubnetProblems(live, request)),
    ...(bastionSubnetId === undefined ? [] : bastionSubnetProblems(bastionSubnetId, live)),
    ...secondHostProblems(config, live),
  ]);
}

/** Azure allows one Bastion host per virtual network. A subnet to create that exists already has a problem of its own. */
function secondHostProblems({ namePrefix, bastion, network }: TrailConfig, live: GetVirtualNetworkResult): Problem[] {
  if (bastion.existingBastionHostId !== undefined || network.bastionSubnetPrefix !== undefined) return [];
  const own = `/resourcegroups/${namePrefix}/providers/microsoft.network/bastionhosts/`;
  const [other] = bastionHostsIn(live).filter((id) => !id.toLowerCase().includes(own));
  const key = network.existingBastionSubnetId === undefined ? "existingVirtualNetworkId" : "existingBastionSubnetId";
  return other === undefined
    ? []
    : [
        {
          key,
          value: network[key],
          reason: `the network already has the Bastion host ${other}, and Azure allows only one; set existingBastionHostId to use it`,
        },
      ];
}

function bastionSubnetProblems(id: string, network: GetVirtualNetworkResult): Problem[] {
  const subnet = (network.subnets ?? []).find(({ name }) => isSame(name, nameIn(id) ?? ""));
  return subnet === undefined
    ? [{ key: "existingBastionSubnetId", value: id, reason: `${virtualNetworkIdOf(id)} has no such subnet` }]
    : adoptedSubnetFit(id, prefixesOf(subnet));
}

/**
 * Whether the stack's resource group may exist. Only then can anything in an adopted network, or a setting of an adopted
 * host, belong to the stack.
 */
async function mayBeDeployed({ namePrefix }: TrailConfig): Promise<boolean> {
  return !(await isMissing(() => getResourceGroup({ resourceGroupName: namePrefix })));
}

async function inTheWay(config: TrailConfig, isDeployed: Promise<boolean>): Promise<readonly Problem[]> {
  const deployed = await isDeployed;
  if (deployed && !mayMeetFlowLogs(config)) return [];
  // Without a login, Azure is asked nothing here; what is created first says so.
  const login = await present(Promise.all([getClientConfig(), armClient({})]));
  if (login === undefined) return [];
  const [{ subscriptionId }, arm] = login;
  if (deployed) return flowLogsInTheWay(config, subscriptionId, arm);
  const found = await Promise.all([
    regionProblems(config, subscriptionId, arm),
    problemsInTheWay(config, subscriptionId, arm),
  ]);
  return found.flat();
}

/** The adopted host, looked up once; `undefined` if there is none. */
type AdoptedHost = ReturnType<typeof lookUpHost> | undefined;

async function hostProblems(config: TrailConfig, host: AdoptedHost): Promise<readonly Problem[]> {
  const { existingBastionHostId: id } = config.bastion;
  if (id === undefined || host === undefined) return [];
  const wanted = { audited: config.audit, bastionSubnetId: config.network.existingBastionSubnetId };
  return lookupProblems(await host, (live) => [
    ...adoptedHostFit(id, live, wanted),
    ...config.vms.flatMap((vm, index) =>
      virtualMachineProblems({ ...vm, sessionsRecorded: live.enableSessionRecording }).map((problem) => ({
        ...problem,
        key: `vms[${index}].${problem.key}`,
      })),
    ),
  ]);
}

async function storeProblems(
  { archive, workspace, location }: TrailConfig,
  adoptedHost: AdoptedHost,
): Promise<readonly Problem[]> {
  const { existingStorageAccountId: accountId } = archive;
  const { existingWorkspaceId: workspaceId } = workspace;
  const [account, host, found] = await Promise.all([
    accountId === undefined ? undefined : lookUpAccount(accountId, {}),
    adoptedHost,
    workspaceId === undefined ? undefined : lookUpWorkspace(workspaceId, {}),
  ]);
  const bastionLocation = (host !== undefined && "live" in host ? host.live.location : undefined) ?? location;
  return [
    ...(account === undefined || accountId === undefined
      ? []
      : lookupProblems(account, (live) => adoptedAccountProblems(accountId, live, bastionLocation))),
    ...(found === undefined ? [] : lookupProblems(found, () => [])),
  ];
}

/**
 * Azure creates the watcher of a region with its first virtual network, so it must exist if an adopted network does.
 */
async function networkWatcherProblems({ flowLogs, network, location, vms }: TrailConfig): Promise<readonly Problem[]> {
  const { destination, networkWatcherId } = flowLogs;
  const adopted = [networkWatcherId, network.existingVirtualNetworkId, ...vms.map(({ subnetId }) => subnetId)];
  return destination === FlowLogDestination.Off || adopted.every((id) => id === undefined)
    ? []
    : watcherProblems({ networkWatcherId, location }, {});
}

/** Azure's compute provider reads secrets only from a vault in the VM's region that is enabled for deployment. */
async function vaultProblems({ passwordVaultId: id, location }: TrailConfig): Promise<readonly Problem[]> {
  if (id === undefined) return [];
  const key = "passwordVaultId";
  const lookup = await lookUp(key, id, ({ resourceGroupName, name }) =>
    getVault({ resourceGroupName, vaultName: name }),
  );
  return lookupProblems(lookup, ({ location: region = "", properties }) => [
    ...(regionName(region) === regionName(location)
      ? []
      : [{ key, value: id, reason: `the vault is in ${region}; it must be in the region of the VMs, ${location}` }]),
    ...(properties.enabledForDeployment === true
      ? []
      : [
          {
            key,
            value: id,
            reason: "the vault must be enabled for deployment (az keyvault update --enabled-for-deployment)",
          },
        ]),
    ...(properties.networkAcls?.defaultAction === "Deny" && properties.networkAcls.bypass === "None"
      ? [
          {
            key,
            value: id,
            reason: "the vault's firewall must let trusted services in (az keyvault update --bypass AzureServices)",
          },
        ]
      : []),
  ]);
}

/** An existing subnet that VMs will use. */
interface VmSubnet {
  /** Config key of the first setting that names it. */
  readonly key: string;
  readonly id: string;
  readonly vms: number;
}

function vmSubnets({ network, vms }: TrailConfig): VmSubnet[] {
  const named = vms.flatMap(({ subnetId }, index) =>
    subnetId === undefined ? [] : [{ key: `vms[${index}].subnetId`, id: subnetId }],
  );
  const { existingVmSubnetId } = network;
  const shared = vms.filter(({ subnetId }) => subnetId === undefined).length;
  const places = [
    ...(existingVmSubnetId === undefined ? [] : [{ key: "existingVmSubnetId", id: existingVmSubnetId, vms: shared }]),
    ...named.map((place) => ({ ...place, vms: 1 })),
  ];
  const subnets = new Map<string, VmSubnet>();
  for (const { key, id, vms: guests } of places) {
    const known = subnets.get(id.toLowerCase()) ?? { key, id, vms: 0 };
    subnets.set(id.toLowerCase(), { ...known, vms: known.vms + guests });
  }
  return [...subnets.values()];
}

async function vmSubnetProblems(
  config: TrailConfig,
  { key, id, vms }: VmSubnet,
  networks: Networks,
): Promise<readonly Problem[]> {
  const networkId = virtualNetworkIdOf(id);
  const lookup = await networks.find(key, networkId);
  const hubId = config.network.existingVirtualNetworkId;
  if ("live" in lookup && hubId !== undefined && !isSame(hubId, networkId) && !isPeered(lookup.live, hubId)) {
    await pulumi.log.warn(
      `${pulumi.getProject()}:${key}: ${networkId} is not peered with ${hubId}; Bastion cannot reach VMs in it.`,
    );
  }
  // Problems of the adopted network itself are reported under its own key.
  if (!("live" in lookup) && hubId !== undefined && isSame(hubId, networkId)) return [];
  const guests = { location: config.location, vms, isTheirs: ownAddress(config) };
  return lookupProblems(lookup, (live) => vmSubnetFit(key, id, live, guests)).map(({ reason }) => ({
    key,
    value: id,
    reason,
  }));
}

/** Returns a function that tells whether an IP configuration belongs to a network interface of the stack's own VMs. */
function ownAddress({ namePrefix, vms }: TrailConfig): (id: string) => boolean {
  const own = vms.map(
    ({ name }) => `/resourcegroups/${namePrefix}/providers/microsoft.network/networkinterfaces/${name}-nic/`,
  );
  const starts = own.map((part) => part.toLowerCase());
  return (id) => starts.some((part) => id.toLowerCase().includes(part));
}
