import { nameOf } from "../../../azure/read.ts";
import type { ImmutabilityPolicy, StorageAccount } from "../../../azure/storageAccount.ts";
import { auditContainerName } from "../../../links/archivePath.ts";
import type { Check } from "../check.ts";
import { archivesOf } from "../archives.ts";
import { count, found, type FoundByCheck, type Verdict } from "../finding.ts";

/** The container of the audit logs in one account. */
export interface Protection {
  readonly account: StorageAccount;
  /** Null without one; `undefined` where Azure Monitor has not made the container yet. */
  readonly policy: ImmutabilityPolicy | null | undefined;
}

export function judgeImmutability(archives: readonly Protection[]): Verdict {
  return { findings: archives.flatMap(judgeArchive), seen: archives.map(tell).join(" ") };
}

function judgeArchive({ account, policy }: Protection): FoundByCheck[] {
  const { id, name } = account;
  if (policy === null || policy === undefined) {
    return [found("immutability-off", id, `The records in ${name} can be changed and deleted.`, {})];
  }
  const isLocked = policy.state.toLowerCase() === "locked";
  const values = { account: name, container: auditContainerName, days: String(policy.days) };
  return [
    ...(policy.allowsAppends
      ? []
      : [
          found(
            "immutability-blocks-logs",
            id,
            `The immutability policy of ${name} keeps Azure Monitor from adding records.`,
            values,
          ),
        ]),
    ...(isLocked
      ? []
      : [
          found(
            "immutability-unlocked",
            id,
            `The immutability policy of ${name} (${count(policy.days, "day")}) is not locked.`,
            {},
          ),
        ]),
  ];
}

function tell({ account, policy }: Protection): string {
  const name = nameOf(account.id);
  return policy === null || policy === undefined
    ? `${name} has no immutability policy.`
    : `${name} keeps records unchanged for ${count(policy.days, "day")}, ${policy.state.toLowerCase()}.`;
}

export const immutability: Check = {
  name: "immutability",
  title: "nobody can change the archive's records",
  examine: async (context) => {
    const { inventory, attempt } = context;
    const accounts = new Map((await archivesOf(context)).map(({ account }) => [account.id.toLowerCase(), account]));
    if (accounts.size === 0) return { skipped: "No archive is known." };
    const protections = await Promise.all(
      [...accounts.values()].map((account) =>
        attempt(async () => ({ account, policy: await inventory.immutability(account.id, auditContainerName) })),
      ),
    );
    return judgeImmutability(protections.filter((one) => one !== undefined));
  },
};
