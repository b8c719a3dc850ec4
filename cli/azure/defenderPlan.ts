import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { optionalText, readAs } from "./read.ts";

const pricingsApiVersion = "2024-01-01";

/** The plan Defender for Servers of a subscription. */
export interface ServersPlan {
  /** `Free` or `Standard`. */
  readonly tier: string;
  /** `P1` or `P2`; without one a Standard plan is P2 (Defender for Cloud, REST reference "Pricings"). */
  readonly subPlan: string | null;
}

const pricing = v.object({ properties: v.object({ pricingTier: v.string(), subPlan: optionalText }) });

/** @throws ArmError, e.g. when the caller lacks `Microsoft.Security/pricings/read`. */
export async function readServersPlan(arm: ArmClient, subscriptionId: string): Promise<ServersPlan> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Security/pricings/VirtualMachines`;
  const { properties } = readAs(pricing, await arm.get(path, pricingsApiVersion), "the Defender plan");
  return { tier: properties.pricingTier, subPlan: properties.subPlan ?? null };
}
