/**
 * How a Defender plan is switched on through Azure Resource Manager. Pulumi runs this in a process of its own, from the
 * functions' source text, so they use nothing but each other and what Node has built in.
 */
import type * as pulumi from "@pulumi/pulumi";
import { sendRequest, withRetries } from "./armRequest.ts";
import { resourceManagerEndpoint } from "./immutabilityLockProvider.ts";

/** What the engine hands to the provider. */
export interface DefenderPlanInputs {
  /** ARM id: `/subscriptions/<id>/providers/Microsoft.Security/pricings/VirtualMachines`. */
  readonly planId: string;
  readonly pricingTier: string;
  readonly subPlan: string;
  /** Bearer token for Azure Resource Manager. */
  readonly token: string;
}

/** What stays in the stack's state: the plan as Azure has it. */
interface DefenderPlanOutputs {
  readonly planId: string;
  readonly pricingTier: string;
  readonly subPlan: string;
}

/** A plan as Defender for Cloud answers it. */
interface Pricing {
  readonly properties: { readonly pricingTier: string; readonly subPlan?: string };
}

/** Sets the plan; a plan that is on already stays as it is. @returns the plan as Azure has it now. */
export async function setPlan({
  planId,
  pricingTier,
  subPlan,
  token,
}: DefenderPlanInputs): Promise<DefenderPlanOutputs> {
  const headers = { authorization: `Bearer ${token}` };
  const body = { properties: { pricingTier, subPlan } };
  const { properties } = (await withRetries(async () => {
    const url = `${await resourceManagerEndpoint(process.env)}${planId}?api-version=2024-01-01`;
    return await sendRequest("PUT", url, headers, body);
  })) as Pricing;
  return { planId, pricingTier: properties.pricingTier, subPlan: properties.subPlan ?? "" };
}

export const defenderPlanProvider: pulumi.dynamic.ResourceProvider<DefenderPlanInputs, DefenderPlanOutputs> = {
  async create(inputs) {
    return { id: inputs.planId, outs: await setPlan(inputs) };
  },

  // The token differs in every run, so it is no reason for an update.
  diff(_id, olds, news) {
    const moved = olds.planId !== news.planId;
    const changed = olds.pricingTier !== news.pricingTier || olds.subPlan !== news.subPlan;
    return Promise.resolve({ changes: moved || changed, replaces: moved ? ["planId"] : [] });
  },

  async update(_id, _olds, news) {
    return { outs: await setPlan(news) };
  },
};
