/**
 * Leaves out grants and rules that cannot match a session: if the trail is of one VM, these are nearly all, and it takes longer
 * to make relations of them than to join the rest.
 */
import { isIPv4 } from "node:net";
import type { Engine } from "../store/engine.ts";
import type { RuleLife } from "./ruleLives.ts";

/** The VMs of some sessions, in lower case. */
export interface SessionVms {
  /** Texts that `VmKey` of a grant may have. */
  readonly keys: ReadonlySet<string>;
  readonly addresses: ReadonlySet<string>;
}

/** Returns the VMs of the sessions in the table `folded` of an engine. */
export async function foldedVms(engine: Engine): Promise<SessionVms> {
  const vms = (await engine.rows("SELECT DISTINCT Vm, VmIp FROM folded")).map(([vm, address]) => ({
    vm: String(vm).toLowerCase(),
    address: String(address).toLowerCase(),
  }));
  return {
    keys: new Set(vms.flatMap(({ vm, address }) => [vm, `ip:${address}`])),
    addresses: new Set(vms.map(({ address }) => address)),
  };
}

/** Returns whether a rule is for one of these VMs' addresses, or for more than one address. Any is, if an address is not known. */
export function mayReach({ addresses }: SessionVms, { rule }: Pick<RuleLife, "rule">): boolean {
  const destinations = rule?.destinations ?? [];
  return (
    destinations.length === 0 ||
    addresses.has("") ||
    destinations.some((text) => {
      const address = text.trim().replace(/\/32$/, "");
      return !isIPv4(address) || addresses.has(address);
    })
  );
}
