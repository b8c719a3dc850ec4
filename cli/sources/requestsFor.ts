import { isVm } from "../names/vmName.ts";
import type { RequestFacts } from "../audit/trail/requestFacts.ts";

/**
 * Returns the requests that a trail of one VM depends on: those for it, and those for the other VMs in them, which may have
 * replaced a part of them. Most of a year's requests are for other VMs.
 * @param vm name, `GROUP/NAME` or ARM id.
 */
export function requestsFor(vm: string, requests: readonly RequestFacts[]): RequestFacts[] {
  const isFor = ({ vms }: RequestFacts): boolean => vms.some((one) => one.id === null || isVm(one, vm));
  const together = new Set(requests.filter(isFor).flatMap(({ vms }) => vms.map(keyOf)));
  return requests.filter((request) => isFor(request) || request.vms.some((one) => together.has(keyOf(one))));
}

function keyOf({ id }: RequestFacts["vms"][number]): string | undefined {
  return id?.toLowerCase();
}
