import type * as pulumi from "@pulumi/pulumi";
import type { ArmClient } from "../shared/armClient.ts";
import { withRetries } from "../shared/armRequest.ts";
import { ArmTask } from "../shared/armTask.ts";

/** Arguments of {@link ImmutabilityLock}. */
export interface ImmutabilityLockArgs {
  /** ARM id of the immutability policy: `.../containers/CONTAINER/immutabilityPolicies/default`. */
  policyId: pulumi.Input<string>;
  /** Days for which records cannot be changed or deleted. They can only be raised, at most five times. */
  days: pulumi.Input<number>;
}

/** The resolved arguments. */
export interface LockedPolicy {
  readonly policyId: string;
  readonly days: number;
}

/**
 * Locks a container's immutability policy permanently.
 *
 * azure-native has no resource for the lock, which is a separate action: `POST .../immutabilityPolicies/default/lock`,
 * with the policy's ETag (Storage resource provider, 2024-01-01). This resource reads the ETag, sets the policy to
 * `days` and locks it; an already locked policy is accepted. Raising `days` extends the locked policy. Deleting the
 * resource only removes it from the state, because Azure cannot unlock a policy.
 */
export class ImmutabilityLock extends ArmTask<LockedPolicy> {
  constructor(name: string, args: ImmutabilityLockArgs, opts: pulumi.CustomResourceOptions = {}) {
    super({ id: "policyId", work: lockPolicy }, name, { ...args }, opts);
  }
}

/** An immutability policy as returned by the Storage resource provider. */
interface ImmutabilityPolicy {
  readonly etag: string;
  readonly properties: {
    readonly state: "Locked" | "Unlocked";
    readonly immutabilityPeriodSinceCreationInDays: number;
  };
}

const apiVersion = "2024-01-01";

/**
 * Sets the policy to `days` and locks it. Does nothing if that is already done, so it can be repeated from the start if
 * Azure is busy or a connection breaks.
 */
export async function lockPolicy(policy: LockedPolicy, arm: ArmClient): Promise<void> {
  await withRetries(() => lockPolicyOnce(policy, arm));
}

async function lockPolicyOnce({ policyId, days }: LockedPolicy, arm: ArmClient): Promise<void> {
  const call = async (method: string, action: string, ifMatch?: string, properties?: object) => {
    const content = {
      ...(ifMatch === undefined ? {} : { ifMatch }),
      ...(properties === undefined ? {} : { body: { properties } }),
    };
    const path = `${policyId}${action}?api-version=${apiVersion}`;
    return (await arm.send(method, path, content)) as ImmutabilityPolicy;
  };
  const length = { immutabilityPeriodSinceCreationInDays: days };

  let policy = await call("GET", "");
  if (policy.properties.state !== "Locked") {
    if (policy.properties.immutabilityPeriodSinceCreationInDays !== days) {
      policy = await call("PUT", "", policy.etag, { ...length, allowProtectedAppendWrites: true });
    }
    policy = await call("POST", "/lock", policy.etag);
  }
  const present = policy.properties.immutabilityPeriodSinceCreationInDays;
  if (present > days) {
    throw new Error(
      `The immutability policy ${policyId} is locked at ${present} days and cannot be shortened to ${days}: a locked policy can only be lengthened.`,
    );
  }
  if (present < days) {
    await call("POST", "/extend", policy.etag, length);
  }
}
