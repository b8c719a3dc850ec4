/** What keeps an update of a JIT policy from writing an old list of requests back to Azure. */
import { isDeepStrictEqual } from "node:util";
import { getJitNetworkAccessPolicy } from "@pulumi/azure-native/security/getJitNetworkAccessPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import type { HookInputs } from "../shared/updateHook.ts";
import { hook } from "../shared/hook.ts";

/**
 * A hook for a JIT policy. Defender for Cloud keeps the current requests in the policy, and a PUT sends the whole policy.
 * `pulumi refresh` records the list as an input, and `ignoreChanges` copies it into every later update, which would then
 * undo newer requests. So an update passes only if its list is the one that Azure has. The hook runs in `pulumi preview`,
 * too.
 *
 * @param name - name of the hook, unique in the stack.
 * @param subject - what is updated, for example `JitVirtualMachine "web"`.
 * @throws RunError when the recorded list is not Azure's.
 */
export function keepsLiveRequests(name: string, subject: string): pulumi.ResourceHook {
  return hook(
    name,
    async ({ newInputs = {} }) => {
      const { requests, ...policy }: HookInputs = newInputs;
      if (requests === undefined) return;
      const live = await getJitNetworkAccessPolicy({
        resourceGroupName: String(policy.resourceGroupName),
        ascLocation: String(policy.ascLocation),
        jitNetworkAccessPolicyName: String(policy.jitNetworkAccessPolicyName),
      });
      refuseStaleRequests(subject, requests, live.requests ?? []);
    },
    { onDryRun: true },
  );
}

/**
 * @param recorded - `requests` as the update would send it.
 * @param live - `requests` as Azure has it.
 * @throws RunError when they differ.
 */
export function refuseStaleRequests(subject: string, recorded: unknown, live: unknown): void {
  if (isDeepStrictEqual(recorded, live)) return;
  throw new pulumi.RunError(
    `${subject}: the JIT requests in the stack's state are not those in Azure, and this update of the policy would write ` +
      'them back. Run "pulumi up --refresh".',
  );
}
