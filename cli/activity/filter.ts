/** Which activities `activity` shows. */
import type { Activity } from "../../audit/activity/types.ts";
import { addressMatcher } from "../../audit/sessions/addressMatcher.ts";
import type { KnownVm } from "../settings.ts";

export interface ActivityFilter {
  readonly user?: string | undefined;
  readonly vm?: string | undefined;
  readonly only?: "requests" | "rules" | "hand" | "policies" | undefined;
}

/**
 * @param machines those whose private address is known; it tells which rules concern a VM.
 * @returns a test of one activity; all that the filter names has to fit.
 */
export function activityTest(
  { user, vm, only }: ActivityFilter,
  machines: readonly Pick<KnownVm, "id" | "name" | "privateIp">[],
): (activity: Activity) => boolean {
  const tests: ((activity: Activity) => boolean)[] = [
    ...(user === undefined ? [] : [(activity: Activity) => isBy(activity, user)]),
    ...(vm === undefined ? [] : [(activity: Activity) => concerns(activity, vm, machines)]),
    ...(only === undefined ? [] : [onlyTests[only]]),
  ];
  return (activity) => tests.every((test) => test(activity));
}

const onlyTests = {
  requests: ({ kind }: Activity) => kind === "request",
  rules: ({ kind }: Activity) => kind === "rule",
  hand: ({ origin }: Activity) => origin === "hand" || origin === "unclear",
  policies: ({ kind }: Activity) => kind === "policy",
} as const;

function isBy({ caller, callerName, callerApp, request }: Activity, user: string): boolean {
  return [caller, callerName, callerApp, request?.caller].some((name) => isSame(name, user));
}

/**
 * A request names its VMs, and Defender's rules do. Any other rule concerns a VM unless it says that it does not: who looks
 * for an opened port must not miss one.
 */
function concerns(
  { kind, vms, rules }: Activity,
  vm: string,
  machines: readonly Pick<KnownVm, "id" | "name" | "privateIp">[],
): boolean {
  if (vms.length > 0 || kind === "request") {
    return vms.some(({ id, name }) => isSame(vm.includes("/") ? (id ?? lastOf(vm, name)) : name, vm));
  }
  const address = machines.find(({ id, name }) => isSame(vm.includes("/") ? id : name, vm))?.privateIp;
  return kind === "rule"
    ? address === undefined || rules === null || rules.some(({ destinations }) => mayReach(destinations, address))
    : true;
}

/** An id whose name is all that is known of it. */
function lastOf(id: string, name: string): string {
  return id.toLowerCase().endsWith(`/${name.toLowerCase()}`) ? id : name;
}

/** A rule without addresses names a group of machines, and a name such as `VirtualNetwork` is wide. */
function mayReach(destinations: readonly string[], address: string): boolean {
  return (
    destinations.length === 0 ||
    destinations.some((destination) => !/^[0-9a-f.:]+(?:\/\d+)?$/i.test(destination) || isIn(destination, address))
  );
}

function isIn(range: string, address: string): boolean {
  try {
    return addressMatcher(range)(address);
  } catch {
    return true;
  }
}

function isSame(one: string | null | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}
