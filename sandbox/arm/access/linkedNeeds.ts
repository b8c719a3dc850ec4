import { flagAt, textAt, isObject, type Json, type JsonObject } from "../json.ts";
import { parentIdOf, subscriptionScopeOf } from "../ids.ts";
import type { ResourceReader } from "../resource.ts";
import type { Need } from "./need.ts";

/** A write, delete or action that refers to other resources. */
export interface Touching {
  /** The right that the operation itself needs. */
  readonly need: Need;
  /** The body of the request; empty without one. */
  readonly body: JsonObject;
  readonly store: ResourceReader;
}

/** Rights that an operation needs on the resources it refers to, which ARM calls linked scopes. */
interface LinkedRule {
  readonly action: string;
  readonly needs: readonly string[];
  readonly of: (touching: Touching) => readonly (string | undefined)[];
}

/**
 * Rules for the ids at paths of the body: `a[].b` is the `b` of each element of `a`, `a{}` the names of the members of `a`.
 * @param needs - the rights on the resources of each path.
 */
function referring(action: string, needs: Readonly<Record<string, readonly string[]>>): LinkedRule[] {
  return Object.entries(needs).map(([path, rights]) => ({
    action,
    needs: rights,
    of: ({ body }) => valuesAt(body, path.split(".")),
  }));
}

const network = "Microsoft.Network";
const joinsSubnet = [`${network}/virtualNetworks/subnets/join/action`];
const joinsGroup = [`${network}/networkSecurityGroups/join/action`];
const joinsAddress = [`${network}/publicIPAddresses/join/action`];

/**
 * Sources of the joins: azure-docs, virtual-network/virtual-network-network-interface.md and
 * virtual-network-manage-subnet.md ("Permissions"), and the description of each `join/action` in
 * permissions/networking.md.
 */
const joins: readonly LinkedRule[] = [
  ...referring(`${network}/networkInterfaces/write`, {
    "properties.ipConfigurations[].properties.subnet.id": joinsSubnet,
    "properties.ipConfigurations[].properties.publicIPAddress.id": joinsAddress,
    "properties.networkSecurityGroup.id": joinsGroup,
  }),
  ...referring(`${network}/virtualNetworks/subnets/write`, { "properties.networkSecurityGroup.id": joinsGroup }),
  ...referring(`${network}/virtualNetworks/write`, {
    "properties.subnets[].properties.networkSecurityGroup.id": joinsGroup,
  }),
  ...referring(`${network}/bastionHosts/write`, {
    "properties.ipConfigurations[].properties.subnet.id": joinsSubnet,
    "properties.ipConfigurations[].properties.publicIPAddress.id": joinsAddress,
    "properties.virtualNetwork.id": [`${network}/virtualNetworks/join/action`],
  }),
  ...referring("Microsoft.Compute/virtualMachines/write", {
    "properties.networkProfile.networkInterfaces[].id": [`${network}/networkInterfaces/join/action`],
  }),
];

const analytics = "properties.flowAnalyticsConfiguration.networkWatcherFlowAnalyticsConfiguration";
const writesFlowLog = `${network}/networkWatchers/flowLogs/write`;

/** azure-docs, network-watcher/required-rbac-permissions.md, "Flow logs" and "Traffic analytics". */
const flowLogs: readonly LinkedRule[] = [
  {
    action: writesFlowLog,
    needs: ["configureFlowLog", "queryFlowLogStatus"].map((name) => `${network}/networkWatchers/${name}/action`),
    of: ({ need }) => [parentIdOf(need.scope)],
  },
  ...referring(writesFlowLog, {
    "properties.storageId": ["listServiceSas", "listAccountSas", "listKeys"].map(
      (name) => `Microsoft.Storage/storageAccounts/${name}/action`,
    ),
  }),
  {
    action: writesFlowLog,
    needs: [
      ...["applicationGateways", "connections", "loadBalancers", "localNetworkGateways", "networkInterfaces"],
      ...["networkSecurityGroups", "publicIPAddresses", "routeTables", "virtualNetworkGateways", "virtualNetworks"],
      "expressRouteCircuits",
    ]
      .map((type) => `${network}/${type}/read`)
      .concat(
        ["dataCollectionRules", "dataCollectionEndpoints"].flatMap((type) =>
          ["read", "write", "delete"].map((verb) => `Microsoft.Insights/${type}/${verb}`),
        ),
      ),
    of: ({ need, body }) => (flagAt(body, `${analytics}.enabled`) === true ? [subscriptionScopeOf(need.scope)] : []),
  },
  ...referring(writesFlowLog, {
    [`${analytics}.workspaceResourceId`]: ["read", "sharedKeys/action"].map(
      (verb) => `Microsoft.OperationalInsights/workspaces/${verb}`,
    ),
  }),
];

const others: readonly LinkedRule[] = [
  // JimGBritt/AzurePolicy #17, prime-reportstream #7678; azure-monitor-docs, logs/manage-access.md, "Example 2".
  ...referring("Microsoft.Insights/diagnosticSettings/write", {
    "properties.workspaceId": ["Microsoft.OperationalInsights/workspaces/sharedKeys/action"],
    "properties.storageAccountId": ["Microsoft.Storage/storageAccounts/listKeys/action"],
  }),
  // aad-pod-identity #613; permissions/identity.md, "RBAC action for assigning an existing user assigned identity to a resource".
  ...[
    "Microsoft.Compute/virtualMachines",
    `${network}/bastionHosts`,
    `${network}/networkWatchers/flowLogs`,
    "Microsoft.Storage/storageAccounts",
  ].flatMap((type) =>
    referring(`${type}/write`, {
      "identity.userAssignedIdentities{}": ["Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"],
    }),
  ),
  // permissions/security.md, "Enables access to secrets in a key vault when deploying Azure resources".
  ...referring("Microsoft.Compute/virtualMachines/extensions/write", {
    "properties.protectedSettingsFromKeyVault.sourceVault.id": ["Microsoft.KeyVault/vaults/deploy/action"],
  }),
  // azure-docs #6250, and the role Virtual Machine Contributor. It is not documented whether Azure requires them if a
  // VM creates its disk itself (docs/limits.md).
  {
    action: "Microsoft.Compute/virtualMachines/write",
    needs: ["Microsoft.Compute/disks/read", "Microsoft.Compute/disks/write"],
    of: ({ need, body }) =>
      textAt(body, "properties.storageProfile.osDisk.createOption") === "FromImage" ? [groupOf(need.scope)] : [],
  },
  {
    action: "Microsoft.Compute/virtualMachines/delete",
    needs: ["Microsoft.Compute/disks/delete"],
    of: ({ need, store }) => {
      const option = textAt(store.get(need.scope)?.body, "properties.storageProfile.osDisk.deleteOption");
      return option === "Delete" ? [groupOf(need.scope)] : [];
    },
  },
  // azure-docs, defender-for-cloud/just-in-time-access-overview.md, "What permissions are needed to configure and use JIT?"
  ...referring("Microsoft.Security/locations/jitNetworkAccessPolicies/write", {
    "properties.virtualMachines[].id": ["Microsoft.Compute/virtualMachines/write"],
  }),
  ...referring("Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action", {
    "virtualMachines[].id": ["Microsoft.Compute/virtualMachines/read"],
  }),
];

const rules = [...joins, ...flowLogs, ...others];

/** Returns the rights that an operation needs on other resources, each once. */
export function linkedNeeds(touching: Touching): Need[] {
  const { action } = touching.need;
  const needs = rules
    .filter((rule) => rule.action.toLowerCase() === action.toLowerCase())
    .flatMap((rule) =>
      rule
        .of(touching)
        .flatMap((scope) => (scope === undefined ? [] : rule.needs.map((linked) => ({ action: linked, scope })))),
    );
  return [...new Map(needs.map((need) => [`${need.action} ${need.scope}`.toLowerCase(), need])).values()];
}

function groupOf(id: string): string {
  return id.split("/").slice(0, 5).join("/");
}

function valuesAt(value: Json | undefined, [step, ...rest]: readonly string[]): string[] {
  if (step === undefined) return typeof value === "string" && value !== "" ? [value] : [];
  if (!isObject(value)) return [];
  const [, name = "", kind = ""] = /^(\w+)(\[\]|\{\})?$/.exec(step) ?? [];
  const inner = Object.entries(value).find(([member]) => member.toLowerCase() === name.toLowerCase())?.[1];
  if (kind === "[]") return Array.isArray(inner) ? inner.flatMap((element) => valuesAt(element, rest)) : [];
  if (kind === "{}") return isObject(inner) ? Object.keys(inner) : [];
  return valuesAt(inner, rest);
}
