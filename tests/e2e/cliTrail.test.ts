import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { TrailRow } from "../../cli/audit/trail/types.ts";
import type { Evidence } from "../../cli/commands/trail/showSession.ts";
import { auditContainerName } from "../../core/links/archivePath.ts";
import { call } from "../../sandbox/adminClient.ts";
import type { Session } from "../../sandbox/bastion/sessionModel.ts";
import { findAuditRecord } from "./auditRecord.ts";
import { forSuite } from "../held.ts";
import { ada, TestSandbox } from "./harness.ts";

const ben = "ben@example.com";
const mallory = "mallory@example.com";

interface Row {
  readonly person: string;
  readonly vmName: string;
  readonly verdict: string;
  readonly link: string;
  readonly request: { readonly by: string; readonly reason: string } | null;
  readonly rule: { readonly name: string; readonly author: string } | null;
}

interface TrailJson {
  readonly trail: readonly Row[];
  readonly unusedGrants: readonly { readonly vmName: string }[];
  readonly rules: readonly { readonly kind: string }[];
}

/** Ada requests access and uses it, Ben rides on her grant, and Mallory opens a rule of her own. */
describe("the access trail of a deployment, in the sandbox", () => {
  const sandbox = forSuite(() => TestSandbox.start());
  before(async () => {
    await sandbox.up({
      ...{ location: "westeurope", namePrefix: "trail", defenderPlan: "manage" },
      vms: ["web", "db", "desk"].map((name) => ({ name, login: "entraId" })),
    });
    // The activity log begins with the deployment: what was requested on the day before is not known.
    await requestAndConnect();
    await sandbox.succeed("clock", "+25h");
    await requestAndConnect();
    await openRule();
    await connect("db", mallory);
    // Until a later event, the log of the time is not complete.
    await sandbox.succeed("clock", "+2h");
    await sandbox.request("desk");
  });

  async function requestAndConnect(): Promise<void> {
    await sandbox.request("web");
    await connect("web", ada);
    await connect("web", ben);
  }

  async function connect(vm: string, user: string): Promise<void> {
    await sandbox.succeed("connect", "--vm", vm, "--user", user, "--minutes", "10");
  }

  async function openRule(): Promise<void> {
    const { description } = sandbox;
    const { access_token: token } = await sandbox.admin("POST", "/sandbox/token", { user: mallory });
    const group = `/subscriptions/${description.subscriptionId}/resourceGroups/trail/providers/Microsoft.Network/networkSecurityGroups/db-nsg`;
    const properties = {
      ...{ access: "Allow", direction: "Inbound", protocol: "Tcp", priority: 300 },
      ...{ sourceAddressPrefix: "VirtualNetwork", sourcePortRange: "*" },
      ...{ destinationAddressPrefix: "*", destinationPortRange: "22" },
    };
    const path = `${group}/securityRules/quick-fix?api-version=2024-05-01`;
    const { status } = await call(description, "PUT", path, { token: token as string, body: { properties } });
    assert.equal(status, 201);
  }

  async function trail(...args: string[]): Promise<TrailJson> {
    const { exitCode, stdout, stderr } = await sandbox.cli(["trail", "--json", ...args]);
    assert.equal(exitCode, 0, stderr);
    return JSON.parse(stdout) as TrailJson;
  }

  const told = ({ trail: rows }: TrailJson) =>
    rows.map(({ person, vmName, verdict, link, request, rule }) => [
      ...[person, vmName, verdict, link, request?.by ?? null, rule?.author ?? null],
    ]);

  it("says of each session under which request and by which rule it came in", async () => {
    const said = await trail("--since", "48h");
    assert.deepEqual(told(said), [
      [ada, "web", "granted", "flow", ada, "Defender for Cloud"],
      [ben, "web", "unknown", "flow", ada, "Defender for Cloud"],
      [ada, "web", "granted", "flow", ada, "Defender for Cloud"],
      [ben, "web", "borrowed", "flow", ada, "Defender for Cloud"],
      [mallory, "db", "bypassed", "flow", null, mallory],
    ]);
    assert.deepEqual(
      said.unusedGrants.map(({ vmName }) => vmName),
      ["desk"],
    );
    assert.ok(said.rules.some(({ kind }) => kind === "opened"));
  });

  it("says the same from the workspace, where no flow log is kept, by what was written with the request", async () => {
    assert.deepEqual(told(await trail("--since", "4h", "--source", "workspace")), [
      [ada, "web", "granted", "correlation", ada, "Defender for Cloud"],
      [ben, "web", "borrowed", "correlation", ada, "Defender for Cloud"],
      [mallory, "db", "bypassed", "inferred", null, mallory],
    ]);
  });

  it("names who was connected at a moment", async () => {
    const { trail: rows } = await trail("--since", "48h");
    const at = (rows.at(-1) as unknown as { start: string }).start;
    assert.deepEqual(
      (await trail("--at", at)).trail.map(({ person }) => person),
      [ada, ben, mallory],
    );
  });

  it("suggests a VM of the deployment for a mistyped name", async () => {
    const { exitCode, stderr } = await sandbox.cli(["trail", "--since", "48h", "--vm", "wbe"]);
    assert.deepEqual(
      [exitCode, stderr.split("\n")[0]],
      [0, "warning: the deployment has no VM 'wbe'. Did you mean 'web'?"],
    );
  });

  it("fails a nightly job for findings, and says when it cannot tell", async () => {
    const failOn = ["--fail-on", "ungranted,bypassed,borrowed"];
    assert.equal((await sandbox.cli(["trail", "--since", "4h", ...failOn])).exitCode, 1);
    assert.equal((await sandbox.cli(["trail", "--since", "4h", "--user", ada, ...failOn])).exitCode, 0);
    assert.equal((await sandbox.cli(["trail", "--since", "48h", ...failOn])).exitCode, 2);
  });

  it("shows one session with every record behind it", async () => {
    const { stdout } = await sandbox.cli(["trail", "show", "latest"]);
    assert.match(stdout, /^Verdict: +bypassed: Rule quick-fix by mallory@example\.com let it in/im);
    for (const log of ["activity", "audit", "flows"]) assert.match(stdout, new RegExp(`Z  ${log} `));
  });

  it("says where in the archive the bytes of an audit record lie", async () => {
    const { stdout } = await sandbox.cli(["trail", "show", "latest", "--json"]);
    const { session, records } = JSON.parse(stdout) as { session: TrailRow; records: Evidence[] };
    const [raw] = records.find(({ log }) => log === "audit")!.raw;
    const where = { container: auditContainerName, prefix: "", tunnelId: session.tunnelId! };
    const found = await findAuditRecord(sandbox.description, where);
    assert.deepEqual([`${auditContainerName}/${raw!.file}`, raw!.value], [found!.blob, found!.record]);
    assert.ok(raw!.offset! >= 0);
    assert.match(raw!.sha256!, /^[0-9a-f]{64}$/);
  });

  it("is written as one page for its reader alone", async () => {
    const folder = join(sandbox.folder, "reports");
    mkdirSync(folder);
    const page = join(folder, "report.html");
    const { exitCode, stderr } = await sandbox.cli(["report", "--since", "4h", "--out", page]);
    assert.deepEqual([exitCode, stderr.trim().split("\n").at(-1)], [0, `3 sessions written to ${page}.`]);
    assert.match(readFileSync(page, "utf8"), /^<!doctype html>/i);
    assert.equal(statSync(page).mode & 0o777, 0o600);
  });

  it("names who was connected for days before and after a moment", async () => {
    const connected = await sandbox.succeed("connect", "--vm", "db", "--user", mallory, "--minutes", "5760");
    const { startedAt } = connected.session as unknown as Session;
    await sandbox.succeed("clock", "+5d");
    const later = new Date(Date.parse(startedAt) + 2 * 86_400_000).toISOString();
    assert.deepEqual(
      (await trail("--at", later)).trail.map(({ person, vmName }) => [person, vmName]),
      [[mallory, "db"]],
    );
  });
});
