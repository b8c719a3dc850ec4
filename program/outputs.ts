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

/** Portal links, each in a form with a public source. A link without a target in this stack is missing. */
export interface Links {
  /** The Bastion host's page, from which users connect. */
  readonly bastionHost: string;
  /** Log Analytics with the query for the sessions of this host. */
  readonly auditLogQuery?: string;
  /** The archive's container of audit logs. */
  readonly archiveContainer?: string;
  /** Log Analytics with the query for JIT requests and writes of network security groups. */
  readonly jitActivityQuery?: string;
  /** Each VM's page, by VM name. */
  readonly virtualMachines: Readonly<Record<string, string>>;
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
  readonly links: pulumi.Output<Links>;
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
  readonly vms: pulumi.Output<VmOutput[]>;
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
  const passwords = vms.flatMap(({ vmName, adminPassword }) =>
    adminPassword === undefined ? [] : [pulumi.all([vmName, adminPassword])],
  );
  const secrets = vms.flatMap(({ vmName, adminPasswordSecretUri }) =>
    adminPasswordSecretUri === undefined ? [] : [pulumi.all([vmName, adminPasswordSecretUri])],
  );
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
    vms: pulumi.output(
      vms.map((vm) => ({
        name: vm.vmName,
        id: vm.vmId,
        privateIp: vm.privateIpAddress,
        jitPolicyId: vm.jitPolicyId,
        nsgId: vm.networkSecurityGroupId,
      })),
    ),
    ...(passwords.length > 0 && { adminPasswords: pulumi.all(passwords).apply((pairs) => Object.fromEntries(pairs)) }),
    ...(secrets.length > 0 && {
      adminPasswordSecrets: pulumi.all(secrets).apply((pairs) => Object.fromEntries(pairs)),
    }),
    ...(config.bastion.sessionRecording === true && { recordingNextStep: bastion.recordingNotice }),
  };
}

function links({ config, subscriptionId, tenantId, bastion, evidence, vms }: Deployed): pulumi.Output<Links> {
  const virtualMachines = pulumi.all(vms.map((vm) => pulumi.all([vm.vmName, vm.vmId])));
  const kept = evidence && {
    workspaceId: evidence.workspace.workspaceId,
    accountId: evidence.archive.accountId,
    containerName: evidence.archive.containerName,
  };
  return pulumi
    .all([tenantId, subscriptionId, bastion.hostId, virtualMachines, pulumi.output(kept), ownPortal()])
    .apply(([tenant, subscription, hostId, vmIds, kept, portal]): Links => {
      const target = { tenantId: tenant, portal };
      return {
        bastionHost: resourceLink(target, hostId),
        ...(kept &&
          config.audit && {
            auditLogQuery: logQueryLink(target, kept.workspaceId, bastionSessionsQuery(hostId)),
            archiveContainer: containerLink({ portal }, kept.accountId, kept.containerName),
          }),
        ...(kept &&
          config.activityLogExport && {
            jitActivityQuery: logQueryLink(target, kept.workspaceId, accessActivityQuery(subscription)),
          }),
        virtualMachines: Object.fromEntries(vmIds.map(([name, id]) => [name, resourceLink(target, id)])),
      };
    });
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
