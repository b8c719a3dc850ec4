import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Session } from "../../../../cli/audit/records/types.ts";
import type { AuditRead } from "../../../../cli/sources/auditSource.ts";
import { blobRecord, lines } from "../../audit/auditLines.ts";
import { hourBlob, startArchive } from "../../audit/sources/archive/archiveFixture.ts";
import { cliBin } from "../../../cliBin.ts";
import { forSuite } from "../../../held.ts";

describe("logs of an archive", function () {
  this.timeout(60_000);
  const archive = forSuite(startArchive);

  /** What the last call said on stderr. */
  let stderr: string;

  /** File with the deployment's outputs; empty for none. */
  let outputs = "";

  /** The expected exit code. */
  let ending = 0;

  async function logs(...words: string[]): Promise<Pick<AuditRead, "coverage"> & { sessions: Session[] }> {
    const range = ["--from", "2026-05-04T10:00Z", "--to", "2026-05-04T12:00Z"];
    const access = ["--archive", archive.signedEndpoint, "--cache", archive.cacheDir];
    const child = spawn(process.execPath, [cliBin, "logs", "--json", ...range, ...access, ...words], {
      env: {
        ...process.env,
        NODE_EXTRA_CA_CERTS: archive.tls.caFile,
        BASTION_TRAIL_OUTPUTS: outputs,
        PULUMI_STACK: "",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    stderr = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
    const [exitCode] = (await once(child, "close")) as [number | null];
    assert.equal(exitCode, ending, stderr);
    return JSON.parse(stdout) as Pick<AuditRead, "coverage"> & { sessions: Session[] };
  }

  const record = (tunnelId: string, time: string): string => lines(blobRecord({ tunnelId }, { time }));

  it("tell how many hours were read: those of the range and around it that have records, whatever their hosts", async () => {
    const other = archive.client.getAppendBlobClient(hourBlob("2026-05-04T10").replace("BAS-ACCESS", "OTHER"));
    const text = record("t2", "2026-05-04T10:31:00.000Z");
    await archive.append("2026-05-04T08", record("out of the range", "2026-05-04T08:00:00.000Z"));
    await archive.append("2026-05-04T09", record("before", "2026-05-04T09:30:00.000Z"));
    await archive.append("2026-05-04T10", record("t1", "2026-05-04T10:30:00.000Z"));
    await other.create();
    await other.appendBlock(text, text.length);
    await archive.append("2026-05-04T17", record("late", "2026-05-04T11:59:59.000Z"));
    await archive.append("2026-05-04T18", record("later", "2026-05-04T11:59:59.000Z"));
    const { sessions, coverage } = await logs();
    assert.deepEqual(
      sessions.map(({ tunnelId, records }) => [tunnelId, records]),
      [
        ["t1", 1],
        ["t2", 1],
        ["late", 1],
      ],
    );
    const { blobs, ...rest } = coverage;
    const hash = (content: string) => createHash("sha256").update(content).digest("hex");
    assert.deepEqual(
      blobs?.map(({ name, bytes, sha256 }) => [name, bytes, sha256]),
      await Promise.all(
        [hourBlob("2026-05-04T09"), hourBlob("2026-05-04T10"), hourBlob("2026-05-04T17"), other.name].map(
          async (name) => {
            const content = await archive.client.getBlobClient(name).downloadToBuffer();
            return [name, content.length, hash(content.toString("utf8"))];
          },
        ),
      ),
    );
    assert.deepEqual(rest, {
      from: "2026-05-04T10:00:00.000Z",
      to: "2026-05-04T12:00:00.000Z",
      lastRecord: "2026-05-04T11:59:59.000Z",
      hoursRead: 3,
      recordsRead: 4,
      duplicates: 0,
      receivedUntil: "2026-05-04T18:00:00.000Z",
      otherLogs: {},
      hoursWithoutBlob: [{ from: "2026-05-04T11:00:00.000Z", to: "2026-05-04T12:00:00.000Z" }],
    });
  });

  it("have records that were received later where --late says so", async () => {
    const { sessions, coverage } = await logs("--late", "7h");
    assert.deepEqual(
      sessions.map(({ tunnelId }) => tunnelId),
      ["t1", "t2", "late", "later"],
    );
    assert.equal(coverage.receivedUntil, "2026-05-04T19:00:00.000Z");
  });

  it("count an hour once, however often it was appended to", async () => {
    await archive.append("2026-05-04T10", record("t3", "2026-05-04T10:32:00.000Z"));
    const { coverage } = await logs();
    assert.deepEqual([coverage.hoursRead, coverage.recordsRead], [3, 5]);
  });

  it("read the same hours, and nothing else, from the copies", async () => {
    const { coverage: fetched } = await logs();
    archive.reads();
    const { coverage } = await logs("--tunnel", "t1");
    assert.deepEqual(archive.reads(), []);
    assert.deepEqual(coverage.blobs, fetched.blobs);
    assert.deepEqual([coverage.hoursRead, coverage.recordsRead], [3, 5]);
  });

  it("warn where the cache is damaged, and tell what the archive has", async () => {
    const names = await readdir(archive.cacheDir, { recursive: true });
    const name = names.find((one) => /BAS-ACCESS.*h=10\.json$/.test(one)) ?? "";
    const file = join(archive.cacheDir, name);
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace("anna@contoso.com", "evil@contoso.com"));
    const { sessions } = await logs("--tunnel", "t1");
    assert.equal(sessions[0]?.person, "anna@contoso.com");
    assert.equal(
      stderr,
      `warning: 1 file in the cache was damaged or edited. The source was read again instead:\n  ${file}\n`,
    );
    await logs("--tunnel", "t1");
    assert.equal(stderr, "");
  });

  it("spell the VMs of the deployment as Azure does", async () => {
    const id = "/subscriptions/s/resourceGroups/app/providers/Microsoft.Compute/virtualMachines/web-1";
    outputs = join(archive.cacheDir, "..", "outputs.json");
    await writeFile(
      outputs,
      JSON.stringify({ vms: [{ id, name: "web-1", privateIp: "10.0.1.4", jitPolicyId: "/p" }] }),
    );
    try {
      const { sessions } = await logs("--vm", "WEB-1", "--tunnel", "t1");
      assert.deepEqual(
        sessions.map(({ vm, vmName }) => [vm, vmName]),
        [[id, "web-1"]],
      );
    } finally {
      outputs = "";
    }
  });

  it("report a blob that was deleted while the archive was read, and show the others", async () => {
    await archive.append("2026-05-04T12", record("gone", "2026-05-04T11:40:00.000Z"));
    await archive.append("2026-05-04T13", record("there", "2026-05-04T11:50:00.000Z"));
    const deleted = hourBlob("2026-05-04T12");
    archive.meddler = async ({ method, blob }) => {
      if (method === "GET" && blob === deleted) await archive.client.getBlobClient(blob).deleteIfExists();
      return undefined;
    };
    ending = 1;
    try {
      const { sessions } = await logs();
      const tunnels = sessions.map(({ tunnelId }) => tunnelId);
      assert.deepEqual([tunnels.includes("gone"), tunnels.includes("there")], [false, true]);
      assert.equal(
        stderr.split("\n").slice(0, 2).join("\n"),
        `warning: 1 file could not be read:\n  ${deleted}: This blob was deleted while the archive was being read.`,
      );
    } finally {
      archive.meddler = undefined;
      ending = 0;
    }
  });
});
