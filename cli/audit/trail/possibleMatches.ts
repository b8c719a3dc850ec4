/**
 * Leaves out grants and rules that cannot match a session: if the trail is of one VM, these are nearly all, and it takes longer
 * to pass them to DuckDB than to join the rest.
 */
import type { Engine } from "../store/engine.ts";
import type { RowOf } from "./relations.ts";

/** The VMs of some sessions, in lower case. */
interface SessionVms {
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

/** Yields the grants of these VMs. */
export function* grantsOf({ keys }: SessionVms, grants: Iterable<RowOf<"grants">>): Generator<RowOf<"grants">> {
  for (const grant of grants) if (keys.has(grant.VmKey.toLowerCase())) yield grant;
}

/** Yields the rules that are for one of these VMs' addresses, or for more than one address. */
export function* rulesOf({ addresses }: SessionVms, rules: Iterable<RowOf<"rules">>): Generator<RowOf<"rules">> {
  for (const rule of rules) {
    const address = rule.Scope.slice(rule.Scope.lastIndexOf("|") + 1);
    if (address === "*" || addresses.has(address.toLowerCase())) yield rule;
  }
}
