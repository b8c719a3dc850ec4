/** Facts as Azure would have them, all of them as they should be. */
import type { BastionHost } from "../../../../cli/azure/bastionHosts.ts";
import type { DiagnosticSetting } from "../../../../cli/azure/diagnosticSettings.ts";
import type { JitPolicy, JitPort, JitRequest } from "../../../../cli/azure/jitPolicies.ts";
import type { NetworkInterface, SecurityGroup } from "../../../../cli/azure/networkInventory.ts";
import type { Subnet } from "../../../../cli/azure/subnets.ts";
import type { SecurityRule } from "../../../../cli/azure/networkSecurityRules.ts";
import type { StorageAccount } from "../../../../cli/azure/storageAccount.ts";
import type { FoundByCheck, Judgement } from "../../../../cli/commands/doctor/finding.ts";
import type { Identity } from "../../../../cli/commands/doctor/identity.ts";
import { jitVms, type JitVmParts } from "../../../../cli/commands/doctor/jitVms.ts";
import type { Subject } from "../../../../cli/commands/doctor/subject.ts";

export const subscriptionId = "11111111-2222-3333-4444-555555555555";
export const group = `/subscriptions/${subscriptionId}/resourceGroups/rg`;
export const hostId = `${group}/providers/Microsoft.Network/bastionHosts/bas`;
export const accountId = `${group}/providers/Microsoft.Storage/storageAccounts/logs`;
export const workspaceId = `${group}/providers/Microsoft.OperationalInsights/workspaces/law`;
export const vmId = `${group}/providers/Microsoft.Compute/virtualMachines/web`;
export const nicId = `${group}/providers/Microsoft.Network/networkInterfaces/web-nic`;
export const nsgId = `${group}/providers/Microsoft.Network/networkSecurityGroups/web-nsg`;
export const subnetId = `${group}/providers/Microsoft.Network/virtualNetworks/net/subnets/vms`;
export const policyId = `${group}/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/web-jit`;
export const bastionRange = "10.0.0.0/26";
export const now = new Date("2026-05-04T12:00:00Z");

export const bare: Subject = { subscriptionId };
export const stack: Subject = {
  subscriptionId,
  bastionHostId: hostId,
  vms: [{ name: "web", id: vmId, privateIp: "10.0.1.4", jitPolicyId: policyId }],
};

export const host: BastionHost = {
  id: hostId,
  name: "bas",
  location: "westeurope",
  sku: "Basic",
  scaleUnits: 2,
  state: "Succeeded",
  tunneling: false,
  recordsSessions: false,
  subnetId: null,
  publicIpId: null,
};

export const ada: Identity = {
  name: "ada@example.com",
  assignee: "--assignee-object-id oid --assignee-principal-type User",
};

export const account: StorageAccount = {
  id: accountId,
  name: "logs",
  location: "westeurope",
  blobEndpoint: "https://logs.blob.core.windows.net",
  letsServicesIn: true,
};

export const settingId = `${hostId}/providers/Microsoft.Insights/diagnosticSettings/audit`;
export function setting(more: Partial<DiagnosticSetting> = {}): DiagnosticSetting {
  return {
    id: settingId,
    name: "audit",
    storageAccountId: accountId,
    workspaceId,
    destinationType: "Dedicated",
    enabled: ["bastionauditlogs"],
    ...more,
  };
}

export function jitPort(more: Partial<JitPort> = {}): JitPort {
  return { number: 22, protocol: "TCP", sources: [bastionRange], longestSeconds: 3600, ...more };
}

export function policy(more: Partial<JitPolicy> = {}): JitPolicy {
  return { id: policyId, name: "web-jit", vms: [{ id: vmId, name: "web", ports: [jitPort()] }], requests: [], ...more };
}

/** A request for SSH to the VM. */
export function request(end: string, status = "Initiated"): JitRequest {
  const port = { vm: vmId, port: 22, source: bastionRange, end, status, statusReason: null };
  return { start: "2026-05-04T10:00:00Z", requestor: "ada@example.com", justification: "INC-1", ports: [port] };
}

export function rule(name: string, more: Partial<SecurityRule> = {}): SecurityRule {
  return {
    id: `${nsgId}/securityRules/${name}`,
    name,
    etag: null,
    access: "deny",
    direction: "inbound",
    priority: 4000,
    protocol: "*",
    sources: ["*"],
    destinations: ["*"],
    ports: ["22"],
    sourcePorts: ["*"],
    ...more,
  };
}

const hash = "0123456789ABCDEF0123456789ABCDEF";
export const jitAllow = rule(`MicrosoftDefenderForCloud-JITRule-1-${hash}`, {
  access: "allow",
  priority: 100,
  protocol: "tcp",
  sources: [bastionRange],
  destinations: ["10.0.1.4"],
});
export const jitDeny = rule(`MicrosoftDefenderForCloud-JITRule_1_${hash}`, {
  priority: 4096,
  destinations: ["10.0.1.4"],
});
export const standingDeny = rule("DenyManagementPorts");
/** Those that every group has (Azure, network-security-groups-overview.md). */
export const defaults: readonly SecurityRule[] = [
  rule("AllowVnetInBound", {
    access: "allow",
    priority: 65_000,
    sources: ["VirtualNetwork"],
    destinations: ["VirtualNetwork"],
    ports: ["*"],
  }),
  rule("AllowAzureLoadBalancerInBound", {
    access: "allow",
    priority: 65_001,
    sources: ["AzureLoadBalancer"],
    ports: ["*"],
  }),
  rule("DenyAllInBound", { priority: 65_500, ports: ["*"] }),
];

export function nsg(rules: readonly SecurityRule[] = [standingDeny, jitDeny], name = "web-nsg"): SecurityGroup {
  const sorted = [...rules, ...defaults].sort((a, b) => a.priority - b.priority);
  return { id: nsgId.replace("web-nsg", name), name, rules: sorted };
}

export function nic(more: Partial<NetworkInterface> = {}, publicIpId: string | null = null): NetworkInterface {
  return {
    id: nicId,
    name: "web-nic",
    vmId,
    nsgId,
    addresses: [{ configName: "primary", privateIp: "10.0.1.4", subnetId, publicIpId, asgIds: [] }],
    ...more,
  };
}

export const subnet: Subnet = { id: subnetId, prefixes: ["10.0.1.0/24"], nsgId: null };

/** The VM where it stands. */
export function vmsWith(more: Partial<JitVmParts> = {}) {
  return jitVms({
    subject: stack,
    policies: [policy()],
    vms: [{ id: vmId, name: "web", location: "westeurope" }],
    nics: [nic()],
    subnets: [subnet],
    groups: [nsg()],
    ...more,
  });
}

/** Codes and messages. */
export function told({ findings }: Judgement): [string, string][] {
  return findings.map(({ code, message }: FoundByCheck) => [code, message]);
}
