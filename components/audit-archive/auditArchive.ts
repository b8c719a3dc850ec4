import * as pulumi from "@pulumi/pulumi";
import { auditContainerName } from "@bastion-trail/core/links/archivePath";
import { adoptedStorageAccount, type StorageAccountInUse } from "./adoptedStorageAccount.ts";
import { archiveOptions } from "./archiveChanges.ts";
import { protectedContainers } from "./archiveContainers.ts";
import { archiveProblems, type ArchiveRequest, Immutability } from "./archiveRules.ts";
import { hardenedStorageAccount } from "../shared/hardenedStorageAccount.ts";
import { type LockLevel, lockResource } from "../resource-lock/resourceLock.ts";
import { defaultReplication, type StorageReplication } from "../shared/storageRules.ts";
import { checked, missingArguments } from "../shared/validate.ts";
import { withoutVersionAliases } from "../shared/versionAliases.ts";

/** What {@link AuditArchive} is made from. */
export interface AuditArchiveArgs {
  /** Resource group of the storage account. It cannot change later. */
  resourceGroupName: pulumi.Input<string>;
  /**
   * Region of the Bastion host whose logs are kept, for example `westeurope`; the archive is in it as well, because Azure
   * Monitor writes a regional resource's logs only to its own region (diagnostic-settings.md). It cannot change later.
   */
  bastionLocation: pulumi.Input<string>;
  /**
   * Region of the archive, for callers that state one. Refused when it is not `bastionLocation`.
   * @default `bastionLocation`
   */
  location?: pulumi.Input<string>;
  /**
   * Start of the account's name: 1 to 16 lower-case letters and digits; 8 random ones follow. It cannot change later.
   * @default `audit`
   */
  accountNamePrefix?: pulumi.Input<string>;
  /**
   * How many copies Azure keeps, and where.
   * @default `Standard_LRS`, the one that every region has
   */
  replication?: pulumi.Input<StorageReplication>;
  /**
   * Days after which log blobs are deleted, counted from their last record: 1 to 36500. Refused with `immutability`, since
   * lifecycle management does not delete blobs in an immutable container (lifecycle-management-policy-structure.md).
   * @default 365 without immutability; with it, nothing is ever deleted
   */
  retentionDays?: number;
  /**
   * Whether Azure refuses to change and delete logs. `pulumi destroy` then fails as long as the container of the audit logs
   * holds any record. An `unlocked` policy can be deleted before (`az storage container immutability-policy delete`); `locked`
   * is permanent, and only records older than `immutabilityDays` can be deleted.
   * @default `off`
   */
  immutability?: Immutability;
  /**
   * Days for which a record cannot be changed or deleted, counted from the last record of its blob: 1 to 146000. Required
   * with `immutability` unlocked or locked. Of a locked policy it can only be raised, and only five times.
   */
  immutabilityDays?: number;
  /**
   * Whether the subscription's activity log is exported to this archive. With `immutability`, its container is under the same
   * policy as that of the audit logs, because JIT requests are evidence as well.
   * @default true
   */
  holdsActivityLog?: boolean;
  /**
   * Whether the account's keys, and tokens signed with them, open the data. Otherwise Entra ID alone does.
   * @default false
   */
  sharedKey?: pulumi.Input<boolean>;
  /**
   * Public IPv4 addresses and ranges (/30 or larger) from which the data may be read; all others are shut out, Azure's
   * trusted services excepted.
   * @default none: any address, with an Entra ID token that has the right to read
   */
  allowedIpRanges?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * ARM id of a storage account to use instead of creating one, in the provider's subscription. It must be a Standard
   * general-purpose v2 account in `bastionLocation` without hierarchical namespace, and let trusted services in.
   * Nothing is created or changed in it: Azure Monitor makes the containers at the first record, and its lifecycle policy,
   * of which an account has only one, stays as it is. So no setting of the account may be given.
   */
  existingStorageAccountId?: pulumi.Input<string>;
  /**
   * Whether a change may lose logs: a shorter retention, an unlocked immutability policy that is given up or shortened, or an
   * adopted account in the place of the created one. Otherwise preview and up refuse it. A move (region, resource group,
   * name), and what Azure refuses of a locked policy, are always refused.
   * @default false
   */
  allowEvidenceLoss?: boolean;
  /**
   * Tags of the created account.
   * @default none
   */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Lock on the created account and everything in it. An adopted account is not locked.
   * @default `none`
   */
  lock?: LockLevel;
}

const defaultNamePrefix = "audit";

/**
 * The storage account that keeps the audit logs, with the container `insights-logs-bastionauditlogs`.
 *
 * A mutable archive keeps previous versions of its blobs and deletes records after `retentionDays`. An immutable one has a
 * time-based retention policy on its containers, with protected append writes, because Azure Monitor appends to a blob for an
 * hour (diagnostic-settings.md asks for that option); it keeps no versions, since nothing can be overwritten there and
 * lifecycle management could not delete them. Deleted blobs can be brought back for 14 days in both cases.
 *
 * The exported activity log is in the container `insights-activity-logs` of the same account, which Azure Monitor creates at
 * the first event; an immutable archive creates it before, if it is missing, and puts it under the same policy.
 *
 * Once deployed, an archive does not move (region, resource group, name), and a locked policy is neither unlocked nor
 * shortened: preview and up refuse it. They also refuse what would lose logs, unless `allowEvidenceLoss` accepts it.
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
  /** ARM id of the account. Known once the archive can take logs: with its container, its policy and the policy's lock. */
  readonly accountId: pulumi.Output<string>;
  /** Name of the account. */
  readonly accountName: pulumi.Output<string>;
  /** Container of the Bastion audit logs. */
  readonly containerName: pulumi.Output<string>;
  /**
   * Region of the archive. Known before the account exists, and never where the archive would have to move: what takes its
   * own location from here is left alone when the move is refused.
   */
  readonly location: pulumi.Output<string>;
  /** Blob service address, such as `https://NAME.blob.core.windows.net/`. */
  readonly blobEndpoint: pulumi.Output<string>;

  constructor(name: string, args: AuditArchiveArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "bastion-trail:index:AuditArchive",
      name,
      recordedInputs(args),
      withoutVersionAliases(archiveOptions(name, args.allowEvidenceLoss, opts)),
    );
    const parts: Parts = { name, args, parent: { parent: this }, request: checkedRequest(name, args) };
    const account = args.existingStorageAccountId === undefined ? createdAccount(parts) : adoptedAccount(parts);

    this.accountId = account.id;
    this.accountName = account.name;
    this.containerName = pulumi.output(auditContainerName);
    this.location = onceRegistered(this, parts.request.bastionLocation);
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

/** What every step of the construction needs. */
interface Parts {
  readonly name: string;
  readonly args: AuditArchiveArgs;
  readonly parent: { readonly parent: AuditArchive };
  readonly request: ReturnType<typeof checkedRequest>;
}

/** The inputs with which a later deployment is compared; see archiveRules.ts. */
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

function checkedRequest(name: string, args: AuditArchiveArgs) {
  return checked<ArchiveRequest>(
    `AuditArchive "${name}"`,
    {
      bastionLocation: args.bastionLocation,
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
    missingArguments(args, { resourceGroupName: true, bastionLocation: true }),
  );
}

function adoptedAccount({ name, parent, request }: Parts): StorageAccountInUse {
  return adoptedStorageAccount(
    `AuditArchive "${name}"`,
    pulumi.output(request.existingStorageAccountId).apply((id) => id ?? ""),
    request.bastionLocation,
    parent,
  );
}

function createdAccount(parts: Parts): StorageAccountInUse {
  const { name, args, parent, request } = parts;
  const account = hardenedStorageAccount(
    `${name}-account`,
    {
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
  const protection = protectedContainers(name, account, args, parent);
  lockResource(
    `${name}-account-lock`,
    { scope: account.id, level: args.lock, notes: "Holds the audit logs of Azure Bastion." },
    { ...parent, dependsOn: [account, ...protection] },
  );
  return {
    // Whoever routes logs here waits until the archive is complete, so that the first record is protected as well, and
    // Azure Monitor does not create a container first.
    id: pulumi.all([account.id, ...protection.map((resource) => resource.id)]).apply(([id = ""]) => id),
    name: account.name,
    blobEndpoint: account.primaryEndpoints.apply(({ blob }) => blob),
  };
}

/** The value once the component stands, without making whatever uses it wait for the component's children. */
function onceRegistered<T>(component: pulumi.ComponentResource, value: pulumi.Input<T>): pulumi.Output<T> {
  const registered = new Promise<void>((resolve) => {
    component.urn.apply(() => {
      resolve();
    });
  });
  return pulumi.all([registered, value]).apply(([, known]) => known as T);
}

function orElse<T>(value: pulumi.Input<T | undefined>, fallback: T): pulumi.Output<T> {
  return pulumi.output(value).apply((given) => (given as T | undefined) ?? fallback);
}
