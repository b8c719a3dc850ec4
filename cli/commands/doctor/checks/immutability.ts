import { nameOf } from "../../../azure/read.ts";
import type { ImmutabilityPolicy, StorageAccount } from "../../../azure/storageAccount.ts";
import { activityLogContainerName, auditContainerName } from "@bastion-trail/core/links/archivePath";
import { parseResourceId } from "@bastion-trail/core/links/resourceId";
import { archivesOf } from "../archives.ts";
import type { Check, CheckContext } from "../check.ts";
import { counted } from "../../../counted.ts";
import { found, type FoundByCheck, type Judgement } from "../finding.ts";
import { quoted } from "../../../shell.ts";

/** A container of logs in one account, with its policy. */
export interface Protection {
  readonly account: StorageAccount;
  readonly container: string;
  /** Null if there is none; `undefined` if Azure Monitor has not created the container yet. */
  readonly policy: ImmutabilityPolicy | null | undefined;
}

export function judgeImmutability(containers: readonly Protection[]): Judgement {
  const audit = containers.filter(({ container }) => container === auditContainerName);
  const longest = Math.max(0, ...audit.map(({ policy }) => policy?.days ?? 0));
  // The activity log may be sent to several accounts. One that keeps it is enough.
  const isKept = containers.some(({ container, policy }) => container === activityLogContainerName && policy);
  return {
    findings: containers.flatMap((one) =>
      one.policy === null || one.policy === undefined
        ? judgeBare(one, isKept ? 0 : longest)
        : judgePolicy(one, one.policy),
    ),
    seen: containers.map(tell).join(" "),
  };
}

/** @param auditDays days for which the activity log should be immutable, like the audit records; 0 if not required. */
function judgeBare(one: Protection, auditDays: number): FoundByCheck[] {
  const { account, container, policy } = one;
  if (container === auditContainerName) {
    return [found("immutability-off", account.id, `The records in ${account.name} can be changed and deleted.`, {})];
  }
  // Without records there is nothing to change. If audit records can be changed, the finding about them is enough.
  if (policy === undefined || auditDays === 0) return [];
  const message = `The activity log in ${account.name} (${container}) can be changed and deleted, with the JIT requests in it; the audit records cannot.`;
  return [found("activity-log-changeable", account.id, message, valuesOf(one, auditDays))];
}

function judgePolicy(one: Protection, { days, state, allowsAppends }: ImmutabilityPolicy): FoundByCheck[] {
  const { account, container } = one;
  const policy = `The immutability policy of ${container} in ${account.name}`;
  const blocking = `${policy} prevents Azure Monitor from adding records.`;
  const unlocked = `${policy} (${counted(days, "day")}) is not locked.`;
  return [
    ...(allowsAppends ? [] : [found("immutability-blocks-logs", account.id, blocking, valuesOf(one, days))]),
    ...(state.toLowerCase() === "locked" ? [] : [found("immutability-unlocked", account.id, unlocked, {})]),
  ];
}

function valuesOf({ account, container }: Protection, days: number) {
  const { resourceGroupName = "", subscriptionId = "" } = parseResourceId(account.id) ?? {};
  return {
    ...{ subscription: subscriptionId, group: quoted(resourceGroupName), account: account.name },
    ...{ container, days: String(days) },
  };
}

function tell({ account, container, policy }: Protection): string {
  const place = `${container} in ${nameOf(account.id)}`;
  if (policy === undefined) return `${place} does not exist yet.`;
  return policy === null
    ? `${place} has no immutability policy.`
    : `${place} keeps records unchanged for ${counted(policy.days, "day")}, ${policy.state.toLowerCase()}.`;
}

export const immutability: Check = {
  title: "nobody can change the archive's records, nor the activity log beside them",
  examine: async (context) => {
    const { inventory, attempt } = context;
    const audit = (await archivesOf(context)).map(({ account }) => ({ account, container: auditContainerName }));
    const activity = (await activityAccounts(context)).map((account) => ({
      account,
      container: activityLogContainerName,
    }));
    const places = new Map(
      [...audit, ...activity].map((one) => [`${one.account.id} ${one.container}`.toLowerCase(), one]),
    );
    if (places.size === 0) return { skipped: "No archive is known." };
    const protections = await Promise.all(
      [...places.values()].map(({ account, container }) =>
        attempt(async () => ({ account, container, policy: await inventory.immutability(account.id, container) })),
      ),
    );
    return judgeImmutability(protections.filter((one) => one !== undefined));
  },
};

/** The storage accounts of the subscription's activity log. */
async function activityAccounts({ inventory, attempt }: CheckContext): Promise<StorageAccount[]> {
  const settings =
    (await attempt(() => inventory.settingsOf(`/subscriptions/${inventory.subject.subscriptionId}`))) ?? [];
  const ids = settings
    .filter(({ enabled }) => enabled.includes("administrative"))
    .flatMap(({ storageAccountId }) => storageAccountId ?? []);
  const accounts = await Promise.all(ids.map((id) => attempt(() => inventory.account(id))));
  return accounts.filter((account) => account !== undefined);
}
