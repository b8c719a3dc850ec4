import { PolicyPack, type Policies } from "@pulumi/policy";
import { onResources, onStack } from "./policy.ts";
import { archiveHardened } from "./rules/archiveHardened.ts";
import { archiveInBastionRegion } from "./rules/archiveInBastionRegion.ts";
import { archiveKeepsRecords } from "./rules/archiveKeepsRecords.ts";
import { bastionAuditSent } from "./rules/bastionAuditSent.ts";
import { bastionNsgComplete } from "./rules/bastionNsgComplete.ts";
import { evidenceGuarded } from "./rules/evidenceGuarded.ts";
import { jitPolicyBounded } from "./rules/jitPolicyBounded.ts";
import { jitSourceBastionOnly } from "./rules/jitSourceBastionOnly.ts";
import { noStandingManagementRule } from "./rules/noStandingManagementRule.ts";
import { recordingHasStorage } from "./rules/recordingHasStorage.ts";
import { vmHasJitPolicy } from "./rules/vmHasJitPolicy.ts";
import { vmNoPublicAddress } from "./rules/vmNoPublicAddress.ts";

/** Every policy of the pack, in the order of docs/policies.md. */
export const policies: Policies = [
  onStack(bastionAuditSent),
  onStack(archiveInBastionRegion),
  onStack(archiveHardened),
  onStack(archiveKeepsRecords),
  onStack(recordingHasStorage),
  onStack(evidenceGuarded),
  onResources(vmNoPublicAddress),
  onResources(noStandingManagementRule),
  onStack(bastionNsgComplete),
  onStack(vmHasJitPolicy),
  onResources(jitPolicyBounded),
  onStack(jitSourceBastionOnly),
];

/** Serves the pack to Pulumi's engine. Each policy is mandatory unless the pack's config says otherwise. */
export function policyPack(): PolicyPack {
  return new PolicyPack("bastion-trail", { policies, enforcementLevel: "mandatory" });
}
