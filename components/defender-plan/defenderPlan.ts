import * as pulumi from "@pulumi/pulumi";
import { serversPlanId } from "@bastion-trail/core/links/resourceId";
import type { ArmClient } from "../shared/armClient.ts";
import { withRetries } from "../shared/armRequest.ts";
import { ArmTask } from "../shared/armTask.ts";
import { componentType } from "../shared/componentType.ts";
import { refuse } from "../shared/validate.ts";
import { withoutVersionAliases } from "../shared/versionAliases.ts";

/** Arguments of {@link DefenderPlan}. */
export interface DefenderPlanArgs {
  /** GUID of the subscription whose VMs the plan covers. */
  subscriptionId: pulumi.Input<string>;
}

/** The settings of the plan. */
export interface PlanSettings {
  /** ARM id: `/subscriptions/<id>/providers/Microsoft.Security/pricings/VirtualMachines`. */
  readonly planId: string;
  readonly pricingTier: string;
  readonly subPlan: string;
}

/** Sets the plan. A plan that is already on is left unchanged. */
export async function setPlan({ planId, pricingTier, subPlan }: PlanSettings, arm: ArmClient): Promise<void> {
  const body = { properties: { pricingTier, subPlan } };
  await withRetries(() => arm.send("PUT", `${planId}?api-version=2024-01-01`, { body }));
}

const component = componentType<DefenderPlanArgs>("DefenderPlan");

/**
 * Enables Defender for Servers Plan 2 on a subscription. Just-in-time access requires it (Defender for Cloud, "Enable
 * just-in-time access"): without the plan, Azure refuses every JIT policy.
 *
 * Create it at most once per subscription, and only if nobody else manages the plan: a plan is a setting of the whole
 * subscription, billed for each running server. Azure has no DELETE for a plan at subscription scope, so `pulumi
 * destroy` leaves the plan on. Switch it off in Defender for Cloud if nothing else needs it.
 *
 * azure-native's `security.Pricing` cannot enable a plan: a plan always exists, at least as `Free`, and azure-native
 * refuses to create an existing resource unless the REST API has no DELETE for it (`isSingleton` in its
 * provider/pkg/gen/schema.go). Since API version 2024-01-01 there is a DELETE, for single resources. The component
 * therefore sets the plan through Azure Resource Manager, with azure-native's own login.
 *
 * @example
 * const plan = new DefenderPlan("defender", { subscriptionId });
 * new JitVirtualMachine("web", { ... }, { dependsOn: plan });
 *
 * @throws ValidationError if `subscriptionId` is not a GUID.
 */
export class DefenderPlan extends pulumi.ComponentResource {
  /** ARM id of the plan: `/subscriptions/<id>/providers/Microsoft.Security/pricings/VirtualMachines`. */
  readonly planId: pulumi.Output<string>;

  constructor(name: string, args: DefenderPlanArgs, opts?: pulumi.ComponentResourceOptions) {
    args = component.given(name, args);
    super(component.token, name, {}, withoutVersionAliases(opts));
    refuse(component.subject(name), component.formed(args).problems);

    const planId = pulumi.output(args.subscriptionId).apply(serversPlanId);
    const plan = { planId, pricingTier: "Standard", subPlan: "P2" };
    this.planId = new ArmTask<PlanSettings>({ id: "planId", work: setPlan }, name, plan, { parent: this }).id;
    this.registerOutputs({ planId: this.planId });
  }
}
