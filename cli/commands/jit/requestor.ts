import { isPrincipal, nameOfPrincipal, type Principal } from "../../azure/caller.ts";
import type { JitGrant } from "../../azure/jitGrants.ts";

/** Who made a request. */
export interface Requestor {
  /** The name by which every command shows that principal; null where Azure does not say who it was. */
  readonly requestor: string | null;
  /** As Azure has it. */
  readonly requestorId: string | null;
  /** Whether it was the caller. */
  readonly isOwn: boolean;
}

/**
 * @param me who calls.
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

/** Who made a request, for a sentence. */
export function shownRequestor({ requestor }: Pick<Requestor, "requestor">): string {
  return requestor ?? "an unknown principal";
}
