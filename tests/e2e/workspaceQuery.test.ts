import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { ClientSecretCredential } from "@azure/identity";
import { LogsQueryClient, LogsQueryResultStatus } from "@azure/monitor-query-logs";
import type { AuditRecord } from "../../cli/audit/fields.ts";
import type { SessionFilter } from "../../cli/audit/records/types.ts";
import { queryActivity } from "../../cli/audit/sources/workspace/queryActivity.ts";
import { queryWorkspace } from "../../cli/audit/sources/workspace/queryWorkspace.ts";
import { accessOperations } from "../../core/links/index.ts";
import { objectAt, textAt, type JsonObject } from "../../sandbox/arm/json.ts";
import { collectRecords } from "../cli/audit/collectRecords.ts";
import { forSuite } from "../held.ts";
import { skip } from "../skip.ts";
import { needsChdb } from "../sandbox/query/queryPlane.ts";
import { trust } from "../trust.ts";
import { ada, TestSandbox } from "./harness.ts";

/** What the deployed evidence says, asked with Microsoft's own client; each test goes on where the one before ended. */
describe("the workspace of a deployment", () => {
  let outputs: JsonObject;
  let endpoint: string;
  let customerId: string;
  let tunnelId: string;
  let credential: ClientSecretCredential;
  let distrust: (() => void) | undefined;
  before(needsChdb);
  const sandbox = forSuite(() => TestSandbox.start());

  before(async () => {
    ({ outputs } = await sandbox.up());
    const { caFile, armEndpoint, tenantId, clientId, clientSecret } = sandbox.description;
    distrust = trust(readFileSync(caFile, "utf8"));
    const cloud = (await (
      await fetch(`${armEndpoint}/metadata/endpoints?api-version=2022-09-01`)
    ).json()) as JsonObject;
    endpoint = textAt(cloud, "logAnalyticsResourceId") ?? "";
    const workspace = await sandbox.arm("GET", `${textAt(outputs, "workspaceId") ?? ""}?api-version=2023-09-01`);
    customerId = textAt(workspace.body, "properties.customerId") ?? "";
    credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
      authorityHost: armEndpoint,
      disableInstanceDiscovery: true,
    });
  });

  after(() => distrust?.());

  function records(filter: SessionFilter = {}): Promise<AuditRecord[]> {
    return collectRecords(queryWorkspace({ endpoint, customerId, credential, filter, now: new Date() }));
  }

  /** Runs a query as it stands, over all time. @returns its rows by their columns. */
  async function query(kql: string): Promise<Record<string, unknown>[]> {
    const client = new LogsQueryClient(credential, {
      endpoint: `${endpoint}/v1`,
      credentials: { scopes: [`${endpoint}/.default`] },
    });
    const result = await client.queryWorkspace(customerId, kql, { duration: "P1D" });
    assert.ok(result.status === LogsQueryResultStatus.Success);
    const { columnDescriptors, rows } = result.tables[0]!;
    return rows.map((row) => Object.fromEntries(columnDescriptors.map(({ name }, index) => [name, row[index]])));
  }

  /** The query that a link of the deployment carries. */
  function linked(name: string): string {
    const link = textAt(objectAt(outputs, "links"), name) ?? "";
    const q = decodeURIComponent(/\/q\/([^/]+)\//.exec(link)?.[1] ?? "");
    return gunzipSync(Buffer.from(q, "base64")).toString("utf8");
  }

  it("has no session before the first", async () => {
    assert.deepEqual(await records(), []);
  });

  it("has the record of a connection, which the filters find", async () => {
    await sandbox.request("web", 60);
    const connected = await sandbox.connect("web");
    assert.ok(connected.outcome === "connected");
    ({ tunnelId } = connected);
    const [record, ...others] = await records();
    assert.deepEqual(others, []);
    assert.equal(record?.tunnelId, tunnelId);
    assert.equal(record.person, ada);
    assert.equal(record.sessionEnd, null);
    assert.equal(
      (await records({ user: ada.toUpperCase(), vm: "web", protocol: "ssh", outcome: "connected" })).length,
      1,
    );
    assert.deepEqual(await records({ user: 'ada" or true //' }), []);
  });

  it("has a failed login, apart from the connection", async () => {
    await sandbox.connect("web", "--wrong-password");
    const failed = await records({ outcome: "failed" });
    assert.deepEqual(
      failed.map(({ message, person }) => [message, person]),
      [["Login Failed", ada]],
    );
    assert.notEqual(failed[0]?.tunnelId, tunnelId);
  });

  it("answers the query of the link to the audit log, one row a session", async () => {
    const rows = await query(linked("auditLogQuery"));
    assert.deepEqual(
      rows.map(({ Person, Outcome, Session }) => [Person, Outcome, Session === tunnelId]),
      [
        [ada, "failed", false],
        [ada, "connected", true],
      ],
    );
  });

  it("answers the query of the link to the JIT activity, and the CLI's with the same events", async () => {
    const initiate = accessOperations[0].toUpperCase();
    const requests = (await query(linked("jitActivityQuery"))).filter((row) => row.OperationNameValue === initiate);
    assert.ok(requests.length > 0);
    const request = requests.find(({ RequestBody }) => RequestBody !== "");
    assert.match(String(request?.RequestBody), /"justification":"test"/);
    const range = { start: new Date(0), end: new Date(Date.now() + 60_000) };
    const operations = [accessOperations[0]];
    const events = await Array.fromAsync(queryActivity({ endpoint, customerId, credential, range, operations }));
    assert.equal(events.length, requests.length);
    assert.deepEqual(
      new Set(events.map(({ CorrelationId }) => CorrelationId)),
      new Set(requests.map((row) => row.CorrelationId)),
    );
  });

  it("has the end of a session, on the same tunnel", async () => {
    await sandbox.succeed("clock", "+3h");
    const now = new Date(Date.now() + 3 * 3_600_000);
    const ended = await collectRecords(
      queryWorkspace({ endpoint, customerId, credential, filter: { tunnel: tunnelId }, now }),
    );
    assert.equal(ended.length, 2);
    assert.equal(ended[1]?.tunnelId, tunnelId);
    assert.ok(ended[1].sessionEnd !== null && ended[1].durationMs === 3_600_000);
  });

  it("is asked of a process that ends with a sandbox that is killed", async function () {
    if (!existsSync("/proc/self")) skip(this, "needs the /proc of Linux");
    const pid = Number(readFileSync(`${sandbox.folder}/daemon.pid`, "utf8"));
    const children = (): number[] =>
      readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
    const engines = children().filter((child) => readFileSync(`/proc/${child}/cmdline`, "utf8").includes("engine.py"));
    assert.equal(engines.length, 1);
    process.kill(pid, "SIGKILL");
    for (let wait = 0; wait < 100 && isAlive(engines[0]!); wait += 1) await delay(50);
    assert.equal(isAlive(engines[0]!), false);
    await sandbox.succeed("start");
    assert.ok((await records({ tunnel: tunnelId })).length > 0);
  });
});

function isAlive(pid: number): boolean {
  try {
    // A child that nobody waits for stays as a zombie, which has no command line.
    return readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "";
  } catch {
    return false;
  }
}
