import { getClientTokenOutput } from "@pulumi/azure-native/authorization/getClientToken.js";
import * as pulumi from "@pulumi/pulumi";
import { immutabilityLockProvider } from "./immutabilityLockProvider.ts";

/** What {@link ImmutabilityLock} is made from. */
export interface ImmutabilityLockArgs {
  /** ARM id of the immutability policy: `.../containers/CONTAINER/immutabilityPolicies/default`. */
  policyId: pulumi.Input<string>;
  /** Days for which records cannot be changed or deleted. They can only be raised, and by Azure only five times. */
  days: pulumi.Input<number>;
}

/**
 * Locks a container's immutability policy, for good.
 *
 * azure-native has no resource for it, because the lock is an action of its own:
 * `POST .../immutabilityPolicies/default/lock`, with the policy's ETag (Storage resource provider, 2024-01-01). This
 * resource reads the ETag, brings the policy to `days` and locks it; a policy that is locked already is accepted. Raising
 * `days` lengthens the locked policy. Deleting the resource only forgets it: Azure cannot unlock.
 *
 * It talks to Azure Resource Manager with a token of azure-native's own login, so no second login is needed. The token is a
 * secret, is not compared, and is not kept in the resource's outputs.
 */
export class ImmutabilityLock extends pulumi.dynamic.Resource {
  constructor(name: string, args: ImmutabilityLockArgs, opts: pulumi.CustomResourceOptions = {}) {
    const parent = opts.parent === undefined ? {} : { parent: opts.parent };
    const { token } = getClientTokenOutput({}, parent);
    super(immutabilityLockProvider, name, { ...args, token: pulumi.secret(token) }, opts);
  }
}
