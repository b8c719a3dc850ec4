import { serversPlanId } from "@bastion-trail/core/links/resourceId";
import type { ServersPlan } from "../../../azure/defenderPlan.ts";
import type { Check } from "../check.ts";
import { found, type Judgement } from "../finding.ts";

export interface DefenderFacts {
  readonly subscriptionId: string;
  readonly plan: ServersPlan;
}

export function judgeDefender({ subscriptionId: subscription, plan }: DefenderFacts): Judgement {
  const resource = serversPlanId(subscription);
  if (plan.tier.toLowerCase() !== "standard") {
    const message = "Defender for Servers is off in this subscription, so nobody can request access.";
    return { findings: [found("defender-plan-off", resource, message, { subscription })], seen: "The plan is off." };
  }
  if (plan.subPlan?.toUpperCase() === "P1") {
    const message = "Defender for Servers has Plan 1 in this subscription; just-in-time access takes Plan 2.";
    return { findings: [found("defender-plan-1", resource, message, { subscription })], seen: "The plan is P1." };
  }
  return { findings: [], seen: "Defender for Servers has Plan 2." };
}

export const defender: Check = {
  title: "Defender for Servers has Plan 2, which JIT requires",
  examine: async ({ inventory }) =>
    judgeDefender({ subscriptionId: inventory.subject.subscriptionId, plan: await inventory.serversPlan() }),
};
