/** The whole text of every command's table, in terminals of several widths. The expected texts are in `tables/`. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commands, groups } from "../../cli/commands/index.ts";
import { cacheColumns, type CacheRow } from "../../cli/commands/cache/columns.ts";
import { costColumns } from "../../cli/commands/cost/columns.ts";
import type { PricedPart } from "../../cli/commands/cost/priced.ts";
import { driftColumns } from "../../cli/commands/drift/columns.ts";
import type { Drift } from "../../cli/commands/drift/resourceDrift.ts";
import type { Finding } from "../../cli/commands/doctor/finding.ts";
import type { CheckResult } from "../../cli/commands/doctor/run.ts";
import { checklistText } from "../../cli/commands/doctor/show.ts";
import type { Io } from "../../cli/io.ts";
import { grantColumns, type GrantRow } from "../../cli/commands/jit/grantColumns.ts";
import { requestColumns, type RequestRow } from "../../cli/commands/jit/request.ts";
import { revokeColumns, type RevokeRow } from "../../cli/commands/jit/revoke.ts";
import { sessionColumns as loggedColumns } from "../../cli/commands/logs/columns.ts";
import { writeProfiles } from "../../cli/settings/profiles.ts";
import { runProgram } from "../../cli/program.ts";
import { report, tail } from "../../cli/reporters/report.ts";
import type { Column } from "../../cli/reporters/rows.ts";
import { sessionColumns, type SessionRow } from "../../cli/commands/sessions/columns.ts";
import { killColumns, type KillRow } from "../../cli/commands/sessions/kill.ts";
import { showStatus } from "../../cli/commands/status/showStatus.ts";
import { at, initiate, jitBody, nsgId, policyId, ruleWrite, vmId as webId, wireRule } from "./audit/activity/events.ts";
import { blobRecord } from "./audit/auditLines.ts";
import { assertTable, atAllWidths } from "./golden.ts";
import { session } from "./commands/logs/session.ts";
import { forSuite, temporaryFolder } from "../held.ts";

const table = { json: false, csv: false, local: false };
const vmId = (name: string) =>
  `/subscriptions/1f4c2f0e-4a3b-4f10-9d6f-2a5b7c9d0e11/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/${name}`;
const vm = (name: string) => ({ vm: vmId(name), vmName: name });
const bastionId = vmId("bas").replace("Microsoft.Compute/virtualMachines", "Microsoft.Network/bastionHosts");
const ada = "ada.lovelace@example.com";
const [tunnel, near, other] = [
  "2f1a7a4e-90b8-4c0f-a1f3-1d8a2f1d9c01",
  "2f1a7a4e-91c2-4c0f-a1f3-1d8a2f1d9c02",
  "7e1c52ab-4f0e-4a55-9a52-0d3b2f1c8a10",
];

const printed = <Row>(rows: readonly Row[], columns: readonly Column<Row>[]) =>
  atAllWidths((io) => report(io, table, { rows, columns, json: {}, empty: "Nothing." }));

const live: readonly SessionRow[] = [
  {
    ...{
      sessionId: tunnel,
      person: ada,
      account: "azureuser",
      clientIp: "203.0.113.7",
      ...vm("web"),
      vmIp: "10.60.1.4",
    },
    ...{ protocol: "ssh", start: "2026-05-04T10:00:00.000Z", durationSeconds: 7320, log: "found" },
  },
  {
    ...{ sessionId: other, person: null, account: "administrator", clientIp: null, ...vm("db-primary") },
    ...{ vmIp: "10.60.1.5", protocol: "rdp", start: "2026-05-04T11:59:00.000Z", durationSeconds: 180, log: "missing" },
  },
];

const grant: GrantRow = {
  ...{ state: "active", secondsLeft: 2100, ...vm("web"), port: 22, protocol: "TCP", requestor: ada, requestorId: "1" },
  ...{ reason: "INC-1042: rotate the logs", start: "2026-05-04T11:35:00.000Z", end: "2026-05-04T12:35:00.000Z" },
  ...{ source: "10.60.0.0/26", longestSeconds: 10_800, policy: "/p/jit-web", policyName: "jit-web", rule: "present" },
  message: null,
};
const idle: GrantRow = {
  ...{
    ...grant,
    state: "idle",
    secondsLeft: null,
    ...vm("db-primary"),
    port: 3389,
    requestor: null,
    requestorId: null,
  },
  ...{ reason: null, start: null, end: "", policyName: "jit-db-primary", rule: null },
};

describe("the table of", () => {
  const folder = forSuite(temporaryFolder);

  const run = (...words: string[]) =>
    atAllWidths((io: Io) => runProgram(words, io, { commands, groups, version: "1" }), {
      cwd: folder.path,
      now: "2026-05-04T13:00:00Z",
      env: { BASTION_TRAIL_STATE: join(folder.path, "state"), BASTION_TRAIL_CACHE: join(folder.path, "cache") },
    });

  function write(name: string, lines: readonly object[]): string {
    writeFileSync(join(folder.path, name), lines.map((line) => JSON.stringify(line)).join("\n"));
    return name;
  }

  const event = (seconds: number, operationName: string, resourceId: string, body: object, upn: string) => ({
    ...{ time: at(seconds), category: "Administrative", operationName, resourceId, resultType: "Success" },
    ...{
      callerIpAddress: "203.0.113.7",
      correlationId: `c0000000-0000-4000-8000-${String(seconds).padStart(12, "0")}`,
    },
    identity: { claims: { upn, appid: "04b07795-8ddb-461a-bbee-02f9e1bf7b46" } },
    properties: { requestbody: JSON.stringify(body) },
  });

  describe("logs", () => {
    const target = (name: string) => ({ targetResourceId: vmId(name).toUpperCase() });
    const records = [
      blobRecord({ userEmail: ada, tunnelId: tunnel, ...target("web") }),
      blobRecord(
        { userEmail: ada, tunnelId: tunnel, ...target("web"), message: "Successfully Disconnected." },
        { time: "2026-05-04T10:12:05.000Z" },
      ),
      blobRecord(
        {
          ...{ userEmail: undefined, userName: "administrator", tunnelId: other, protocol: "rdp" },
          ...{ clientIpAddress: "198.51.100.23", message: "Login Failed.", ...target("db-primary") },
        },
        { time: "2026-05-04T11:00:00.000Z" },
      ),
    ];
    it("sessions", () => assertTable("logs", run("logs", "--source", write("audit.json", records))));
    it("records", () =>
      assertTable("logs --records", run("logs", "--records", "--source", write("audit.json", records))));
    it("sessions that are followed: their columns stay where they are", () => {
      const open = session({ tunnelId: tunnel, person: null, ...vm("web") });
      const later = [
        { ...open, person: ada, end: "2026-05-04T10:12:05.000Z", durationSeconds: 725, state: "closed" as const },
        session({ tunnelId: other, person: "grace.brewster.murray.hopper@example.com", ...vm("db-primary") }),
        session({ tunnelId: near, person: "bob@example.com", ...vm("web"), protocol: "rdp" }),
      ];
      const text = atAllWidths((io) => tail(io, table, [open, ...later], loggedColumns));
      return assertTable("logs --follow", text);
    });
  });

  describe("activity", () => {
    const opened = { properties: { ...wireRule("").properties, sourceAddressPrefix: "*" } };
    const events = [
      event(0, initiate, policyId, { ...jitBody, justification: "INC-1042: rotate the logs" }, ada),
      event(600, ruleWrite, `${nsgId}/securityRules/OpenSsh`, opened, "bob@example.com"),
    ];
    for (const only of [[], ["--only", "requests"], ["--only", "outside"]]) {
      const name = ["activity", ...only];
      it(name.join(" "), () => assertTable(name.join(" "), run(...name, "--source", write("activity.json", events))));
    }
  });

  it("trail", () => {
    const logged = (seconds: number, userEmail: string | undefined, tunnelId: string, facts: object = {}) =>
      blobRecord({ userEmail, tunnelId, targetResourceId: webId.toUpperCase(), ...facts }, { time: at(seconds) });
    const anything = "Microsoft.Compute/virtualMachines/start/action";
    mkdirSync(join(folder.path, "access"));
    write("access/audit.json", [
      logged(600, ada, tunnel),
      logged(1200, "bob@example.com", near),
      logged(1800, undefined, other, { message: "Login Failed." }),
      logged(-7200, "bob@example.com", "0b1c4e7e-4f0e-4a55-9a52-0d3b2f1c8a11"),
    ]);
    // Days of the log, so that it is known that nothing else was requested.
    write("access/activity.json", [
      event(-172_800, anything, webId, {}, ada),
      event(0, initiate, policyId, { ...jitBody, justification: "INC-1042: rotate the logs" }, ada),
      event(172_800, anything, webId, {}, ada),
    ]);
    return assertTable("trail", run("trail", "--source", "access"));
  });

  it("sessions ls", () => assertTable("sessions ls", printed(live, sessionColumns)));

  it("sessions kill", () => {
    const rows = live.map((one, index): KillRow => ({
      ...{ ...one, reason: "left open", correlationId: null },
      ...(index === 0
        ? { outcome: "disconnected", message: null }
        : { outcome: "not-found", message: "Session '7e1c52ab' not found. No session is open." }),
    }));
    return assertTable("sessions kill", printed(rows, killColumns));
  });

  it("jit ls", () => {
    const expired: GrantRow = {
      ...grant,
      state: "expired",
      secondsLeft: null,
      requestor: "deploy-pipeline",
      rule: null,
    };
    return assertTable("jit ls", printed([grant, idle, expired], grantColumns));
  });

  const correlationId = "5b0e1d3c-2a44-4a51-8d0a-9f3f6f1d2b77";

  it("jit request", () => {
    const done: RequestRow = {
      ...{ ...vm("web"), ports: [22], state: "open", until: "2026-05-04T13:00:00.000Z", sources: ["10.60.0.0/26"] },
      ...{ reason: "patch", message: null, replaced: [], policy: "/p/jit-web", correlationId },
      rules: ["MicrosoftDefenderForCloud-JITRule-1-0123456789ABCDEF0123456789ABCDEF"],
    };
    const message =
      "Access denied: ada.lovelace@example.com needs Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action.";
    const failed: RequestRow = {
      ...done,
      ...vm("db-primary"),
      ports: [22, 3389],
      state: "failed",
      until: null,
      rules: [],
      message,
    };
    return assertTable("jit request", printed([done, failed], requestColumns));
  });

  it("jit revoke", () => {
    const closed: RevokeRow = {
      ...{
        ...vm("web"),
        ports: [22],
        state: "closed",
        until: null,
        reason: "done",
        policy: "/p/jit-web",
        correlationId,
      },
      message: "Deleted MicrosoftDefenderForCloud-JITRule-1 in web-nsg: the port is closed.",
    };
    const shortened: RevokeRow = {
      ...{ ...closed, ...vm("db-primary"), ports: [22, 3389], state: "shortened", until: "2026-05-04T12:05:00.000Z" },
      message: "A request for 5 minutes replaced the active one.",
    };
    return assertTable("jit revoke", printed([closed, shortened], revokeColumns));
  });

  it("status", () => {
    const identity = {
      ...{ shownName: ada, account: ada, name: "Ada Lovelace", appId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46" },
      ...{ objectId: "bc393ce0-9c0c-4c4e-8a54-3d3f6c1f7f10", tenantId: "72f988bf-86f1-41af-91ab-2d7cd011db47" },
    };
    const settings = [
      { name: "subscriptionId", value: "1f4c2f0e-4a3b-4f10-9d6f-2a5b7c9d0e11", from: "profile 'prod'" },
      { name: "bastionHostId", value: bastionId, from: "profile 'prod'" },
      { name: "archive", value: "https://trailaudit4f2a.blob.core.windows.net", from: "BASTION_TRAIL_ARCHIVE" },
    ] as const;
    const status = { identity, profile: "prod", settings, requests: [grant], sessions: live };
    return assertTable(
      "status",
      atAllWidths((io) => showStatus(status, table, io)),
    );
  });

  it("doctor", () => {
    const group = "/subscriptions/1f4c2f0e-4a3b-4f10-9d6f-2a5b7c9d0e11/resourceGroups/rg-app";
    const finding: Finding = {
      ...{ code: "vm-public-address", severity: "warning", check: "network", resource: vmId("web") },
      message: "web has the public IP address web-ip, by which it can be reached past the Bastion host.",
      fix: `az network nic ip-config update --resource-group rg-app --nic-name web-nic --name primary --remove publicIPAddress`,
      accepted: null,
    };
    const accepted: Finding = {
      ...{ ...finding, code: "jit-bypassed", severity: "error", resource: vmId("db") },
      message: "The rule OpenSsh (priority 300) of db-nsg lets VirtualNetwork reach port 22 of db without a request.",
      accepted: { reason: "migration until June", owner: "ops@example.com", expires: "2026-06-01T23:59:59.999Z" },
    };
    const results: readonly CheckResult[] = [
      { name: "defender", status: "passed", detail: "Defender for Servers has Plan 2.", findings: [], ignored: 0 },
      {
        ...{ name: "network", status: "findings", findings: [finding, accepted], ignored: 1 },
        detail: "2 VMs with JIT, and the network security groups before them.",
      },
      { name: "records", status: "unknown", detail: `Could not be checked in ${group}.`, findings: [], ignored: 0 },
      { name: "orphaned-rules", status: "skipped", detail: "No VM with JIT.", findings: [], ignored: 0 },
    ];
    const print = (io: Io) => {
      io.stdout.write(checklistText(results, { colour: false, width: io.columns, local: false }));
      return Promise.resolve();
    };
    return assertTable("doctor", atAllWidths(print));
  });

  it("drift", () => {
    const type = "azure-native:network:SecurityRule";
    const rule = `${vmId("x").replace(/Microsoft.Compute.*/, "Microsoft.Network/networkSecurityGroups/web-nsg")}/securityRules/OpenSsh`;
    const rows: readonly Drift[] = [
      {
        ...{ change: "changed", type: "azure-native:compute:VirtualMachine", resource: vmId("web") },
        ...{ property: "tags.costCenter", old: "4711", new: "0815", note: null },
      },
      {
        ...{ change: "added", type, resource: rule, property: null, old: null },
        new: null,
        note: "Opens port 22 to *.",
      },
      {
        ...{
          change: "changed",
          type,
          resource: rule.replace("OpenSsh", "DenyBastionSubnet"),
          property: "sourceAddressPrefixes",
        },
        ...{ old: ["10.60.0.0/26", "10.60.1.0/26"], new: ["10.60.0.0/26"], note: null },
      },
    ];
    return assertTable("drift", printed(rows, driftColumns));
  });

  it("use", async () => {
    const values = { subscriptionId: "1f4c2f0e-4a3b-4f10-9d6f-2a5b7c9d0e11", bastionHostId: bastionId };
    const saved = { savedAt: "2026-05-04T10:00:00.000Z", values };
    const profiles = [
      { name: "dev", from: "stack 'dev'", ...saved },
      { name: "prod", from: "file /home/ada/prod.json", ...saved },
    ];
    await writeProfiles({ BASTION_TRAIL_STATE: join(folder.path, "state") }, { used: "prod", profiles });
    await assertTable("use", run("use"));
  });

  it("cache ls and cache rm", () => {
    const kept = { lastUsed: "2026-05-04T10:00:00.000Z", bytes: 71_234_567, files: 41 };
    const rows: readonly CacheRow[] = [
      {
        id: "3f2a90b84c0f1d8a",
        of: "https://stbastionaudit.blob.core.windows.net/insights-logs-bastionauditlogs",
        ...kept,
      },
      { id: "90b83f2a4c0f1d8a", of: "/home/ada/incident/blobs", ...kept, bytes: 12_345, files: 3 },
    ];
    return assertTable("cache ls", printed(rows, cacheColumns));
  });

  it("cost", () => {
    const hours = { region: "westeurope", unit: "hour", quantity: 730, since: "2026-01-01T00:00:00Z" } as const;
    const rows: readonly PricedPart[] = [
      { part: "Bastion host", resource: bastionId, meter: "Standard Gateway", ...hours, price: 0.29, month: 211.7 },
      { part: "VM", resource: vmId("web"), meter: "Standard_B2s", ...hours, price: null, month: null, since: null },
    ];
    return assertTable("cost", printed(rows, costColumns));
  });

  it("every command that prints one", () => {
    const withTable = commands.filter(({ options }) => "local" in options).map(({ name }) => name);
    const others = ["connect"]; // prints lines, no table
    const shown = ["logs", "activity", "trail", "sessions ls", "sessions kill", "jit ls", "jit request", "jit revoke"];
    assert.deepEqual(
      withTable.toSorted(),
      [...shown, ...others, "status", "doctor", "drift", "use", "cache ls", "cache rm", "cost"].toSorted(),
    );
  });
});
