/** The Defender plan that the stack set. It is a dynamic resource, so a refresh does not read it. */
import type { ServersPlan } from "../../azure/defenderPlan.ts";
import { judgeDefender } from "../doctor/checks/defender.ts";
import type { RefreshedResource } from "./refreshPreview.ts";
import type { Drift } from "./resourceDrift.ts";

export function setsPlan(resources: readonly RefreshedResource[]): boolean {
  return resources.some(({ parentType }) => parentType === "bastion-trail:index:DefenderPlan");
}

/** @param plan the current plan in Azure. */
export function planDrift(subscriptionId: string, plan: ServersPlan): Drift[] {
  const { findings } = judgeDefender({ subscriptionId, plan });
  return findings.map(({ resource, message }) => ({
    change: "changed",
    type: "azure-native:security:Pricing",
    resource,
    property: "pricingTier",
    old: "Standard P2",
    new: [plan.tier, plan.subPlan ?? ""].join(" ").trim(),
    note: message,
  }));
}
