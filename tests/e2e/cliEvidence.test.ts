import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BlobServiceClient } from "@azure/storage-blob";
import type { TrailDocument, TrailRow } from "../../cli/audit/trail/types.ts";
import type { Manifest } from "../../cli/evidence/manifest.ts";
import { activityLogContainerName, auditContainerName, flowLogContainerName } from "../../core/links/index.ts";
import type { JsonObject } from "../../sandbox/arm/json.ts";
import { files as packFiles } from "../cli/commands/evidence/evidenceFolder.ts";
import { needsChdb } from "../sandbox/query/queryPlane.ts";
import { AzureClients } from "./azureClients.ts";
import { forSuite } from "../held.ts";
import { ada, TestSandbox, type CliOutcome } from "./harness.ts";

const ben = "ben@example.com";
const group = "trail";

const containers = [auditContainerName, activityLogContainerName, flowLogContainerName] as const;
const files = [...packFiles, "doctor.json"].sort();

/** A record in a pack. */
interface Packed {
  readonly file: string;
  readonly line: number;
  readonly record: JsonObject;
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** Ada requests access and uses it, Ben rides on her grant; then an auditor gets a pack, from the archive and from the workspace. */
describe("evidence packs of a deployment, in the sandbox", () => {
  let azure: AzureClients;
  /** The account of each container. */
  let accounts: Readonly<Record<string, string>>;
  let range: readonly string[];

  before(needsChdb);
  const sandbox = forSuite(() => TestSandbox.start());
  before(async () => {
    const { outputs } = await sandbox.up({
      ...{ location: "westeurope", namePrefix: "trail", defenderPlan: "manage" },
      ...{ immutability: "unlocked", immutabilityDays: 7, flowLogs: "archive-and-workspace" },
      vms: ["web", "db"].map((name) => ({ name, login: "entraId" })),
    });
    const accountOf = (output: string): string => (outputs[output] as { account: string }).account;
    accounts = {
      [auditContainerName]: accountOf("archive"),
      [activityLogContainerName]: accountOf("activityLogArchive"),
      [flowLogContainerName]: accountOf("flowLogArchive"),
    };
    azure = new AzureClients(sandbox);
    await sandbox.request("web");
    for (const user of [ada, ben]) {
      await sandbox.succeed("connect", "--vm", "web", "--user", user, "--minutes", "10");
      await sandbox.succeed("clock", "+15m");
    }
    // Of these ten minutes and of this hour, everything has been written.
    await sandbox.succeed("clock", "+3h");
    await sandbox.request("db");
    const sessions = await trail("--since", "6h");
    const from = Date.parse(sessions[0]!.start) - 1_800_000;
    const time = (at: number): string => new Date(at).toISOString();
    range = ["--from", time(from), "--to", time(from + 2 * 3_600_000)];
  });

  async function trail(...args: string[]): Promise<readonly TrailRow[]> {
    const { exitCode, stdout, stderr } = await sandbox.cli(["trail", "--json", ...args]);
    assert.equal(exitCode, 0, stderr);
    return (JSON.parse(stdout) as TrailDocument).trail;
  }

  const evidence = (...args: string[]): Promise<CliOutcome> => sandbox.cli(["evidence", ...args]);
  const inPack = (pack: string, name: string): Buffer => readFileSync(join(sandbox.folder, pack, name));
  const json = (pack: string, name: string): unknown => JSON.parse(inPack(pack, name).toString("utf8"));
  const packed = (pack: string, log: string): Packed[] =>
    inPack(pack, `records/${log}.ndjson`)
      .toString("utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Packed);

  async function blobsOf(container: string): Promise<BlobServiceClient> {
    const account = await azure.storage.storageAccounts.getProperties(group, accounts[container]!);
    return azure.blobs(account.primaryEndpoints?.blob ?? "");
  }

  /** The bytes of every blob, by its container and its name. */
  async function archived(): Promise<Map<string, Buffer>> {
    const found = new Map<string, Buffer>();
    for (const container of containers) {
      const client = (await blobsOf(container)).getContainerClient(container);
      for (const { name } of await Array.fromAsync(client.listBlobsFlat())) {
        found.set(`${container}/${name}`, await client.getBlobClient(name).downloadToBuffer());
      }
    }
    return found;
  }

  /** Says what is wrong with a pack, and fails for it. */
  async function problems(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await evidence("verify", ...args);
    assert.equal(exitCode, stdout === "" ? 0 : 1, stderr);
    return stdout;
  }

  /** The files, as their manifest lists them, and the trail, as `trail` has it. */
  async function check(pack: string, ...source: string[]): Promise<Manifest> {
    const folder = join(sandbox.folder, pack);
    const found = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name !== "records");
    assert.deepEqual(found.toSorted(), [...files, "manifest.json", "manifest.json.sha256"].sort());
    const manifest = json(pack, "manifest.json") as Manifest;
    assert.deepEqual(
      manifest.files.map(({ name, bytes, sha256: hash }) => [name, bytes, hash]),
      files.map((name) => [name, statSync(join(folder, name)).size, sha256(inPack(pack, name))]),
    );
    const { trail: rows, coverage } = json(pack, "trail.json") as TrailDocument;
    assert.deepEqual(rows, await trail(...range, ...source));
    assert.deepEqual(
      Object.values(coverage.logs).map(({ state, gaps }) => [state, gaps.length]),
      Array.from({ length: 3 }, () => ["read", 0]),
    );
    return manifest;
  }

  it("is written from the archive by whoever is signed in, and is whole", async () => {
    const { exitCode, stderr } = await evidence("pack", ...range, "--out", "archive");
    assert.equal(exitCode, 0, stderr);
    const manifest = await check("archive");
    assert.match(stderr, new RegExp(`2 sessions from ${manifest.sources.length} source files written to `));
    assert.match(stderr, new RegExp(`\nSHA-256 of the manifest: ${sha256(inPack("archive", "manifest.json"))}\n$`));
    const blobs = await archived();
    assert.equal(manifest.source, "archive");
    assert.deepEqual(
      manifest.sources.map(({ name }) => name),
      [...blobs.keys()].toSorted(),
    );
    // The activity log went on meanwhile.
    for (const { name, bytes, sha256: hash } of manifest.sources) {
      assert.equal(sha256(blobs.get(name)!.subarray(0, bytes)), hash);
    }
  });

  it("has every record behind a session as it lies in its blob", async () => {
    const blobs = await archived();
    const lineOf = ({ file, line }: Packed): unknown =>
      JSON.parse(blobs.get(file)?.toString("utf8").split("\n")[line - 1] ?? "");
    for (const log of ["audit", "activity"]) {
      for (const one of packed("archive", log)) assert.deepEqual(one.record, lineOf(one));
    }
    const flows = packed("archive", "flows");
    for (const one of flows) {
      const { records } = lineOf(one) as { records: JsonObject[] };
      assert.ok(records.some((record) => JSON.stringify(record) === JSON.stringify(one.record)));
    }
    const { trail: rows } = json("archive", "trail.json") as TrailDocument;
    assert.deepEqual(
      rows.map(({ person, link, bytes }) => [person, link, bytes !== null]),
      [
        [ada, "flow", true],
        [ben, "flow", true],
      ],
    );
    const told = JSON.stringify(packed("archive", "audit"));
    for (const { tunnelId, vmIp, start, end, rule } of rows) {
      assert.ok(told.includes(tunnelId!));
      const ofSession = flows.map(({ record }) => JSON.stringify(record)).filter((text) => text.includes(`,${vmIp!},`));
      const times = [start, end!].map((time) => Date.parse(time));
      const from = times[0]! - 120_000;
      const tuples = ofSession.flatMap((text) => [...text.matchAll(/"(\d{13}),[^"]*,I,([BCE]),/g)]);
      const states = tuples.flatMap(([, at, state]) =>
        Number(at) >= from && Number(at) <= times[1]! + 1000 ? state! : [],
      );
      assert.deepEqual([states[0], states.at(-1)], ["B", "E"]);
      assert.ok(ofSession.some((text) => text.includes(rule!.name)));
    }
  });

  it("says how the archive keeps the logs, and what doctor finds", () => {
    const { notRead, containers: kept } = json("archive", "archive.json") as {
      notRead: string | null;
      containers: { container: string; immutability: { state: string; days: number } | null; notRead: string[] }[];
    };
    assert.equal(notRead, null);
    assert.deepEqual(
      kept.map(({ container, immutability, notRead: why }) => [container, immutability?.state ?? null, why]),
      [
        [containers[0], "Unlocked", []],
        [containers[1], "Unlocked", []],
        [containers[2], null, []],
      ],
    );
    const { findings } = json("archive", "doctor.json") as { findings: unknown[] };
    assert.ok(Array.isArray(findings));
  });

  it("is verified offline, and against the archive", async () => {
    const offline = { PULUMI_BACKEND_URL: "", HTTPS_PROXY: "http://127.0.0.1:9" };
    const { exitCode, stdout, stderr } = await sandbox.cli(["evidence", "verify", "archive"], { env: offline });
    assert.deepEqual([exitCode, stdout], [0, ""]);
    assert.match(stderr, /^Checked 9 files: no problem found\.\n/);
    assert.equal(await problems("archive", "--source", "archive"), "");
  });

  it("is found changed where one byte of it is another", async () => {
    cpSync(join(sandbox.folder, "archive"), join(sandbox.folder, "changed"), { recursive: true });
    const file = join(sandbox.folder, "changed", "records", "flows.ndjson");
    const before = readFileSync(file);
    const after = Buffer.from(before.toString("latin1").replace(",B,", ",D,"), "latin1");
    writeFileSync(file, after);
    assert.equal(
      await problems("changed"),
      `records/flows.ndjson has changed: its SHA-256 is ${sha256(after)}, the manifest says ${sha256(before)}.\n`,
    );
  });

  it("has, from the workspace, the rows behind each session", async () => {
    const { exitCode, stderr } = await evidence("pack", ...range, "--source", "workspace", "--out", "workspace");
    assert.equal(exitCode, 0, stderr);
    const manifest = await check("workspace", "--source", "workspace");
    assert.deepEqual([manifest.source, manifest.sources], ["workspace", []]);
    const { trail: rows } = json("workspace", "trail.json") as TrailDocument;
    assert.deepEqual(
      rows.map(({ person, verdict, link }) => [person, verdict, link]),
      (await trail(...range)).map(({ person, verdict, link }) => [person, verdict, link]),
    );
    const tables = { audit: "MicrosoftAzureBastionAuditLogs", activity: "AzureActivity", flows: "NTANetAnalytics" };
    for (const [log, table] of Object.entries(tables)) {
      const records = packed("workspace", log);
      assert.ok(records.length > 0);
      assert.deepEqual(
        records.map(({ file }) => file),
        records.map(() => table),
      );
    }
    for (const { tunnelId } of rows) assert.ok(JSON.stringify(packed("workspace", "audit")).includes(tunnelId!));
    assert.equal(await problems("workspace"), "");
    assert.deepEqual(json("workspace", "archive.json"), { notRead: "The source is a workspace.", containers: [] });
  });

  it("is found to rest on another blob where somebody has changed one in the archive", async () => {
    const container = containers[2];
    const { sources } = json("archive", "manifest.json") as Manifest;
    const { name, bytes } = sources.find((one) => one.name.startsWith(container))!;
    const client = (await blobsOf(container)).getContainerClient(container);
    const blob = client.getBlockBlobClient(name.slice(container.length + 1));
    const before = await blob.downloadToBuffer();
    const after = Buffer.from(before.toString("latin1").replace(",B,", ",D,"), "latin1");
    assert.notDeepEqual(after, before);
    await blob.uploadData(after);
    assert.equal(
      await problems("archive", "--source", "archive"),
      `${name} in the archive has changed: the SHA-256 of its first ${bytes} bytes is ${sha256(after)}, ` +
        `the manifest says ${sha256(before)}.\n`,
    );
  });
});
