import { getClientTokenOutput } from "@pulumi/azure-native/authorization/getClientToken.js";
import * as pulumi from "@pulumi/pulumi";
import { defenderPlanProvider } from "./defenderPlanProvider.ts";
import { withoutVersionAliases } from "./versionAliases.ts";

export interface DefenderPlanArgs {
  /** Subscription whose virtual machines the plan covers (a GUID). */
  subscriptionId: pulumi.Input<string>;
}

/** The plan itself. Deleting the resource only forgets it. */
class Pricing extends pulumi.dynamic.Resource {
  constructor(
    name: string,
    planId: pulumi.Input<string>,
    opts: pulumi.CustomResourceOptions & { parent: DefenderPlan },
  ) {
    const { token } = getClientTokenOutput({}, { parent: opts.parent });
    const plan = { pricingTier: "Standard", subPlan: "P2" };
    super(defenderPlanProvider, name, { planId, ...plan, token: pulumi.secret(token) }, opts);
  }
}

/**
 * Defender for Servers Plan 2 on a subscription. Just-in-time access needs it (Defender for Cloud, "Enable just-in-time
 * access"): without the plan, Azure refuses every JIT policy.
 *
 * Make it at most once for a subscription, and only where nobody else manages the plan: a plan is a setting of the whole
 * subscription, billed for each running server. Azure has no DELETE for a plan at subscription scope, so `pulumi destroy`
 * leaves the plan as it is; switch it off by hand if nothing else needs it.
 *
 * azure-native's `security.Pricing` cannot switch a plan on: a plan always exists, at least as `Free`, and azure-native
 * refuses to create what exists unless the REST API has no DELETE for it (`isSingleton` in its provider/pkg/gen/schema.go).
 * Since 2024-01-01 it has one, for single resources. So the plan is set through Azure Resource Manager, with a token of
 * azure-native's own login.
 *
 * @example
 * const plan = new DefenderPlan("defender", { subscriptionId });
 * new JitVirtualMachine("web", { ... }, { dependsOn: plan });
 */
export class DefenderPlan extends pulumi.ComponentResource {
  /** ARM id of the plan: `/subscriptions/<id>/providers/Microsoft.Security/pricings/VirtualMachines`. */
  readonly planId: pulumi.Output<string>;

  constructor(name: string, args: DefenderPlanArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bastion-trail:index:DefenderPlan", name, {}, withoutVersionAliases(opts));

    const planId = pulumi.interpolate`/subscriptions/${args.subscriptionId}/providers/Microsoft.Security/pricings/VirtualMachines`;
    this.planId = new Pricing(name, planId, { parent: this }).id;
    this.registerOutputs({ planId: this.planId });
  }
}
