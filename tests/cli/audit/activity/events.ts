import type { ActivityEvent, WrittenRule } from "../../../../cli/audit/activity/types.ts";

type Json = Record<string, unknown>;

export const subscription = "11111111-2222-3333-4444-555555555555";
const group = `/subscriptions/${subscription}/resourceGroups/trail/providers`;
export const policyId = `${group}/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/jit-web`;
export const vmId = `${group}/Microsoft.Compute/virtualMachines/web`;
export const nsgId = `${group}/Microsoft.Network/networkSecurityGroups/web-nsg`;
export const correlationId = "c0000000-0000-4000-8000-000000000001";
export const defenderApp = "8edd93e1-2103-40b4-bd70-6e34e586362d";
export const allowName = "MicrosoftDefenderForCloud-JITRule-123-0123456789ABCDEF0123456789ABCDEF";
export const denyName = "MicrosoftDefenderForCloud-JITRule_-123_0123456789ABCDEF0123456789ABCDEF";

export const initiate = "Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action";
export const nsgWrite = "Microsoft.Network/networkSecurityGroups/write";
export const ruleWrite = "Microsoft.Network/networkSecurityGroups/securityRules/write";
export const ruleDelete = "Microsoft.Network/networkSecurityGroups/securityRules/delete";

const noon = Date.UTC(2026, 4, 4, 12);

/** So many seconds after noon. */
export function at(seconds: number): string {
  return new Date(noon + seconds * 1000).toISOString();
}

export const jitBody = {
  virtualMachines: [
    { id: vmId, ports: [{ number: 22, allowedSourceAddressPrefix: "10.60.0.0/26", endTimeUtc: at(3600) }] },
  ],
  justification: "INC-1",
};

/** A rule as Azure's REST API has it. */
export function wireRule(name: string, properties: Json = {}): { name: string; properties: Json } {
  return {
    name,
    properties: {
      access: "Allow",
      direction: "Inbound",
      priority: 100,
      protocol: "Tcp",
      sourceAddressPrefix: "10.60.0.0/26",
      destinationAddressPrefix: "10.60.1.4",
      sourcePortRange: "*",
      destinationPortRange: "22",
      description: "MDC JIT Network Access rule created by an initiation request for policy 'jit-web' of VM 'web'.",
      ...properties,
    },
  };
}

/** The same as it is read. */
export function rule(name: string, facts: Partial<WrittenRule> = {}): WrittenRule {
  return {
    name,
    access: "allow",
    direction: "inbound",
    priority: 100,
    protocol: "tcp",
    sources: ["10.60.0.0/26"],
    destinations: ["10.60.1.4"],
    ports: ["22"],
    sourcePorts: ["*"],
    description: "MDC JIT Network Access rule created by an initiation request for policy 'jit-web' of VM 'web'.",
    jitName: name.includes("JITRule"),
    ...facts,
  };
}

export function event(seconds: number, operation: string, facts: Partial<ActivityEvent> = {}): ActivityEvent {
  return {
    time: at(seconds),
    id: `${operation} ${seconds} ${facts.status ?? ""} ${facts.resource ?? ""}`,
    correlationId,
    serviceRequestId: null,
    operationId: "o1",
    operation,
    status: "succeeded",
    error: null,
    caller: "ada@example.com",
    callerName: null,
    callerApp: "cli-app",
    callerIp: "203.0.113.7",
    email: null,
    upn: null,
    objectId: null,
    resource: null,
    asked: null,
    rules: null,
    ...facts,
  };
}

export const byDefender = {
  caller: "5f2b1f2a-6f0e-4d1b-9c53-0d9e5a7c1e11",
  callerName: "Windows Azure Security Resource Provider",
  callerApp: defenderApp,
  callerIp: null,
};

export const asked = {
  vms: [{ id: vmId, ports: [{ number: 22, source: "10.60.0.0/26", until: at(3600) }] }],
  justification: "INC-1",
};

/** The four events of one request. */
export const fourEvents: readonly ActivityEvent[] = [
  event(0, initiate, { resource: policyId, status: "started", asked }),
  event(1, initiate, { resource: vmId, callerIp: null }),
  event(2, nsgWrite, { resource: nsgId, ...byDefender, rules: [rule(allowName), rule(denyName, { access: "deny" })] }),
  event(3, initiate, { resource: policyId }),
];
