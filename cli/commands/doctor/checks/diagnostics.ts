import type { BastionHost } from "../../../azure/bastionHosts.ts";
import type { DiagnosticSetting } from "../../../azure/diagnosticSettings.ts";
import { nameOf } from "../../../azure/read.ts";
import { isSameIgnoringCase } from "../../../names/ignoringCase.ts";
import { auditCategory } from "@bastion-trail/core/links/archivePath";
import type { Check, CheckContext } from "../check.ts";
import { archiveAccountIn, sendsAudit } from "../archives.ts";
import { counted } from "../../../counted.ts";
import { found, type FoundByCheck, type Judgement } from "../finding.ts";

/** Values for a fix if the ids are unknown. */
export const unknownSinks = { account: "STORAGE_ACCOUNT_ID", workspace: "WORKSPACE_ID" } as const;

/** The destinations of one host's logs. */
export interface HostRoutes {
  readonly host: BastionHost;
  readonly settings: readonly DiagnosticSetting[];
  /** ARM ids of destinations that do not exist, in lower case. */
  readonly missing: ReadonlySet<string>;
}

export interface DiagnosticsFacts {
  readonly hosts: readonly HostRoutes[];
  /** The destinations in the stack's outputs, as far as they are known. */
  readonly expected: { readonly account: string | undefined; readonly workspace: string | undefined };
}

export function judgeDiagnostics({ hosts, expected }: DiagnosticsFacts): Judgement {
  const findings = hosts.flatMap((routes) => judgeHost(routes, expected));
  return {
    findings,
    seen:
      findings.length > 0
        ? `Checked ${counted(hosts.length, "Bastion host")}.`
        : `The audit logs of ${hosts.map(({ host }) => host.name).join(", ")} go to an archive and to a workspace.`,
  };
}

function judgeHost(
  { host, settings, missing }: HostRoutes,
  expected: DiagnosticsFacts["expected"],
): readonly FoundByCheck[] {
  const sending = settings.filter(sendsAudit);
  const ids = { ...unknownSinks, ...defined(expected) };
  if (sending.length === 0) {
    const reason = settings.length === 0 ? "" : `: ${namesOf(settings)} does not have ${auditCategory} switched on`;
    const message = `No diagnostic setting sends the audit logs of ${host.name}${reason}.`;
    return [found("audit-not-sent", host.id, message, { host: host.id, ...ids })];
  }
  const findings: FoundByCheck[] = [];
  const values = { host: host.id, setting: sending[0]?.name ?? "", ...ids };
  const kinds = [
    { of: "storageAccountId", kind: "account", noun: "storage account", none: "audit-not-archived" },
    { of: "workspaceId", kind: "workspace", noun: "workspace", none: "audit-not-in-workspace" },
  ] as const;
  for (const { of, kind, noun, none } of kinds) {
    const to = sending.flatMap((setting) => (setting[of] === null ? [] : { setting, id: setting[of] }));
    if (to.length === 0) {
      const message = `The audit logs of ${host.name} go to no ${noun} (${namesOf(sending)}).`;
      findings.push(found(none, host.id, message, values));
    }
    for (const { setting, id } of to.filter((one) => missing.has(one.id.toLowerCase()))) {
      const message = `${setting.name} sends the audit logs of ${host.name} to the ${noun} ${nameOf(id)}, which does not exist.`;
      findings.push(found("sink-missing", setting.id, message, { ...values, setting: setting.name }));
    }
    const wanted = expected[kind];
    const [first] = to;
    if (first !== undefined && wanted !== undefined && !to.some(({ id }) => isSameIgnoringCase(id, wanted))) {
      const message = `The audit logs of ${host.name} go to the ${noun} ${nameOf(first.id)}, and not to the stack's ${nameOf(wanted)}.`;
      findings.push(found("sink-elsewhere", first.setting.id, message, { ...values, setting: first.setting.name }));
    }
  }
  const shared = sending.filter(
    ({ workspaceId, destinationType }) => workspaceId !== null && destinationType?.toLowerCase() === "azurediagnostics",
  );
  for (const { id, name, storageAccountId, workspaceId } of shared) {
    const message = `${name} puts the audit logs of ${host.name} into the table AzureDiagnostics.`;
    const kept = { account: storageAccountId ?? ids.account, workspace: workspaceId ?? ids.workspace };
    findings.push(found("audit-in-shared-table", id, message, { host: host.id, setting: name, ...kept }));
  }
  return findings;
}

function namesOf(settings: readonly DiagnosticSetting[]): string {
  return settings.map(({ name }) => name).join(", ");
}

function defined<T extends object>(values: T): Partial<{ [Name in keyof T]: NonNullable<T[Name]> }> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

export const diagnostics: Check = {
  title: "a diagnostic setting sends the audit logs to the archive and to the workspace",
  examine: async (context) => {
    const { inventory, attempt } = context;
    // A Developer host has no logs to send.
    const hosts = (await inventory.hosts()).filter(({ sku }) => sku.toLowerCase() !== "developer");
    if (hosts.length === 0) return { skipped: "No Bastion host that writes audit logs." };
    const { subject } = inventory;
    const account = await attempt(async () => (await archiveAccountIn(inventory))?.id);
    const routes = await Promise.all(hosts.map((host) => attempt(() => routesOf(context, host))));
    return judgeDiagnostics({
      hosts: routes.filter((one) => one !== undefined),
      expected: { account, workspace: subject.workspaceId },
    });
  },
};

async function routesOf({ inventory, attempt }: CheckContext, host: BastionHost): Promise<HostRoutes> {
  const settings = await inventory.settingsOf(host.id);
  const missing = new Set<string>();
  for (const { storageAccountId, workspaceId } of settings.filter(sendsAudit)) {
    const reads = [
      { id: storageAccountId, read: inventory.account.bind(inventory) },
      { id: workspaceId, read: inventory.workspace.bind(inventory) },
    ];
    for (const { id, read } of reads) {
      if (id === null) continue;
      const isThere = await attempt(async () => (await read(id)) !== undefined);
      if (isThere === false) missing.add(id.toLowerCase());
    }
  }
  return { host, settings, missing };
}
