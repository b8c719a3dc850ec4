import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fields, type AuditRecord, type SessionFacts } from "../../../cli/audit/fields.ts";
import type { LogResult, Session, Unreadable } from "../../../cli/audit/records/types.ts";

type Json = Record<string, unknown>;

/** A record as the documentation prints it (azure-docs, "Monitor Azure Bastion"); `facts` go into its properties. */
export function blobRecord(facts: Json = {}, members: Json = {}): Json & { properties: Json } {
  return {
    time: "2026-05-04T10:00:00.000Z",
    resourceId: "/SUBSCRIPTIONS/S/RESOURCEGROUPS/HUB/PROVIDERS/MICROSOFT.NETWORK/BASTIONHOSTS/BAS",
    operationName: "Microsoft.Network/BastionHost/connect",
    category: "BastionAuditLogs",
    level: "Informational",
    location: "westeurope",
    properties: {
      userName: "azureuser",
      userAgent: "Mozilla/5.0",
      clientIpAddress: "203.0.113.7",
      clientPort: 50123,
      protocol: "ssh",
      targetResourceId: "/SUBSCRIPTIONS/S/RESOURCEGROUPS/APP/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/WEB-1",
      subscriptionId: "S",
      message: "Successfully Connected.",
      resourceType: "VM",
      targetVMIPAddress: "10.0.1.4",
      userEmail: "anna@contoso.com",
      tunnelId: "aaaaaaaa-0000-4000-8000-000000000001",
      ...facts,
    },
    FluentdIngestTimestamp: "2026-05-04T10:00:00.0000000Z",
    Region: "westeurope",
    CustomerSubscriptionId: "S",
    ...members,
  };
}

/** What is read from `blobRecord()`. */
export const readBack: AuditRecord = {
  time: "2026-05-04T10:00:00.000Z",
  tunnelId: "aaaaaaaa-0000-4000-8000-000000000001",
  operationName: "Microsoft.Network/BastionHost/connect",
  category: "BastionAuditLogs",
  message: "Successfully Connected.",
  protocol: "ssh",
  clientIp: "203.0.113.7",
  clientPort: 50123,
  person: "anna@contoso.com",
  account: "azureuser",
  userAgent: "Mozilla/5.0",
  targetResourceId: "/SUBSCRIPTIONS/S/RESOURCEGROUPS/APP/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/WEB-1",
  targetIp: "10.0.1.4",
  resourceType: "VM",
  bastionId: "/SUBSCRIPTIONS/S/RESOURCEGROUPS/HUB/PROVIDERS/MICROSOFT.NETWORK/BASTIONHOSTS/BAS",
  region: "westeurope",
  sessionStart: null,
  sessionEnd: null,
  durationMs: null,
};

/** What is folded from `blobRecord()` alone, a minute later. */
export const folded: Session = {
  tunnelId: "aaaaaaaa-0000-4000-8000-000000000001",
  start: "2026-05-04T10:00:00.000Z",
  end: null,
  durationSeconds: null,
  state: "open",
  vm: "/SUBSCRIPTIONS/S/RESOURCEGROUPS/APP/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/WEB-1",
  vmName: "WEB-1",
  vmIp: "10.0.1.4",
  protocol: "ssh",
  clientIp: "203.0.113.7",
  clientPort: 50123,
  person: "anna@contoso.com",
  account: "azureuser",
  userAgent: "Mozilla/5.0",
  outcome: "connected",
  message: "Successfully Connected.",
  bastion: "/SUBSCRIPTIONS/S/RESOURCEGROUPS/HUB/PROVIDERS/MICROSOFT.NETWORK/BASTIONHOSTS/BAS",
  region: "westeurope",
  records: 1,
};

/** What a session has of its records where they have nothing. */
export const noFacts = Object.fromEntries(
  Object.values(fields).flatMap((field) => ("session" in field ? [[field.session, null]] : [])),
) as SessionFacts;

/** A folder of files that is gone after the test. */
export class LogFolder {
  readonly path = mkdtempSync(join(tmpdir(), "audit-lines-"));

  /** @returns the file's path. */
  write(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export interface Read {
  sessions: Session[];
  unreadable: readonly Unreadable[];
  unread: LogResult["unread"];
  coverage: LogResult["coverage"];
}

/** All of a result at once. */
export async function readAll({ sessions, unreadable, unread, coverage }: LogResult): Promise<Read> {
  return { sessions: await Array.fromAsync(sessions), unreadable, unread, coverage };
}

export function lines(...records: unknown[]): string {
  return records.map((record) => `${typeof record === "string" ? record : JSON.stringify(record)}\n`).join("");
}
