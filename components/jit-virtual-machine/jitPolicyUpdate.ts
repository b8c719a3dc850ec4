/** Keeps an update of a JIT policy from writing an old list of requests back to Azure. */
import { isDeepStrictEqual } from "node:util";
import { getJitNetworkAccessPolicy } from "@pulumi/azure-native/security/getJitNetworkAccessPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import type { HookInputs } from "../shared/hookInputs.ts";
import { hook } from "../shared/hook.ts";

/**
 * Returns a hook for a JIT policy. Defender for Cloud keeps the current requests in the policy, and a PUT sends the
 * whole policy. `pulumi refresh` records the list as an input, and `ignoreChanges` copies it into every later update,
 * which would then undo newer requests. An update is therefore allowed only if its list is the one in Azure. The hook
 * also runs in `pulumi preview`.
 *
 * @param subject - what is updated, for example `JitVirtualMachine "web"`.
 * @param opts - the component whose provider reads the policy.
 * @throws RunError if the recorded list differs from the one in Azure.
 */
export function keepsLiveRequests(subject: string, opts: pulumi.InvokeOptions): pulumi.ResourceHook {
  return hook(
    subject,
    "jit-update",
    async ({ newInputs = {} }) => {
      const { requests, ...policy }: HookInputs = newInputs;
      if (requests === undefined) return;
      const live = await getJitNetworkAccessPolicy(
        {
          resourceGroupName: String(policy.resourceGroupName),
          ascLocation: String(policy.ascLocation),
          jitNetworkAccessPolicyName: String(policy.jitNetworkAccessPolicyName),
        },
        opts,
      );
      refuseStaleRequests(subject, requests, live.requests ?? []);
    },
    { onDryRun: true },
  );
}

/**
 * Refuses an update with an outdated list of requests.
 * @param recorded - `requests` as the update would send it.
 * @param live - `requests` as it is in Azure.
 * @throws RunError if they differ.
 */
export function refuseStaleRequests(subject: string, recorded: unknown, live: unknown): void {
  if (isDeepStrictEqual(recorded, live)) return;
  throw new pulumi.RunError(
    `${subject}: the JIT requests in the stack's state are not those in Azure, and this update of the policy would write ` +
      'them back. Run "pulumi up --refresh".',
  );
}
