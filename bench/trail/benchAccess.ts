/**
 * The requests of the benchmark and the rules that Defender for Cloud wrote for them, as read from the activity log.
 */
import type { WrittenRule } from "bastion-trail/audit/activity/types";
import type { Access } from "bastion-trail/audit/trail/readAccess";
import type { RequestFacts } from "bastion-trail/audit/trail/requestFacts";
import type { RuleLife } from "bastion-trail/audit/trail/ruleLives";
import { shortId } from "bastion-trail/audit/trail/shortId";
import { subscription } from "../logs/auditArchive.ts";
import { bastionSubnet, from, hoursOfYear, requestMs, ruleName, type BenchRequest } from "./trailLogs.ts";

const scope = `/subscriptions/${subscription}/resourceGroups/WORKLOAD/providers`;
const vms = 300;

export function benchAccess(requests: readonly BenchRequest[]): Access {
  const facts = requests.map(factsOf);
  const lives = [
    ...Array.from({ length: vms }, (_, vm) => standing(vm)),
    ...facts.map((request, index) => lifeOf(request, requests[index]?.vm ?? 0, index)),
  ];
  const until = new Date(from.getTime() + hoursOfYear * 3_600_000).toISOString();
  const coverage = {
    state: "read" as const,
    from: new Date(from.getTime() - 86_400_000).toISOString(),
    until,
    gaps: [],
  };
  return {
    requests: facts,
    lives,
    untold: new Set(),
    subscriptions: [],
    coverage: { ...coverage, recordsRead: requests.length * 4, lastRecord: until },
    unreadable: [],
    unread: { lost: 0, aside: 0 },
    lostIn: [],
  };
}

function factsOf({ time, vm, person, port }: BenchRequest, index: number): RequestFacts {
  const id = `${scope}/Microsoft.Compute/virtualMachines/VM-${vm}`;
  const until = new Date(time + requestMs).toISOString();
  return {
    id: shortId("request", index),
    by: person,
    caller: person,
    people: [person],
    at: new Date(time).toISOString(),
    reason: `INC-${index}`,
    correlationId: `c-${index}`,
    callerIp: null,
    vms: [
      {
        id,
        name: `VM-${vm}`,
        ports: [{ number: port, source: bastionSubnet, until, durationSeconds: requestMs / 1000 }],
      },
    ],
  };
}

function lifeOf(request: RequestFacts, vm: number, index: number): RuleLife {
  const from = Date.parse(request.at);
  const port = String(request.vms[0]?.ports[0]?.number ?? 0);
  return {
    ...life(ruleName(index), vm, from, from + requestMs),
    rule: content(ruleName(index), "allow", 100, port, vm),
    isDeleted: true,
    author: "Defender for Cloud",
    byDefender: true,
    correlationId: request.correlationId,
    request,
    correlated: true,
    linked: [request],
  };
}

/** The deployment's own rule, which denies the Bastion subnet. */
function standing(vm: number): RuleLife {
  return {
    ...life("DenyManagementPorts", vm, from.getTime() - 1, null),
    rule: content("DenyManagementPorts", "deny", 4000, "*", vm),
    isDeleted: false,
    author: "deployer",
    byDefender: false,
    correlationId: null,
    request: null,
    correlated: false,
    linked: [],
  };
}

function life(name: string, vm: number, begin: number, until: number | null) {
  const group = `${scope}/Microsoft.Network/networkSecurityGroups/nsg-${vm}`.toLowerCase();
  return { id: shortId(group, name, begin), name, group, from: begin, until, byStack: false };
}

function content(
  name: string,
  access: "allow" | "deny",
  priority: number,
  port: string,
  vm: number,
): WrittenRule & { name: string } {
  return {
    name,
    access,
    direction: "inbound",
    priority,
    protocol: "*",
    sources: [bastionSubnet],
    destinations: [access === "deny" ? "*" : `10.0.${vm >> 8}.${vm & 255}`],
    ports: [port],
    sourcePorts: ["*"],
    description: null,
    jitName: access === "allow",
  };
}
