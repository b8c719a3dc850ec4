import { BlobContainer } from "@pulumi/azure-native/storage/blobContainer.js";
import * as storage from "@pulumi/azure-native/types/enums/storage/index.js";
import * as pulumi from "@pulumi/pulumi";
import { keepsEvidence, moveProblems } from "../shared/evidenceChanges.ts";
import { createHardenedAccount } from "../shared/hardenedStorageAccount.ts";
import { type LockLevel, lockResource } from "../resource-lock/resourceLock.ts";
import type { HookInputs } from "../shared/hookInputs.ts";
import {
  defaultReplication,
  namePrefixProblems,
  replicationProblems,
  type StorageReplication,
} from "../shared/storageRules.ts";
import { componentType } from "../shared/componentType.ts";
import { checked, type Problem } from "../shared/validate.ts";
import { withoutVersionAliases } from "../shared/versionAliases.ts";

/** Arguments of {@link RecordingContainer}. */
export interface RecordingContainerArgs {
  /** Resource group of the storage account. It cannot change later. */
  resourceGroupName: pulumi.Input<string>;
  /** Region of the storage account, preferably that of the Bastion host. It cannot change later. */
  location: pulumi.Input<string>;
  /**
   * Prefix of the storage account's name: 1 to 16 lowercase letters and digits. 8 random characters are appended. It
   * cannot change later. Defaults to `recordings`.
   */
  accountNamePrefix?: pulumi.Input<string>;
  /** How many copies Azure keeps, and where. Defaults to `Standard_LRS`. */
  replication?: pulumi.Input<StorageReplication>;
  /**
   * Name of the container: 3 to 63 lowercase letters, digits and single hyphens, starting and ending with a letter or
   * digit. It cannot change later. Defaults to `session-recordings`.
   */
  containerName?: pulumi.Input<string>;
  /** Tags of the account. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Lock on the account and everything in it. Defaults to `none`. */
  lock?: LockLevel;
}

const defaultNamePrefix = "recordings";
const defaultContainerName = "session-recordings";

const component = componentType<RecordingContainerArgs>("RecordingContainer");

/**
 * The private container in which Azure Bastion Premium stores its session recordings, in a separate storage account.
 *
 * The archive's account cannot be used: recordings do not support blob versioning or an immutability policy, and
 * Bastion opens the container with a long-lived SAS URL, which only an account key can sign (azure-docs,
 * session-recording.md). Therefore only this account accepts its keys.
 *
 * While recording is on, Bastion refuses every session until it has a SAS URL. Set the URL outside Pulumi: create it
 * with READ, CREATE, WRITE and LIST on the container, and add it to the Bastion host's page "Session recordings". To
 * play recordings in the portal, the account also needs a `RecordingPlayback`, which requires the Bastion host's DNS
 * name.
 *
 * A deployed container cannot move: `pulumi preview` and `pulumi up` refuse another region, resource group or name,
 * because Azure would delete the recordings.
 *
 * @example
 * const recordings = new RecordingContainer("trail", { resourceGroupName: group.name, location: "westeurope" });
 * const host = new BastionHost("trail", { ..., sessionRecording: true, recordingContainerUrl: recordings.containerUrl });
 * new RecordingPlayback("trail", {
 *   resourceGroupName: group.name,
 *   accountName: recordings.accountName,
 *   bastionDnsName: host.dnsName,
 * });
 *
 * @throws ValidationError that names every refused input, before any resource that uses it is created.
 */
export class RecordingContainer extends pulumi.ComponentResource {
  /** ARM id of the account. */
  readonly accountId: pulumi.Output<string>;
  /** Name of the account. */
  readonly accountName: pulumi.Output<string>;
  /** Name of the container. */
  readonly containerName: pulumi.Output<string>;
  /** URL of the container, without a SAS token: `https://ACCOUNT.blob.core.windows.net/CONTAINER`. */
  readonly containerUrl: pulumi.Output<string>;

  constructor(name: string, args: RecordingContainerArgs, opts?: pulumi.ComponentResourceOptions) {
    args = component.given(name, args);
    const subject = component.subject(name);
    const place = {
      resourceGroupName: args.resourceGroupName,
      location: args.location,
      accountNamePrefix: args.accountNamePrefix ?? defaultNamePrefix,
      containerName: args.containerName ?? defaultContainerName,
    };
    super(
      component.token,
      name,
      place,
      withoutVersionAliases(
        keepsEvidence({ subject, keeps: "evidence", forbidden: recordingMoveProblems, allowEvidenceLoss: false }, opts),
      ),
    );
    const parent = { parent: this };
    const formed = component.formed(args);
    const request = checked<RecordingRequest>(
      subject,
      {
        accountNamePrefix: formed.args.accountNamePrefix ?? defaultNamePrefix,
        replication: formed.args.replication ?? defaultReplication,
        containerName: formed.args.containerName ?? defaultContainerName,
      },
      recordingProblems,
      formed,
      recordingProblems,
    );
    const account = createHardenedAccount(
      `${name}-recordings`,
      {
        subject,
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        namePrefix: request.accountNamePrefix,
        replication: request.replication,
        allowSharedKeyAccess: true,
        // The portal's player reads recordings from the user's own address, which can be any.
        allowedIpRanges: [],
        tags: args.tags,
      },
      parent,
    );
    const container = new BlobContainer(
      `${name}-recordings-container`,
      {
        resourceGroupName: args.resourceGroupName,
        accountName: account.name,
        containerName: request.containerName,
        publicAccess: storage.PublicAccess.None,
      },
      parent,
    );
    lockResource(
      `${name}-recordings-lock`,
      { scope: account.id, level: args.lock, notes: "Holds the session recordings of Azure Bastion." },
      { ...parent, dependsOn: container },
    );

    this.accountId = account.id;
    this.accountName = account.name;
    this.containerName = container.name;
    this.containerUrl = pulumi.interpolate`${account.primaryEndpoints.blob}${container.name}`;
    this.registerOutputs({
      accountId: this.accountId,
      accountName: this.accountName,
      containerName: this.containerName,
      containerUrl: this.containerUrl,
    });
  }
}

interface RecordingRequest {
  readonly accountNamePrefix: string;
  readonly replication: string;
  readonly containerName: string;
}

/** Returns every reason to refuse the settings that are known. */
function recordingProblems({ accountNamePrefix, replication, containerName }: Partial<RecordingRequest>): Problem[] {
  return [
    ...(accountNamePrefix === undefined ? [] : namePrefixProblems(accountNamePrefix)),
    ...(replication === undefined ? [] : replicationProblems(replication)),
    ...(containerName === undefined || /^(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*$/.test(containerName)
      ? []
      : [
          {
            key: "containerName",
            value: containerName,
            reason:
              "must be 3 to 63 lowercase letters, digits and single hyphens, starting and ending with a letter or digit",
          },
        ]),
  ];
}

/** Returns every change of the deployed container that would delete recordings. */
export function recordingMoveProblems(before: HookInputs, after: HookInputs): Problem[] {
  const place = ["location", "resourceGroupName", "accountNamePrefix", "containerName"];
  return moveProblems("the container of the recordings", place, before, after);
}
