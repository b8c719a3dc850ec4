/** The stack's outputs: links first, then the ids for CI jobs and scripts. */
import * as pulumi from "@pulumi/pulumi";
import type * as trail from "@bastion-trail/components";
import { providerEndpoint } from "@bastion-trail/components/shared/armClient";
import type { TrailConfig } from "./config/index.ts";
import type { Evidence } from "./evidence.ts";
import {
  accessActivityQuery,
  activityLogContainerName,
  bastionSessionsQuery,
  blobPrefix,
  cloudAt,
  containerLink,
  flowLogBlobPrefix,
  logQueryLink,
  publicPortal,
  resourceLink,
} from "@bastion-trail/core/links";

/**
 * Portal links, each in a form with a public source. A link without a target in this stack is missing. Each is an output of its
 * own: if an update leaves a resource out (`--target`, `--exclude`), only its own link is not known.
 */
export interface Links {
  /** The Bastion host's page, from which users connect. */
  readonly bastionHost: pulumi.Output<string>;
  /** Log Analytics with the query for the sessions of this host. */
  readonly auditLogQuery?: pulumi.Output<string>;
  /** The archive's container of audit logs. */
  readonly archiveContainer?: pulumi.Output<string>;
  /** Log Analytics with the query for JIT requests and writes of network security groups. */
  readonly jitActivityQuery?: pulumi.Output<string>;
  /** Each VM's page, by VM name. */
  readonly virtualMachines: Readonly<Record<string, pulumi.Output<string>>>;
}

/** Where one kind of log is in a storage account. */
export interface ArchiveFolder {
  readonly account: string;
  /** `https://ACCOUNT.blob.core.windows.net` */
  readonly blobEndpoint: string;
  readonly container: string;
  /** Prefix of the names of all its blobs: `resourceId=/SUBSCRIPTIONS/.../`. */
  readonly blobPrefix: string;
}

export interface VmOutput {
  readonly name: string;
  readonly id: string;
  readonly privateIp: string;
  readonly jitPolicyId: string;
  /** ARM id of the network security group on its network interface. */
  readonly nsgId: string;
}

/** The stack's outputs. An output that does not apply to the stack's config is missing. */
export interface StackOutputs {
  readonly links: Links;
  readonly subscriptionId: pulumi.Output<string>;
  readonly tenantId: pulumi.Output<string>;
  /** ARM id of the Bastion host. */
  readonly bastionHostId: pulumi.Output<string>;
  /** ARM id of the virtual network of the Bastion host. */
  readonly virtualNetworkId: pulumi.Output<string>;
  /** ARM id of its AzureBastionSubnet; missing with the Developer SKU. */
  readonly bastionSubnetId?: pulumi.Output<string>;
  /** The Bastion audit logs in the archive. */
  readonly archive?: pulumi.Output<ArchiveFolder>;
  /** The exported activity log in the archive. */
  readonly activityLogArchive?: pulumi.Output<ArchiveFolder>;
  /** The flow logs of the VMs' subnets, in a separate storage account. */
  readonly flowLogArchive?: pulumi.Output<ArchiveFolder>;
  /** ARM id of the Log Analytics workspace. */
  readonly workspaceId?: pulumi.Output<string>;
  /** GUID of the workspace, which identifies it in queries. */
  readonly workspaceCustomerId?: pulumi.Output<string>;
  readonly vms: readonly pulumi.Output<VmOutput>[];
  /** The generated passwords by VM, a secret. Passwords in a vault are not included. */
  readonly adminPasswords?: pulumi.Output<Record<string, string>>;
  /** Addresses of the vault secrets that hold the passwords, by VM, if they are kept in a vault. */
  readonly adminPasswordSecrets?: pulumi.Output<Record<string, string>>;
  /** The manual step that remains before a recording host accepts sessions. */
  readonly recordingNextStep?: pulumi.Output<string | undefined>;
}

/** Input of the outputs. */
export interface Deployed {
  readonly config: TrailConfig;
  readonly subscriptionId: pulumi.Output<string>;
  readonly tenantId: pulumi.Output<string>;
  readonly network: trail.BastionNetwork;
  readonly bastion: trail.BastionHost;
  readonly evidence: Evidence | undefined;
  readonly flowLogs: trail.FlowLogs | undefined;
  readonly vms: readonly trail.JitVirtualMachine[];
}

export function stackOutputs(deployed: Deployed): StackOutputs {
  const { config, subscriptionId, tenantId, network, bastion, evidence, flowLogs, vms } = deployed;
  const passwords = byName(deployed, ({ adminPassword }) => adminPassword);
  const secrets = byName(deployed, ({ adminPasswordSecretUri }) => adminPasswordSecretUri);
  return {
    links: links(deployed),
    subscriptionId,
    tenantId,
    bastionHostId: bastion.hostId,
    virtualNetworkId: network.virtualNetworkId,
    ...(network.bastionSubnetId && { bastionSubnetId: network.bastionSubnetId }),
    ...(evidence && {
      ...(config.audit && {
        archive: folder(evidence.archive, evidence.archive.containerName, bastion.hostId.apply(blobPrefix)),
      }),
      ...(config.activityLogExport && {
        activityLogArchive: folder(
          evidence.archive,
          activityLogContainerName,
          pulumi.interpolate`/subscriptions/${subscriptionId}`.apply(blobPrefix),
        ),
      }),
      workspaceId: evidence.workspace.workspaceId,
      workspaceCustomerId: evidence.workspace.customerId,
    }),
    ...(flowLogs && { flowLogArchive: folder(flowLogs, flowLogs.containerName, flowLogBlobPrefix) }),
    vms: vms.map((vm) =>
      pulumi.output({
        name: vm.vmName,
        id: vm.vmId,
        privateIp: vm.privateIpAddress,
        jitPolicyId: vm.jitPolicyId,
        nsgId: vm.networkSecurityGroupId,
      }),
    ),
    ...(Object.keys(passwords).length > 0 && { adminPasswords: pulumi.all(passwords) }),
    ...(Object.keys(secrets).length > 0 && { adminPasswordSecrets: pulumi.all(secrets) }),
    ...(config.bastion.sessionRecording === true && { recordingNextStep: bastion.recordingNotice }),
  };
}

/** Returns an output of the VMs by the names in the config, which are known even for a VM that an update leaves out. */
function byName(
  { config, vms }: Deployed,
  of: (vm: trail.JitVirtualMachine) => pulumi.Output<string> | undefined,
): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    config.vms.flatMap(({ name }, index) => {
      const vm = vms[index];
      const value = vm && of(vm);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function links(deployed: Deployed): Links {
  const { config, subscriptionId, tenantId, bastion, evidence } = deployed;
  const portal = pulumi.output(ownPortal());
  const page = (id: pulumi.Output<string>) =>
    pulumi.all([tenantId, portal, id]).apply(([tenantId, portal, of]) => resourceLink({ tenantId, portal }, of));
  const query = ({ workspaceId }: trail.AuditWorkspace, text: pulumi.Output<string>) =>
    pulumi
      .all([tenantId, portal, workspaceId, text])
      .apply(([tenantId, portal, of, kql]) => logQueryLink({ tenantId, portal }, of, kql));
  return {
    bastionHost: page(bastion.hostId),
    ...(evidence &&
      config.audit && {
        auditLogQuery: query(evidence.workspace, bastion.hostId.apply(bastionSessionsQuery)),
        archiveContainer: pulumi
          .all([portal, evidence.archive.accountId, evidence.archive.containerName])
          .apply(([portal, account, container]) => containerLink({ portal }, account, container)),
      }),
    ...(evidence &&
      config.activityLogExport && {
        jitActivityQuery: query(evidence.workspace, subscriptionId.apply(accessActivityQuery)),
      }),
    virtualMachines: byName(deployed, ({ vmId }) => page(vmId)),
  };
}

/** Returns the portal of the cloud in which azure-native deploys. A cloud that is not Microsoft's has the public portal. */
async function ownPortal(): Promise<string> {
  // If the Azure CLI cannot say its cloud, azure-native cannot sign in with it either, and says so.
  const endpoint = await providerEndpoint().catch(() => "");
  return cloudAt(endpoint)?.portal ?? publicPortal;
}

function folder(
  store: trail.AuditArchive | trail.FlowLogs,
  container: pulumi.Input<string>,
  blobPrefix: pulumi.Input<string>,
): pulumi.Output<ArchiveFolder> {
  return pulumi.output({
    account: store.accountName,
    // Azure appends a slash; Azure's blob clients accept both forms.
    blobEndpoint: store.blobEndpoint.apply((url) => url.replace(/\/+$/, "")),
    container,
    blobPrefix,
  });
}
