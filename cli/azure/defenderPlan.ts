import { serversPlanId } from "@bastion-trail/core/links/resourceId";
import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { optionalText, readAs } from "./read.ts";

const pricingsApiVersion = "2024-01-01";

/** A subscription's plan for Defender for Servers. */
export interface ServersPlan {
  /** `Free` or `Standard`. */
  readonly tier: string;
  /** `P1` or `P2`; a Standard plan without it is P2 (Defender for Cloud, REST reference "Pricings"). */
  readonly subPlan: string | null;
}

const pricing = v.object({ properties: v.object({ pricingTier: v.string(), subPlan: optionalText }) });

/** @throws ArmError, e.g. if the caller lacks `Microsoft.Security/pricings/read`. */
export async function readServersPlan(arm: ArmClient, subscriptionId: string): Promise<ServersPlan> {
  const { properties } = readAs(
    pricing,
    await arm.get(serversPlanId(subscriptionId), pricingsApiVersion),
    "the Defender plan",
  );
  return { tier: properties.pricingTier, subPlan: properties.subPlan ?? null };
}
