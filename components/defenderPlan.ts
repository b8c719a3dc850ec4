import * as security from "@pulumi/azure-native/security/index.js";
import * as pulumi from "@pulumi/pulumi";

export interface DefenderPlanArgs {
  /** Subscription whose virtual machines the plan covers (a GUID). */
  subscriptionId: pulumi.Input<string>;
}

/**
 * Defender for Servers Plan 2 on a subscription. Just-in-time access needs it (Defender for Cloud, "Enable just-in-time
 * access"): without the plan, Azure refuses every JIT policy.
 *
 * Make it at most once for a subscription, and only where nobody else manages the plan: a plan is a setting of the whole
 * subscription, billed for each running server. Azure has no DELETE for a plan at subscription scope, so `pulumi destroy`
 * leaves the plan as it is; switch it off by hand if nothing else needs it.
 *
 * @example
 * const plan = new DefenderPlan("defender", { subscriptionId });
 * new JitVirtualMachine("web", { ... }, { dependsOn: plan });
 */
export class DefenderPlan extends pulumi.ComponentResource {
  /** ARM id of the plan: `/subscriptions/<id>/providers/Microsoft.Security/pricings/VirtualMachines`. */
  readonly planId: pulumi.Output<string>;

  constructor(name: string, args: DefenderPlanArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bastion-trail:index:DefenderPlan", name, {}, opts);

    const plan = new security.Pricing(
      name,
      {
        scopeId: pulumi.interpolate`subscriptions/${args.subscriptionId}`,
        pricingName: "VirtualMachines",
        pricingTier: security.PricingTier.Standard,
        subPlan: "P2",
      },
      // Only resource-level plans can be deleted (Microsoft.Security pricings, 2024-01-01).
      { parent: this, retainOnDelete: true },
    );

    this.planId = plan.id;
    this.registerOutputs({ planId: this.planId });
  }
}
