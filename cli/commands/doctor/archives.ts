/** Finds the storage accounts that hold the logs. */
import type { BastionHost } from "../../azure/bastionHosts.ts";
import type { DiagnosticSetting } from "../../azure/diagnosticSettings.ts";
import type { StorageAccount } from "../../azure/storageAccount.ts";
import { isSameEndpoint } from "../../azure/blobEndpoint.ts";
import { auditCategory, blobPrefix } from "@bastion-trail/core/links/archivePath";
import type { CheckContext } from "./check.ts";
import type { Inventory } from "./inventory.ts";
import { isSameIgnoringCase } from "../../names/ignoringCase.ts";

/** Whether a setting sends the audit logs, by category or by category group. */
export function sendsAudit({ enabled }: DiagnosticSetting): boolean {
  return [auditCategory.toLowerCase(), "audit", "alllogs"].some((name) => enabled.includes(name));
}

/** The account in the settings; `undefined` if there is none, or it does not exist. */
export async function archiveAccountIn(inventory: Inventory): Promise<StorageAccount | undefined> {
  const { archive } = inventory.subject;
  if (archive === undefined) return undefined;
  return (await inventory.accounts()).find(({ blobEndpoint }) => isSameEndpoint(blobEndpoint, archive.blobEndpoint));
}

/** A host with an account that has its logs, or should have them. */
export interface HostArchive {
  readonly host: BastionHost;
  readonly account: StorageAccount;
  /** Name of the diagnostic setting that sends to the account, if there is one. */
  readonly setting: string | undefined;
}

/** The account in the settings, else the accounts that the diagnostic settings of each host send to. */
export async function archivesOf({ inventory, attempt }: CheckContext): Promise<HostArchive[]> {
  const hosts = await inventory.hosts();
  const named = await archiveAccountIn(inventory);
  const archives = await Promise.all(
    hosts.map(async (host) => {
      const settings = (await attempt(() => inventory.settingsOf(host.id))) ?? [];
      const sending = settings.filter(sendsAudit);
      if (named !== undefined) {
        const own = sending.find(({ storageAccountId }) => isSameIgnoringCase(storageAccountId, named.id));
        return [{ host, account: named, setting: own?.name }];
      }
      const found = await Promise.all(
        sending.map(async ({ name, storageAccountId: id }) => {
          const account = id === null ? undefined : await attempt(() => inventory.account(id));
          return account === undefined ? [] : [{ host, account, setting: name }];
        }),
      );
      return found.flat();
    }),
  );
  return archives.flat();
}

/** Prefix of the names of a host's blobs. */
export function prefixOf({ host }: HostArchive): string {
  return blobPrefix(host.id);
}
