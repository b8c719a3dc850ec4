import { isPrincipal, nameOfPrincipal, type Principal } from "../azure/caller.ts";
import type { JitGrant } from "../azure/jitGrants.ts";

/** The requestor of a request. */
export interface Requestor {
  /** The name by which every command shows the principal; null if Azure does not name it. */
  readonly requestor: string | null;
  /** Id of the requestor in Azure. */
  readonly requestorId: string | null;
  /** Whether the caller made the request. */
  readonly isOwn: boolean;
}

/**
 * @param me the caller.
 * @param others further principals whose names are known.
 */
export function requestorOf(
  { requestor }: Pick<JitGrant, "requestor">,
  me: Principal,
  others: readonly Principal[] = [],
): Requestor {
  return requestor === null
    ? { requestor, requestorId: null, isOwn: false }
    : {
        requestor: nameOfPrincipal(requestor, [me, ...others]),
        requestorId: requestor,
        isOwn: isPrincipal(requestor, me),
      };
}

/** The requestor, for a sentence. */
export function shownRequestor({ requestor }: Pick<Requestor, "requestor">): string {
  return requestor ?? "an unknown principal";
}
