/** The immutability and the deletion rules of a pack's archive: `archive.json`. */
import { defaultSource, type SourceFlags } from "../../sources/sourceFlags.ts";
import { openArm } from "../../armAccess.ts";
import type { ArmClient } from "../../azure/armClient.ts";
import { AzureFailure, isNotFound } from "../../azure/failure.ts";
import { readDeletionRules, type DeletionRule } from "../../azure/lifecycleRules.ts";
import { listStorageAccounts, readImmutability, type ImmutabilityPolicy } from "../../azure/storageAccount.ts";
import { isSameEndpoint, withoutSignature } from "../../azure/blobEndpoint.ts";
import { UserError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { subjectOf } from "../doctor/subject.ts";
import { archives } from "./sources.ts";

export interface ContainerState {
  /** The setting of the container. */
  readonly log: (typeof archives)[number];
  readonly container: string;
  /** ARM id of the storage account. */
  readonly account: string;
  /** Null if the container has no policy; missing if it was not read. */
  readonly immutability?: ImmutabilityPolicy | null | undefined;
  /** Rules of the account that delete blobs; missing if they were not read. */
  readonly deletion?: readonly DeletionRule[] | undefined;
  /** Why parts of it were not read, as sentences. */
  readonly notRead: readonly string[];
}

export interface ArchiveState {
  /** Why nothing was read, as a sentence; null if it was read. */
  readonly notRead: string | null;
  readonly containers: readonly ContainerState[];
}

/** Reads the state. Records refusals by Azure instead of throwing: a pack without it is better than none. */
export async function archiveState(flags: SourceFlags, io: Io, open: typeof openArm = openArm): Promise<ArchiveState> {
  const { source = defaultSource } = flags;
  if (source !== "archive") {
    return { notRead: `The source is a ${source === "workspace" ? source : "folder"}.`, containers: [] };
  }
  try {
    const { arm, settings } = await open(flags, io);
    const { subscriptionId } = await subjectOf(settings, false);
    const accounts = await listStorageAccounts(arm, subscriptionId);
    const containers: ContainerState[] = [];
    for (const log of archives) {
      const folder = await settings.find(log);
      if (folder === undefined) continue;
      const account = accounts.find(({ blobEndpoint }) => isSameEndpoint(blobEndpoint, folder.blobEndpoint));
      if (account === undefined) {
        throw new UserError(
          `No storage account in the subscription has the endpoint ${withoutSignature(folder.blobEndpoint)}.`,
          "Check the settings.",
        );
      }
      containers.push(await containerState(arm, log, folder.container, account.id));
    }
    return { notRead: null, containers };
  } catch (error) {
    return { notRead: reasonOf(error), containers: [] };
  }
}

async function containerState(
  arm: ArmClient,
  log: ContainerState["log"],
  container: string,
  account: string,
): Promise<ContainerState> {
  const notRead: string[] = [];
  const attempt = async <Found>(read: Promise<Found>): Promise<Found | undefined> =>
    read.catch((error: unknown) => {
      notRead.push(reasonOf(error));
      return undefined;
    });
  // Azure Monitor creates the container with the first record.
  const policy = readImmutability(arm, account, container).catch((error: unknown) => {
    if (isNotFound(error)) return null;
    throw error;
  });
  const immutability = await attempt(policy);
  const deletion = await attempt(readDeletionRules(arm, account));
  return { log, container, account, immutability, deletion, notRead };
}

/** @throws any error that is not a refusal. */
function reasonOf(error: unknown): string {
  if (error instanceof AzureFailure || error instanceof UserError) return error.message;
  throw error;
}
