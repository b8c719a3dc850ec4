/** A folder with the activity log in every form, other logs, duplicates, and what cannot be read. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { blobRecord } from "../auditLines.ts";
import {
  allowName,
  at,
  correlationId,
  defenderApp,
  initiate,
  jitBody,
  nsgId,
  nsgWrite,
  policyId,
  ruleWrite,
  subscription,
  vmId,
  wireRule,
} from "./events.ts";

/** An hour in which blobs may still grow at `mixedNow`. */
const growing = `resourceId=/SUBSCRIPTIONS/${subscription}/y=2026/m=05/d=04/h=12/m=00/PT1H.json`;
const ended = `resourceId=/SUBSCRIPTIONS/${subscription}/y=2026/m=05/d=04/h=09/m=00/PT1H.json`;
export const mixedNow = "2026-05-04T13:00:00Z";

const otherSubscription = policyId.replace(subscription, "99999999-2222-3333-4444-555555555555");

/** An event as the archive has it. */
function archived(seconds: number, operationName: string, resourceId: string, facts: object = {}): object {
  return {
    time: at(seconds).replace("Z", "1234Z"),
    resourceId: resourceId.toUpperCase(),
    operationName: operationName.toUpperCase(),
    category: "Administrative",
    resultType: "Success",
    correlationId,
    identity: { claims: { upn: "ada@example.com", appid: "cli-app" } },
    properties: {},
    ...facts,
  };
}

/** The same as the REST API and the Azure CLI have it. */
function listed(seconds: number, operation: string, resourceId: string, facts: object = {}): object {
  return {
    eventTimestamp: at(seconds),
    eventDataId: `e-${seconds}`,
    resourceId,
    operationName: { value: operation, localizedValue: "a write" },
    status: { value: "Succeeded" },
    caller: "eve@example.com",
    correlationId: `c-${seconds}`,
    claims: { appid: "portal", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn": "eve@example.com" },
    ...facts,
  };
}

const withBody = (body: object) => ({ properties: { requestbody: JSON.stringify(body) } });

const request = archived(0, initiate, policyId, { resultType: "Start", ...withBody(jitBody) });
const rules = archived(2, nsgWrite, nsgId, {
  identity: { claims: { oid: "defender", appid: defenderApp } },
  ...withBody({ properties: { securityRules: [wireRule(allowName), wireRule("AllowWeb", { priority: 300 })] } }),
});
const start = archived(5, "Microsoft.Compute/virtualMachines/start/action", vmId);
const opened = (seconds: number, name: string): object =>
  listed(seconds, ruleWrite, `${nsgId}/securityRules/${name}`, withBody(wireRule(name, { sourceAddressPrefix: "*" })));

const lines = (...values: readonly unknown[]): string =>
  values.map((value) => `${typeof value === "string" ? value : JSON.stringify(value)}\n`).join("");

const csv = (row: Readonly<Record<string, string>>): string => {
  const cells = (texts: readonly string[]): string => texts.map((text) => `"${text.replaceAll('"', '""')}"`).join(",");
  return `${cells(Object.keys(row))}\n${cells(Object.values(row))}\n`;
};

const files: Readonly<Record<string, string | Buffer>> = {
  [ended]: lines(request, archived(1, initiate, vmId), rules, start, "oops", rules, archived(3, initiate, policyId)),
  [growing]: `${lines(archived(700, initiate, policyId, { correlationId: "c-2" }))}${JSON.stringify(start).slice(0, 80)}`,
  "portal.csv": csv({
    TimeGenerated: at(900),
    OperationNameValue: ruleWrite.toUpperCase(),
    ActivityStatusValue: "Success",
    Caller: "max@example.com",
    CorrelationId: "c-3",
    _ResourceId: `${nsgId}/securityrules/fromcsv`.toLowerCase(),
    Properties: JSON.stringify({ requestbody: JSON.stringify(wireRule("FromCsv")) }),
    Claims: "System.Collections.Hashtable",
    Type: "AzureActivity",
  }),
  "az.json": JSON.stringify([opened(1000, "One"), opened(1100, "Two"), opened(1000, "One")], null, 2),
  "rest.json": JSON.stringify({ value: [opened(1100, "Two"), opened(1200, "Three")] }),
  "copies/again.json.gz": gzipSync(lines(rules, request, "also not JSON", start)),
  "copies/packed.zst": zstdCompressSync(
    lines(opened(1300, "Four"), { ...opened(1400, "Five"), eventTimestamp: "soon" }),
  ),
  "copies/cut.json.gz": gzipSync(lines(opened(1500, "Six"), opened(1600, "Seven"))).subarray(0, -20),
  "utf16.json": Buffer.from(`\uFEFF${lines(opened(1700, "Acht"))}`, "utf16le"),
  "other.json": lines(archived(1800, initiate, otherSubscription, { correlationId: "c-4", ...withBody(jitBody) })),
  "audit.json": lines(blobRecord(), "neither this"),
  "metrics.json": lines({ time: at(0), metricName: "sessions", total: 1 }),
  "notes.txt": "Downloaded in May.\n",
};

export function writeMixedFolder(folder: string): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
