import * as pulumi from "@pulumi/pulumi";
import { auditContainerName } from "@bastion-trail/core/links/archivePath";
import { adoptStorageAccount, type StorageAccountInUse } from "./adoptedStorageAccount.ts";
import { archiveOptions } from "./archiveChanges.ts";
import { createContainers } from "./archiveContainers.ts";
import { archiveProblems, type ArchiveRequest, Immutability } from "./archiveRules.ts";
import { createHardenedAccount } from "../shared/hardenedStorageAccount.ts";
import { type LockLevel, lockResource } from "../resource-lock/resourceLock.ts";
import { defaultReplication, type StorageReplication } from "../shared/storageRules.ts";
import { onceRegistered } from "../shared/onceRegistered.ts";
import { orElse } from "../shared/orElse.ts";
import { componentType } from "../shared/componentType.ts";
import { checked } from "../shared/validate.ts";
import { withoutVersionAliases } from "../shared/versionAliases.ts";

/** Arguments of {@link AuditArchive}. */
export interface AuditArchiveArgs {
  /** Resource group of the storage account. It cannot change later. */
  resourceGroupName: pulumi.Input<string>;
  /**
   * Region of the Bastion host whose logs are kept, for example `westeurope`. The archive is created in the same
   * region, because Azure Monitor writes a regional resource's logs only to that region (diagnostic-settings.md). It
   * cannot change later.
   */
  bastionLocation: pulumi.Input<string>;
  /**
   * Region of the archive, for programs that state it explicitly. It must be `bastionLocation`, which is the default.
   */
  location?: pulumi.Input<string>;
  /**
   * Prefix of the storage account's name: 1 to 16 lowercase letters and digits. 8 random characters are appended. It
   * cannot change later. Defaults to `audit`.
   */
  accountNamePrefix?: pulumi.Input<string>;
  /** How many copies Azure keeps, and where. Defaults to `Standard_LRS`, which every region offers. */
  replication?: pulumi.Input<StorageReplication>;
  /**
   * Days after which log blobs are deleted, counted from their last record: 1 to 36500. Defaults to 365. Not allowed
   * with `immutability` `unlocked` or `locked`: lifecycle management does not delete blobs in an immutable container
   * (lifecycle-management-policy-structure.md), so records are then kept forever.
   */
  retentionDays?: number;
  /**
   * Whether Azure refuses to change and delete logs: `off`, `unlocked` or `locked`. Defaults to `off`. With a policy,
   * `pulumi destroy` fails while the container of the audit logs holds any record. An `unlocked` policy can be deleted
   * first (`az storage container immutability-policy delete`); a `locked` policy is permanent, and only records older
   * than `immutabilityDays` can be deleted.
   */
  immutability?: Immutability;
  /**
   * Days for which a record cannot be changed or deleted, counted from the last record of its blob: 1 to 146000.
   * Required with `immutability` `unlocked` or `locked`, and not allowed without it. For a locked policy it can only be
   * raised, at most five times.
   */
  immutabilityDays?: number;
  /**
   * Whether the subscription's activity log is exported to this archive. Defaults to `true`. With `immutability`, the
   * container of the activity log gets the same policy as that of the audit logs, because JIT requests are evidence
   * too.
   */
  holdsActivityLog?: boolean;
  /**
   * Whether the account's keys, and tokens signed with them, give access to the data. Defaults to `false`: only Entra
   * ID gives access.
   */
  sharedKey?: pulumi.Input<boolean>;
  /**
   * Public IPv4 addresses and ranges (/30 or larger) from which the data can be read. All other addresses are blocked,
   * except Azure's trusted services. By default, any address can read with an Entra ID token that has the right to
   * read.
   */
  allowedIpRanges?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * ARM id of a storage account to use instead of creating one, in the provider's subscription. It must be a Standard
   * general-purpose v2 account in `bastionLocation` without hierarchical namespace, and its firewall must allow trusted
   * services. Nothing in it is created or changed: Azure Monitor creates the containers with the first record, and the
   * lifecycle policy, of which an account has only one, is left unchanged. Settings of the account are therefore not
   * allowed.
   */
  existingStorageAccountId?: pulumi.Input<string>;
  /**
   * Whether a change may lose logs: a shorter retention, an unlocked immutability policy that is removed or shortened,
   * or an adopted account that replaces the created one. Defaults to `false`: `pulumi preview` and `pulumi up` refuse
   * such a change. A move (region, resource group, name) and any change that Azure refuses for a locked policy are
   * always refused.
   */
  allowEvidenceLoss?: boolean;
  /** Tags of the created account. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Lock on the created account and everything in it. An adopted account is not locked. Defaults to `none`. */
  lock?: LockLevel;
}

const defaultNamePrefix = "audit";

const component = componentType<AuditArchiveArgs>("AuditArchive");

/**
 * The storage account that keeps the audit logs, in the container `insights-logs-bastionauditlogs`.
 *
 * A mutable archive keeps previous versions of its blobs and deletes records after `retentionDays`. An immutable
 * archive has a time-based retention policy on its containers, with protected append writes, because Azure Monitor
 * appends to each blob for an hour (diagnostic-settings.md requires that option). It keeps no versions: nothing can be
 * overwritten there, and lifecycle management could not delete them. In both cases deleted blobs can be restored for 14
 * days.
 *
 * The exported activity log is in the container `insights-activity-logs` of the same account. Azure Monitor creates
 * that container with the first event; an immutable archive creates it earlier if it does not exist, and gives it the
 * same policy.
 *
 * A deployed archive cannot move (region, resource group, name), and a locked policy can be neither unlocked nor
 * shortened: `pulumi preview` and `pulumi up` refuse such a change. They also refuse changes that would lose logs,
 * unless `allowEvidenceLoss` is `true`.
 *
 * @example
 * const archive = new AuditArchive("audit", {
 *   resourceGroupName: group.name,
 *   bastionLocation: "westeurope",
 *   retentionDays: 730,
 * });
 *
 * @throws ValidationError that names every refused input, before any resource that uses it is created.
 */
export class AuditArchive extends pulumi.ComponentResource {
  /**
   * ARM id of the account. It resolves once the archive can receive logs: when its container, its policy and the
   * policy's lock exist.
   */
  readonly accountId: pulumi.Output<string>;
  /** Name of the account. */
  readonly accountName: pulumi.Output<string>;
  /** Container of the Bastion audit logs. */
  readonly containerName: pulumi.Output<string>;
  /**
   * Region of the archive. It resolves before the account exists, and never resolves if the archive would have to move:
   * a resource that takes its own location from this output is left unchanged when the move is refused.
   */
  readonly location: pulumi.Output<string>;
  /** Address of the blob service, such as `https://NAME.blob.core.windows.net/`. */
  readonly blobEndpoint: pulumi.Output<string>;

  constructor(name: string, args: AuditArchiveArgs, opts?: pulumi.ComponentResourceOptions) {
    args = component.given(name, args);
    super(
      component.token,
      name,
      recordedInputs(args),
      withoutVersionAliases(archiveOptions(component.subject(name), args.allowEvidenceLoss, opts)),
    );
    const build: Build = { name, args, parent: { parent: this }, request: checkedRequest(name, args) };
    const account = args.existingStorageAccountId === undefined ? createAccount(build) : adoptAccount(build);

    this.accountId = account.id;
    this.accountName = account.name;
    this.containerName = pulumi.output(auditContainerName);
    this.location = onceRegistered(this, build.request.bastionLocation);
    this.blobEndpoint = account.blobEndpoint;
    this.registerOutputs({
      accountId: this.accountId,
      accountName: this.accountName,
      containerName: this.containerName,
      location: this.location,
      blobEndpoint: this.blobEndpoint,
    });
  }
}

/** Input of every step of the construction. */
interface Build {
  readonly name: string;
  readonly args: AuditArchiveArgs;
  readonly parent: { readonly parent: AuditArchive };
  readonly request: ReturnType<typeof checkedRequest>;
}

/** Returns the inputs that a later deployment is compared with; see archiveRules.ts. */
function recordedInputs(args: AuditArchiveArgs): pulumi.Inputs {
  return {
    resourceGroupName: args.resourceGroupName,
    bastionLocation: args.bastionLocation,
    accountNamePrefix: args.accountNamePrefix ?? defaultNamePrefix,
    immutability: args.immutability ?? Immutability.Off,
    immutabilityDays: args.immutabilityDays,
    existingStorageAccountId: args.existingStorageAccountId,
  };
}

function checkedRequest(name: string, given: AuditArchiveArgs) {
  const formed = component.formed(given);
  const { args } = formed;
  return checked<ArchiveRequest>(
    component.subject(name),
    {
      bastionLocation: given.bastionLocation,
      location: args.location,
      accountNamePrefix: args.accountNamePrefix,
      replication: args.replication,
      retentionDays: args.retentionDays,
      immutability: args.immutability,
      immutabilityDays: args.immutabilityDays,
      sharedKey: args.sharedKey,
      allowedIpRanges: args.allowedIpRanges,
      existingStorageAccountId: args.existingStorageAccountId,
    },
    archiveProblems,
    formed,
    archiveProblems,
  );
}

function adoptAccount({ name, parent, request }: Build): StorageAccountInUse {
  return adoptStorageAccount(
    component.subject(name),
    pulumi.output(request.existingStorageAccountId).apply((id) => id ?? ""),
    request.bastionLocation,
    parent,
  );
}

function createAccount({ name, args, parent, request }: Build): StorageAccountInUse {
  const account = createHardenedAccount(
    `${name}-account`,
    {
      subject: component.subject(name),
      resourceGroupName: args.resourceGroupName,
      location: request.bastionLocation,
      namePrefix: orElse(request.accountNamePrefix, defaultNamePrefix),
      replication: orElse(request.replication, defaultReplication),
      allowSharedKeyAccess: orElse(request.sharedKey, false),
      allowedIpRanges: orElse(request.allowedIpRanges, []),
      tags: args.tags,
    },
    parent,
  );
  const protection = createContainers(name, account, { ...args, subject: component.subject(name) }, parent);
  lockResource(
    `${name}-account-lock`,
    { scope: account.id, level: args.lock, notes: "Holds the audit logs of Azure Bastion." },
    { ...parent, dependsOn: [account, ...protection] },
  );
  return {
    // Anything that sends logs here must wait until the archive is complete, so that the first record is protected too
    // and Azure Monitor does not create a container first.
    id: pulumi.all([account.id, ...protection.map((resource) => resource.id)]).apply(([id = ""]) => id),
    name: account.name,
    blobEndpoint: account.primaryEndpoints.apply(({ blob }) => blob),
  };
}
