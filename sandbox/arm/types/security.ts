import type { ProviderModule } from "../model.ts";
import { jitPolicyRules, resumeGrants } from "./security/jitPolicies.ts";
import { pricingRules } from "./security/pricings.ts";

/** `Microsoft.Security`: Defender plans and just-in-time network access. */
export function securityProvider(): ProviderModule {
  return {
    namespace: "Microsoft.Security",
    types: [pricingRules(), jitPolicyRules()],
    resume: resumeGrants,
  };
}
