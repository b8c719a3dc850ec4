import { nameOf } from "../../ids.ts";
import { objectAt, objectsAt, textAt, type JsonObject } from "../../json.ts";
import type { ResourceReader } from "../../resource.ts";
import { badRequest } from "../../armError.ts";
import { resourceType } from "../../resourceType.ts";

const type = "Microsoft.Security/pricings";

/**
 * The plans with their subplans; by default a plan has its most complete one (Defender for Cloud, REST reference
 * "Pricings").
 */
const plans: Readonly<Record<string, readonly string[]>> = {
  VirtualMachines: ["P1", "P2"],
  SqlServers: [],
  AppServices: [],
  StorageAccounts: ["PerTransaction", "PerStorageAccount", "DefenderForStorageV2"],
  SqlServerVirtualMachines: [],
  KubernetesService: [],
  ContainerRegistry: [],
  KeyVaults: ["PerTransaction", "PerKeyVault"],
  Dns: [],
  Arm: ["PerApiCall", "PerSubscription"],
  OpenSourceRelationalDatabases: [],
  CosmosDbs: [],
  Containers: [],
  CloudPosture: [],
  Api: ["P1", "P2", "P3", "P4", "P5"],
  AI: [],
};

/** `Microsoft.Security/pricings`: the Defender plans of the subscription. Each exists from the start, as Free. */
export default resourceType({
  type,
  model: "security:Pricing",
  sdk: "security.Pricing",
  scope: "subscription",
  name: {
    pattern: new RegExp(`^(${Object.keys(plans).join("|")})$`, "i"),
    code: "InvalidPricingName",
    message: (name) => `'${name}' is not a Defender plan. Must be one of ${Object.keys(plans).join(", ")}.`,
  },
  location: "none",
  refine: { "Pricing.properties.pricingTier": { required: true } },
  put: "sync",
  createdStatus: 200,
  // "Valid only for resource scope": a subscription's plan is set to Free instead (REST reference, "Pricings - Delete").
  delete: "forbidden",
  check({ name, body }) {
    const subPlan = textAt(body, "properties.subPlan");
    const allowed = plans[planName(name)] ?? [];
    if (subPlan === undefined) return;
    if (textAt(body, "properties.pricingTier") === "Free" || !allowed.includes(subPlan)) {
      throw badRequest(
        "BadRequest",
        `The subplan '${subPlan}' is not supported for the plan '${planName(name)}'. ` +
          `Allowed with the pricing tier Standard are ${allowed.join(", ") || "none"}.`,
      );
    }
  },
  complete({ name, body, existing, clock }) {
    const asked = objectAt(body, "properties");
    const before = objectAt(existing?.body, "properties");
    if (asked.pricingTier !== "Standard") return { body: { properties: { ...asked, ...freePlan } } };
    const subPlan = textAt(asked, "subPlan") ?? textAt(before, "subPlan") ?? plans[planName(name)]?.at(-1);
    const properties: JsonObject = {
      ...asked,
      ...(subPlan === undefined ? {} : { subPlan }),
      ...(objectsAt(asked, "extensions").length === 0 ? {} : { extensions: objectsAt(asked, "extensions") }),
      freeTrialRemainingTime: "PT0S",
      enablementTime: textAt(before, "enablementTime") ?? clock.now().toISOString(),
      resourcesCoverageStatus: "FullyCovered",
      inherited: "False",
    };
    return { body: { properties } };
  },
  impliedNames: () => Object.keys(plans),
  implied(id) {
    const name = planName(nameOf(id));
    return name in plans ? { id, type, name, body: { properties: { pricingTier: "Free", ...freePlan } } } : undefined;
  },
});

const freePlan = { freeTrialRemainingTime: "P30D" };

function planName(name: string): string {
  return Object.keys(plans).find((plan) => plan.toLowerCase() === name.toLowerCase()) ?? name;
}

/** Whether Defender for Servers Plan 2, which JIT requires, is on (Learn, just-in-time-access-overview). */
export function hasServersPlan2(store: ResourceReader, subscriptionId: string): boolean {
  const body = store.get(`/subscriptions/${subscriptionId}/providers/${type}/VirtualMachines`)?.body;
  return textAt(body, "properties.pricingTier") === "Standard" && textAt(body, "properties.subPlan") === "P2";
}
