/** Drift that a refresh does not detect, read from Azure. */
import { AzureFailure } from "../../azure/failure.ts";
import { isSameIgnoringCase } from "../../names/ignoringCase.ts";
import { subscriptionOf } from "@bastion-trail/core/links/resourceId";
import type { openArm } from "../../armAccess.ts";
import { examineRules } from "../doctor/checks/orphanedRules.ts";
import { counted } from "../../counted.ts";
import { Inventory } from "../doctor/inventory.ts";
import { Uncheckable } from "../doctor/uncheckable.ts";
import { UserError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { explain } from "../../presentError.ts";
import { planDrift, setsPlan } from "./planDrift.ts";
import type { RefreshedResource } from "./refreshPreview.ts";
import type { Drift } from "./resourceDrift.ts";
import { groupsToCompare, ruleDrift } from "./ruleDrift.ts";

export interface Unrefreshed {
  readonly drift: readonly Drift[];
  /** Parts that could not be compared, each with its reason. */
  readonly unchecked: readonly string[];
}

interface Comparison {
  /** The compared part, as the start of a sentence in lower case. */
  readonly what: string;
  readonly compare: (inventory: Inventory) => Promise<Drift[]>;
}

export async function unrefreshedDrift(
  resources: readonly RefreshedResource[],
  io: Io,
  open: typeof openArm,
): Promise<Unrefreshed> {
  const subscriptionId = resources.map(({ id }) => subscriptionOf(id)).find((id) => id !== undefined);
  const comparisons = subscriptionId === undefined ? [] : comparisonsOf(resources, subscriptionId);
  if (subscriptionId === undefined || comparisons.length === 0) return { drift: [], unchecked: [] };
  const inventory = open({}, io).then(({ arm }) => new Inventory(arm, { subscriptionId }));
  const parts = await Promise.all(comparisons.map((one) => attempt(one, inventory, io)));
  return { drift: parts.flatMap(({ drift }) => drift), unchecked: parts.flatMap(({ unchecked }) => unchecked) };
}

function comparisonsOf(resources: readonly RefreshedResource[], subscriptionId: string): Comparison[] {
  const groupIds = groupsToCompare(resources);
  const rules: Comparison = {
    what: `the rules of ${counted(groupIds.length, "network security group")}`,
    compare: (inventory) => readRuleDrift(resources, groupIds, inventory),
  };
  const plan: Comparison = {
    what: "the Defender plan",
    compare: async (inventory) => planDrift(subscriptionId, await inventory.serversPlan()),
  };
  return [...(groupIds.length === 0 ? [] : [rules]), ...(setsPlan(resources) ? [plan] : [])];
}

async function readRuleDrift(
  resources: readonly RefreshedResource[],
  groupIds: readonly string[],
  inventory: Inventory,
): Promise<Drift[]> {
  const listed = await inventory.securityGroups();
  const groups = await Promise.all(
    groupIds.map(
      async (id) => listed.find((one) => isSameIgnoringCase(one.id, id)) ?? (await inventory.securityGroup(id)),
    ),
  );
  // Without the activity log, rules are judged only by what they open.
  const attemptRead = <T>(read: () => Promise<T>): Promise<T | undefined> => read().catch(() => undefined);
  const { findings } = await examineRules({ inventory, attempt: attemptRead }, groups);
  return ruleDrift({ resources, groups, findings });
}

async function attempt({ what, compare }: Comparison, inventory: Promise<Inventory>, io: Io): Promise<Unrefreshed> {
  try {
    return { drift: await compare(await inventory), unchecked: [] };
  } catch (error) {
    io.signal.throwIfAborted();
    const cause = error instanceof Uncheckable ? error.cause : error;
    if (!(cause instanceof AzureFailure || cause instanceof UserError)) throw error;
    const { message, nextStep } = explain(cause);
    return { drift: [], unchecked: [`${what}. ${message} ${nextStep}`.trim()] };
  }
}
