/**
 * Everything that `doctor` can find: its severity, its meaning, and how to fix it. `npm run findings` writes the list in docs/cli.md.
 *
 * A fix is input for a POSIX shell: one command per line, with comments after `#`. Words in angle brackets are
 * placeholders. A line is dropped if one of its placeholders is empty. Words in capitals are for the user to replace.
 */
import { denyBastionSubnet, denyManagementPorts } from "@bastion-trail/core/rules/standingRules";
import { activityDays } from "../../azure/activityEvents.ts";

export type Severity = "error" | "warning" | "info";

interface Entry {
  readonly severity: Severity;
  /** The meaning in general; a finding's message applies it to the resource. */
  readonly title: string;
  readonly fix: string;
}

// Parts of fixes, and fixes that several findings share.
const inStack = "# in the stack: pulumi up --refresh";
const redeploy = "pulumi up --refresh # deploys what is missing again; or take it out of the stack";
const registerProvider = "az provider register --namespace <namespace> --subscription <subscription> --wait";
const enablePlan2 =
  "az security pricing create --name VirtualMachines --tier Standard --subplan P2 --subscription <subscription> # costs by VM; in the stack: pulumi config set defenderPlan manage && pulumi up";
const assignRole =
  "az role definition create --subscription <subscription> --role-definition <definition> # once; skip it if the role exists\naz role assignment create <assignee> --role <role> --scope <scope>";
const auditSetting = `--resource <host> --storage-account <account> --workspace <workspace> --export-to-resource-specific true --logs '[{"category":"BastionAuditLogs","enabled":true}]'`;
const updateAuditSetting =
  `az monitor diagnostic-settings update --name <setting> --resource <host> --storage-account-id <account> --workspace-id <workspace> ${inStack}` as const;
const checkAuditSettings =
  "az monitor diagnostic-settings list --resource <host> # look at where it sends; then bastion-trail doctor --only diagnostics,archive";
const allowBastionSource =
  "pulumi up --refresh # without Pulumi: set the allowed source to <range> in Defender for Cloud, Workload protections";
const deleteRule =
  "az network nsg rule delete --subscription <subscription> --resource-group <group> --nsg-name <nsg> --name <rule>";
const createDeny =
  "az network nsg rule create --subscription <subscription> --resource-group <group> --nsg-name <nsg> --direction Inbound --access Deny --protocol '*'";
const denyPorts =
  `${createDeny} --name ${denyManagementPorts.name} --priority ${denyManagementPorts.priority} --source-address-prefixes '*' --destination-port-ranges <ports> ${inStack}` as const;
const denyBastion =
  `${createDeny} --name ${denyBastionSubnet.name} --priority ${denyBastionSubnet.priority} --source-address-prefixes <range> --destination-port-ranges '*' ${inStack}` as const;
const createImmutability =
  "az storage container immutability-policy create --subscription <subscription> --resource-group <group> --account-name <account> --container-name <container> --period <days> --allow-protected-append-writes true";

export const catalogue = {
  "permission-denied": {
    severity: "warning",
    title: "A check could not be done: the identity may not read what it needs.",
    fix: `${assignRole} # gives <permission>`,
  },
  "could-not-check": {
    severity: "warning",
    title: "A check could not be done for another reason, such as no answer or an unexpected one.",
    fix: "bastion-trail doctor --only <check> --debug # after fixing the reported problem",
  },
  "provider-not-registered": {
    severity: "error",
    title: "The subscription may not use a resource provider that the deployment needs.",
    fix: registerProvider,
  },
  "provider-registering": {
    severity: "info",
    title: "A resource provider is being registered or unregistered.",
    fix: registerProvider,
  },
  "defender-plan-off": {
    severity: "error",
    title: "Defender for Servers is off; Azure refuses JIT policies and requests without its Plan 2.",
    fix: enablePlan2,
  },
  "defender-plan-1": {
    severity: "error",
    title: "Defender for Servers has Plan 1, which has no JIT.",
    fix: enablePlan2,
  },
  "permission-missing": {
    severity: "error",
    title: "The identity lacks permissions of a role that `--role` requires.",
    fix: assignRole,
  },
  "role-not-held": {
    severity: "info",
    title: "The identity lacks permissions of a role. That matters only if it uses the role's commands.",
    fix: assignRole,
  },
  "bastion-missing": {
    severity: "error",
    title: "The Bastion host in the settings does not exist, or the identity may not see it.",
    fix: redeploy,
  },
  "bastion-none": {
    severity: "info",
    title: "The subscription has no Bastion host, or none that the identity may see.",
    fix: "pulumi up # deploys one",
  },
  "bastion-not-ready": {
    severity: "warning",
    title: "The Bastion host is being changed, or its last change failed.",
    fix: "az resource update --ids <host> # where it failed: writes it again; else wait",
  },
  "bastion-without-audit": {
    severity: "error",
    title: "The Bastion host has the SKU Developer, which writes no audit log.",
    fix: "pulumi config set bastionSku Basic && pulumi up # without Pulumi: the host's page in the portal, Configuration",
  },
  "recording-unconfirmed": {
    severity: "warning",
    title:
      "The host records sessions, and nothing shows that it has a container to write to: without one it refuses every session.",
    fix: "pulumi stack output recordingNextStep # what to upload; without Pulumi: the host's page in the portal, Session recordings. Then connect once",
  },
  "audit-not-sent": {
    severity: "error",
    title: "No diagnostic setting sends the host's audit logs anywhere.",
    fix: `az monitor diagnostic-settings create --name audit ${auditSetting} ${inStack}`,
  },
  "audit-not-archived": {
    severity: "error",
    title: "The host's audit logs go to no storage account.",
    fix: updateAuditSetting,
  },
  "audit-not-in-workspace": {
    severity: "warning",
    title: "The host's audit logs go to no Log Analytics workspace.",
    fix: updateAuditSetting,
  },
  "sink-missing": {
    severity: "error",
    title: "A diagnostic setting sends to a storage account or workspace that does not exist.",
    fix: updateAuditSetting,
  },
  "sink-elsewhere": {
    severity: "warning",
    title: "The host's audit logs go to another storage account or workspace than the stack's outputs name.",
    fix: updateAuditSetting,
  },
  "audit-in-shared-table": {
    severity: "info",
    title: "The workspace keeps the audit logs in AzureDiagnostics instead of their own table.",
    fix: `az monitor diagnostic-settings create --name <setting> ${auditSetting}`,
  },
  "archive-missing": {
    severity: "error",
    title: "The archive's storage account does not exist, or the identity may not see it.",
    fix: redeploy,
  },
  "archive-in-other-region": {
    severity: "error",
    title: "The archive is in another region than the Bastion host; Azure Monitor does not deliver across regions.",
    fix: "az storage account create --name NEW_NAME --resource-group <group> --subscription <subscription> --location <region> --sku Standard_LRS --kind StorageV2\naz monitor diagnostic-settings update --name <setting> --resource <host> --storage-account-id NEW_ID # the old records stay where they are",
  },
  "archive-shut": {
    severity: "error",
    title: "The firewall of the archive keeps Azure Monitor out.",
    fix: "az storage account update --ids <account> --bypass AzureServices # in the stack: pulumi up --refresh",
  },
  "records-none": {
    severity: "info",
    title: "The archive has no record of the host yet. The first comes up to hours after the first session.",
    fix: "bastion-trail logs --since 24h # after a session; see also the finding records-overdue",
  },
  "records-overdue": {
    severity: "error",
    title: "Sessions have been open for hours, but no record has arrived since they began.",
    fix: checkAuditSettings,
  },
  "records-too-old": {
    severity: "warning",
    title: "The last record is older than `--max-age` allows.",
    fix: "bastion-trail doctor --only diagnostics,archive # and connect once: then a record has to arrive",
  },
  "records-missing-in-archive": {
    severity: "warning",
    title: "The workspace has records that are hours newer than the archive's (with `--workspace-records`).",
    fix: checkAuditSettings,
  },
  "vm-missing": {
    severity: "error",
    title: "A VM of the stack does not exist, or the identity may not see it.",
    fix: redeploy,
  },
  "jit-policy-missing": {
    severity: "error",
    title: "A VM of the stack is in no JIT policy: nobody can request access, and nothing closes its ports.",
    fix: "pulumi up --refresh",
  },
  "vm-without-jit": {
    severity: "info",
    title: "VMs of the subscription are in no JIT policy. That is fine if nobody logs in to them.",
    fix: `az rest --method put --url "<policy>?api-version=2020-01-01" --body '{"kind":"Basic","properties":{"virtualMachines":[{"id":"<vm>","ports":[{"number":22,"protocol":"TCP","allowedSourceAddressPrefix":"<range>","maxRequestAccessDuration":"PT3H"}]}]}}' # the first of them, for SSH`,
  },
  "jit-policy-stale": {
    severity: "info",
    title: "A JIT policy names a VM that does not exist, or that the identity may not see.",
    fix: "az security jit-policy show --subscription <subscription> --resource-group <group> --location <region> --name <policy> # then take the VM out of it in Defender for Cloud, Workload protections",
  },
  "jit-not-from-bastion": {
    severity: "error",
    title: "A JIT policy does not allow access from the Bastion subnet.",
    fix: allowBastionSource,
  },
  "jit-from-anywhere": {
    severity: "warning",
    title: "A JIT policy allows opening a port to any address.",
    fix: allowBastionSource,
  },
  "nic-unseen": {
    severity: "warning",
    title: "The identity sees no network interface of a VM, so what reaches the VM is unknown.",
    fix: "az role assignment create <assignee> --role Reader --scope <scope>",
  },
  "nic-unguarded": {
    severity: "error",
    title: "Neither a VM's network interface nor its subnet has a network security group: every port is open.",
    fix: "az network nic update --ids <nic> --network-security-group NSG_ID # in the stack: pulumi up --refresh",
  },
  "vm-public-address": {
    severity: "warning",
    title: "A VM with a JIT policy has a public IP address.",
    fix: "az network nic ip-config update --subscription <subscription> --resource-group <group> --nic-name <nic> --name <config> --public-ip-address null",
  },
  "jit-deny-missing": {
    severity: "warning",
    title: "Defender's rule that closes a JIT port is gone from the VM's network security groups.",
    fix: 'bastion-trail jit request <vm> --for 5m --reason "restore the JIT rules" # Defender writes its rules again; or save the policy again in Defender for Cloud',
  },
  "bastion-deny-missing": {
    severity: "warning",
    title:
      "The stack's rule DenyBastionSubnet is gone: a tunnel of the native client reaches ports that nobody can request.",
    fix: denyBastion,
  },
  "bastion-deny-bypassed": {
    severity: "warning",
    title: "A standing rule lets the Bastion subnet reach a port that is not in the JIT policy.",
    fix: deleteRule,
  },
  "standing-deny-missing": {
    severity: "warning",
    title: "The stack's rule DenyManagementPorts is gone: the port opens to the network if the JIT policy goes too.",
    fix: denyPorts,
  },
  "jit-bypassed": {
    severity: "error",
    title: "A standing rule lets somebody reach a JIT port without a request.",
    fix: deleteRule,
  },
  "jit-bypassed-by-default": {
    severity: "error",
    title: "No rule closes a JIT port, so Azure's default rule lets the whole virtual network reach it.",
    fix: denyPorts,
  },
  "jit-rule-orphaned": {
    severity: "error",
    title: "An allow rule under Defender's name exists, but no active request asks for it.",
    fix: deleteRule,
  },
  "jit-rule-wider": {
    severity: "error",
    title: "An allow rule under Defender's name opens more than the active requests ask for.",
    fix: deleteRule,
  },
  "jit-rule-not-defenders": {
    severity: "error",
    title: "An allow rule under Defender's name was written by somebody else: it stays when the request ends.",
    fix: deleteRule,
  },
  "jit-deny-orphaned": {
    severity: "info",
    title: "A deny rule under Defender's name exists for an address that no JIT policy covers.",
    fix: deleteRule,
  },
  "immutability-off": {
    severity: "info",
    title: "Anybody who may write to the archive can change and delete its records.",
    fix: "pulumi config set immutability unlocked && pulumi up # try it; then: pulumi config set immutability locked && pulumi up",
  },
  "immutability-unlocked": {
    severity: "info",
    title: "The archive's immutability policy can still be loosened or deleted.",
    fix: "pulumi config set immutability locked && pulumi up # final: nobody can undo it before the days are over",
  },
  "immutability-blocks-logs": {
    severity: "error",
    title:
      "The archive's immutability policy does not allow protected append writes: Azure Monitor cannot add records.",
    fix: `${createImmutability} # while it is unlocked`,
  },
  "activity-log-changeable": {
    severity: "warning",
    title:
      "The container of the audit records has an immutability policy, but that of the activity log has none: JIT requests can be changed.",
    fix: `${createImmutability} # in the stack: pulumi up`,
  },
  "flows-not-logged": {
    severity: "warning",
    title: "No enabled flow log covers VMs with a JIT policy: no log names the rule that lets a session in.",
    fix: "pulumi config set flowLogs archive && pulumi up # without Pulumi: the portal, Network Watcher, Flow logs",
  },
  "flow-log-account-missing": {
    severity: "error",
    title: "A flow log writes to a storage account that does not exist, or that the identity may not see.",
    fix: redeploy,
  },
  "flow-log-failed": {
    severity: "warning",
    title: "Azure's last change of a flow log failed: it may write nothing.",
    fix: "pulumi up --refresh # without Pulumi: the portal, Network Watcher, Flow logs, switch it off and on",
  },
  "activity-not-exported": {
    severity: "warning",
    title: `The activity log (JIT requests, rule changes) is not exported; Azure keeps it for ${activityDays} days.`,
    fix: `az monitor diagnostic-settings subscription create --subscription <subscription> --name bastion-trail --location <region> --storage-account <account> --workspace <workspace> --logs '[{"category":"Administrative","enabled":true},{"category":"Security","enabled":true}]' ${inStack}`,
  },
} as const satisfies Readonly<Record<string, Entry>>;

export type FindingCode = keyof typeof catalogue;

/** The placeholders of a text. */
type Placeholders<Text extends string> = Text extends `${string}<${infer Name}>${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** Values for the placeholders in the fix of a code. */
export type FixValues<Code extends FindingCode> = Readonly<
  Record<Placeholders<(typeof catalogue)[Code]["fix"]>, string>
>;

export function fixOf<Code extends FindingCode>(code: Code, values: FixValues<Code>): string {
  const known: Readonly<Record<string, string>> = values;
  const placeholder = /<([a-z]+)>/g;
  const lines = catalogue[code].fix.split("\n");
  return lines
    .filter((line) => [...line.matchAll(placeholder)].every(([, name = ""]) => known[name] !== ""))
    .map((line) => line.replaceAll(placeholder, (whole, name: string) => known[name] ?? whole))
    .join("\n");
}
