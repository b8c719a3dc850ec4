/** Filters the activities that `activity` shows. */
import { groupIdOf } from "../../audit/activity/ruleBook.ts";
import { isOpening, mayOpen } from "../../audit/activity/activityOf.ts";
import { nameOf } from "../../azure/read.ts";
import { isSamePerson } from "../../audit/records/personName.ts";
import type { Activity, WrittenRule } from "../../audit/activity/types.ts";
import { includesPort } from "@bastion-trail/core/rules/portRanges";
import { isSameIgnoringCase } from "../../names/ignoringCase.ts";
import { isVm } from "../../names/vmName.ts";
import type { ActivityKindName } from "./options.ts";
import { callerShown } from "../../names/activityCaller.ts";
import { isBefore, mayReach, namesAddress, type VmScope } from "./vmScope.ts";

export interface ActivityFilter {
  readonly user?: string | undefined;
  readonly vm?: VmScope | undefined;
  readonly opens?: number | undefined;
  readonly only?: ActivityKindName | undefined;
}

/** @returns a test of one activity. All filters must match. */
export function activityTest({ user, vm, opens, only }: ActivityFilter): (activity: Activity) => boolean {
  const tests: ((activity: Activity) => boolean)[] = [
    ...(user === undefined ? [] : [(activity: Activity) => isBy(activity, user)]),
    ...(vm === undefined ? [] : [(activity: Activity) => concerns(activity, vm)]),
    ...(opens === undefined ? [] : [(activity: Activity) => mayOpenPort(activity, opens)]),
    ...(only === undefined ? [] : [onlyTests[only]]),
  ];
  return (activity) => tests.every((test) => test(activity));
}

const onlyTests: Readonly<Record<ActivityKindName, (activity: Activity) => boolean>> = {
  requests: ({ kind }) => kind === "request",
  rules: ({ kind }) => kind === "rule",
  outside: ({ origin, opens }) => (origin === "outside" || origin === "unclear") && opens !== false,
  policies: ({ kind }) => kind === "policy",
};

function isBy(activity: Activity, user: string): boolean {
  const { request, callerNames } = activity;
  const named = [activity, ...(request === null ? [] : [request])].flatMap((one) => [
    one.caller,
    one.callerName,
    one.callerApp,
    callerShown(one),
  ]);
  return [...callerNames, ...named].some((name) => isSamePerson(name, user));
}

/**
 * Whether an activity concerns a VM. Requests and Defender's rules name their VMs. Any other rule concerns a VM if its
 * network security group protects the VM and its destination includes the VM's address; if the groups are unknown, it
 * must name that address. A rule whose text is not in the log matches: somebody who looks for an opened port must not
 * miss one.
 */
function concerns(activity: Activity, scope: VmScope): boolean {
  const { kind, vms, resource, rules, removed } = activity;
  if (kind === "policy") return false;
  if (vms.some((vm) => isWanted(scope.wanted, vm))) return true;
  if (kind === "request") return false;
  const all = [...(rules ?? []), ...removed];
  const reaches = (test: (destination: string) => boolean): boolean =>
    all.some(({ destinations }) => destinations.length === 0 || destinations.some(test));
  if (scope.nsgIds === undefined) return reaches((destination) => namesAddress(scope, destination));
  return isBefore(scope, groupIdOf(resource)) && (all.length === 0 || reaches((one) => mayReach(scope, one)));
}

/** The log may have only the name of a VM. */
function isWanted(wanted: string, vm: Activity["vms"][number]): boolean {
  return isVm(vm, wanted) || (vm.id === null && isSameIgnoringCase(vm.name, nameOf(wanted)));
}

/** Whether a request is for the port, or a write opens it or might. */
function mayOpenPort({ kind, vms, opens, rules, removed }: Activity, port: number): boolean {
  const has = ({ ports }: WrittenRule): boolean =>
    ports.length === 0 || ports.some((range) => includesPort(range, port));
  switch (kind) {
    case "request":
      return vms.some(({ ports }) => ports.some(({ number }) => number === port));
    case "policy":
      return false;
    case "rule":
      if (opens === null) {
        const possible = [...(rules ?? []).filter(mayOpen), ...removed];
        return rules === null || possible.length === 0 || possible.some(has);
      }
      return opens && (rules ?? []).some((rule) => isOpening(rule) && has(rule));
  }
}
