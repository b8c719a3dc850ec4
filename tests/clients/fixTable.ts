import { catalogue, fixOf, type FindingCode, type FixValues } from "../../cli/commands/doctor/catalogue.ts";
import { roleDefinitionOf } from "../../cli/commands/doctor/roleDefinition.ts";
import type { Values } from "./client.ts";

/** A fix as `doctor` prints it. */
export interface FixRow {
  readonly code: FindingCode;
  /** What makes the deployment as the finding has it, where the command needs that: lines of shell. */
  readonly before: readonly string[];
  readonly fixOf: (values: Values) => string;
}

function row<Code extends FindingCode>(
  code: Code,
  values: (deployment: Values) => FixValues<Code>,
  before: readonly string[] = [],
): FixRow {
  return { code, before, fixOf: (deployment) => fixOf(code, values(deployment)) };
}

const assignee = "--assignee-object-id 22222222-2222-4333-8444-555555555555 --assignee-principal-type User";
const rule = (name: string, priority: number, access: string): string =>
  `az network nsg rule create -g trail --nsg-name web-nsg -n ${name} --priority ${priority} --access ${access} --direction Inbound --source-address-prefixes 10.9.0.0/24 --destination-port-ranges 8443`;

/** Words in capitals are the person's to choose. */
export const choices: Values = {
  NEW_NAME: "byfix0account",
  NEW_ID: "$GROUP/providers/Microsoft.Storage/storageAccounts/byfix0account",
  NSG_ID: "$NETWORK/networkSecurityGroups/web-nsg",
};

/** One row for each fix that has a command of the Azure CLI; findings with the same fix share one. */
export const fixes: readonly FixRow[] = [
  row("provider-not-registered", (v) => ({ namespace: "Microsoft.Security", subscription: v.SUBSCRIPTION! })),
  row("defender-plan-off", (v) => ({ subscription: v.SUBSCRIPTION! })),
  row("permission-missing", (v) => ({
    subscription: v.SUBSCRIPTION!,
    definition: roleDefinitionOf("Bastion Trail Operator", v.GROUP!),
    assignee,
    role: "'Bastion Trail Operator'",
    scope: v.GROUP!,
  })),
  row("permission-denied", (v) => ({
    subscription: v.SUBSCRIPTION!,
    definition: roleDefinitionOf("Log Analytics Reader", v.GROUP!),
    assignee,
    role: "'Log Analytics Reader'",
    scope: v.GROUP!,
    permission: "Microsoft.OperationalInsights/workspaces/query/read",
  })),
  row("nic-unseen", (v) => ({ assignee, scope: v.GROUP! })),
  row("bastion-not-ready", (v) => ({ host: v.HOST! })),
  row("archive-in-other-region", (v) => ({
    group: "trail",
    subscription: v.SUBSCRIPTION!,
    region: "westeurope",
    setting: "bastion-audit-logs",
    host: v.HOST!,
  })),
  row("audit-not-archived", (v) => ({
    setting: "bastion-audit-logs",
    host: v.HOST!,
    account: v.ACCOUNT_ID!,
    workspace: v.WORKSPACE_ID!,
  })),
  row("audit-not-sent", (v) => ({ host: v.HOST!, account: v.ACCOUNT_ID!, workspace: v.WORKSPACE_ID! }), [
    "az monitor diagnostic-settings delete -n bastion-audit-logs --resource $HOST",
  ]),
  row("audit-in-shared-table", (v) => ({
    setting: "audit",
    host: v.HOST!,
    account: v.ACCOUNT_ID!,
    workspace: v.WORKSPACE_ID!,
  })),
  row("archive-shut", (v) => ({ account: v.ACCOUNT_ID! })),
  row("records-overdue", (v) => ({ host: v.HOST! })),
  row("jit-policy-stale", (v) => ({
    subscription: v.SUBSCRIPTION!,
    group: "trail",
    region: "westeurope",
    policy: "web-jit",
  })),
  row(
    "vm-without-jit",
    (v) => ({
      policy: `${v.GROUP!}/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/by-fix`,
      vm: v.VM!,
      range: "10.60.0.0/26",
    }),
    [
      'az rest --method delete --url "$GROUP/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/web-jit?api-version=2020-01-01"',
    ],
  ),
  row("nic-unguarded", (v) => ({ nic: `${v.NETWORK!}/networkInterfaces/web-nic` })),
  row(
    "vm-public-address",
    (v) => ({
      subscription: v.SUBSCRIPTION!,
      group: "trail",
      nic: "web-nic",
      config: "internal",
    }),
    [
      "az network public-ip create -g trail -n by-fix --sku Standard --only-show-errors",
      "az network nic ip-config update -g trail --nic-name web-nic -n internal --public-ip-address by-fix",
    ],
  ),
  row(
    "standing-deny-missing",
    (v) => ({
      subscription: v.SUBSCRIPTION!,
      group: "trail",
      nsg: "web-nsg",
      ports: "22 3389",
    }),
    ["az network nsg rule delete -g trail --nsg-name web-nsg -n DenyManagementPorts"],
  ),
  row(
    "bastion-deny-missing",
    (v) => ({
      subscription: v.SUBSCRIPTION!,
      group: "trail",
      nsg: "web-nsg",
      range: "10.60.0.0/26",
    }),
    ["az network nsg rule delete -g trail --nsg-name web-nsg -n DenyBastionSubnet"],
  ),
  row("jit-bypassed", (v) => ({ subscription: v.SUBSCRIPTION!, group: "trail", nsg: "web-nsg", rule: "by-hand" }), [
    rule("by-hand", 320, "Allow"),
  ]),
  row("immutability-blocks-logs", (v) => ({
    subscription: v.SUBSCRIPTION!,
    group: "trail",
    account: v.ACCOUNT!,
    container: "insights-logs-bastionauditlogs",
    days: "1",
  })),
  row("activity-log-changeable", (v) => ({
    subscription: v.SUBSCRIPTION!,
    group: "trail",
    account: v.ACCOUNT!,
    container: "insights-activity-logs",
    days: "1",
  })),
  row(
    "activity-not-exported",
    (v) => ({
      subscription: v.SUBSCRIPTION!,
      region: "westeurope",
      account: v.ACCOUNT_ID!,
      workspace: v.WORKSPACE_ID!,
    }),
    ["az monitor diagnostic-settings subscription delete -n trail --yes"],
  ),
];

/** Findings whose fix has a command of the Azure CLI, and no row above. */
export function uncovered(): string[] {
  const covered = new Set(fixes.map(({ code }) => catalogue[code].fix as string));
  return Object.entries(catalogue).flatMap(([code, { fix }]) => (/^az /m.test(fix) && !covered.has(fix) ? [code] : []));
}
