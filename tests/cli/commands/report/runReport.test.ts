import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { commands, groups } from "../../../../cli/commands/index.ts";
import { openAuditSource } from "../../../../cli/sources/auditSource.ts";
import { readReport } from "../../../../cli/commands/report/readReport.ts";
import { openTrailSource, type TrailSource } from "../../../../cli/sources/trailSource.ts";
import { exitCodes } from "../../../../cli/errors.ts";
import { runProgram } from "../../../../cli/program.ts";
import type { PageData, RecordBlock } from "../../../../cli/report/pageData.ts";
import { withSpool } from "../../../../cli/files/spool.ts";
import { rangeFrom } from "../../../../cli/timeRange.ts";
import { fakeIo, type FakeIo } from "../../fakeIo.ts";
import { nsgId, ruleWrite, wireRule } from "../../audit/activity/events.ts";
import { TrailFolder } from "../trail/logFolder.ts";

const silent = { update: () => undefined, end: () => undefined };

describe("report", () => {
  const logs = new TrailFolder()
    .request(0)
    .session(1, 60)
    .session(2, 7200, { userEmail: "<b>eve</b>" })
    .flow(7201, "<b>Open</b>")
    .flow(14_400, "Other");
  const folder = new TrailFolder();
  const out = join(folder.path, "report.html");
  logs.write("broken.json", '{"category": "BastionAuditLogs"}');
  /** Writes what a folder does at its first run. */
  let ran: { readonly code: number; readonly io: FakeIo };

  before(async () => {
    await logs.run([]);
    ran = await run();
  });

  after(() => {
    rmSync(logs.path, { recursive: true });
    rmSync(folder.path, { recursive: true });
  });

  async function run(...words: string[]): Promise<{ code: number; io: FakeIo }> {
    const io = fakeIo({ now: "2026-05-04T20:00:00Z", cwd: folder.path });
    const usual = { "--source": relative(folder.path, logs.path), "--out": "report.html" };
    const others = Object.entries(usual).flatMap((option) => (words.includes(option[0]) ? [] : option));
    return { code: await runProgram(["report", ...others, ...words], io, { commands, groups, version: "0.0.0" }), io };
  }

  function element(id: string, page = out): unknown {
    const [, text = ""] =
      new RegExp(`<script type="application/gzip" id="${id}">([^<]*)<`).exec(readFileSync(page, "utf8")) ?? [];
    return JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString("utf8"));
  }

  it("writes one page with the trail, which nobody else can read, and says what could not be read", () => {
    assert.equal(ran.code, exitCodes.findings);
    assert.match(ran.io.written.stderr, /could not be read:\n {2}.*broken\.json/);
    assert.match(
      ran.io.written.stderr,
      new RegExp(`\nThe activity log is complete from .+ until .+Z\\.\n2 sessions written to ${out}\\.\n$`),
    );
    assert.equal(ran.io.written.stdout, "");
    assert.equal(statSync(out).mode & 0o777, 0o600);
    const data = element("data") as PageData;
    assert.equal(data.sessions.count, 2);
    // Without a range, from the first grant or session on.
    assert.deepEqual(
      [data.about.from, data.about.to, data.about.source],
      ["2026-05-04T12:00:00.000Z", "2026-05-04T20:00:00.000Z", logs.path],
    );
    assert.deepEqual(
      data.grants.map(({ vmName, port, sessions }) => [vmName, port, sessions]),
      [["web", 22, 1]],
    );
    assert.equal(data.unreadable.length, 1);
  });

  it("has the records behind each session and each request as the logs have them", () => {
    const [first, second] = element("records-session-0") as RecordBlock;
    assert.equal(first?.length, 1);
    const { category, properties } = JSON.parse(first[0]!.text) as {
      category: string;
      properties: Record<string, unknown>;
    };
    assert.deepEqual(
      [category, properties.protocol, properties.userEmail],
      ["BastionAuditLogs", "ssh", "ada@example.com"],
    );
    assert.match(first[0]!.place!, /:1$/);
    assert.match(second?.[0]?.text ?? "", /<b>eve<\/b>/);
    const [flow, ...others] = second?.slice(1) ?? [];
    assert.deepEqual([flow?.place, others], [`${join(logs.path, "flowLogResourceID=/S/PT7201.json")}:1`, []]);
    assert.match(flow?.text ?? "", /UserRule_<b>Open<\/b>.*,47201,22,6,I,B,.*,47201,22,6,I,E,/);
    const [events] = element("records-request-0") as RecordBlock;
    assert.equal(events?.length, 3);
    assert.match(events[0]!.text, /justification.*INC-1/);
  });

  it("has for each session the very rule that let it in, not an equal one in the group of another VM", async () => {
    const opened = {
      priority: 200,
      sourceAddressPrefix: "VirtualNetwork",
      destinationAddressPrefix: "*",
      description: "",
    };
    const other = `${nsgId.replace("web-nsg", "db-nsg")}/securityRules/OpenSsh`;
    using equal = new TrailFolder()
      .request(-7200)
      .revoke(-3600)
      .event(0, ruleWrite, other, { by: "eve@example.com", body: wireRule("OpenSsh", opened) })
      .open(10)
      .session(1, 600);
    await equal.run([]);
    const page = join(equal.path, "report.html");
    const io = fakeIo({ now: "2026-05-04T20:00:00Z", cwd: equal.path });
    const code = await runProgram(["report", "--source", ".", "--out", page], io, {
      commands,
      groups,
      version: "0.0.0",
    });
    assert.equal(code, 0, io.written.stderr);
    const { rules, sessions } = element("data", page) as PageData;
    assert.deepEqual(
      sessions.rule.map((index) => rules[index]?.group),
      [nsgId.toLowerCase()],
    );
  });

  it("holds nothing of a log as text of the page", () => {
    assert.doesNotMatch(readFileSync(out, "utf8"), /<b>|INC-1|ada@/);
  });

  it("does not overwrite a file without --force, and says so before it reads", async () => {
    writeFileSync(out, "mine");
    const { code, io } = await run("--from", "2026-05-04");
    assert.equal(code, exitCodes.failure);
    assert.equal(io.written.stderr, `error: ${out} already exists. Use another --out, or --force to overwrite it.\n`);
    assert.equal(readFileSync(out, "utf8"), "mine");
    assert.equal((await run("--force")).code, exitCodes.findings);
    assert.match(readFileSync(out, "utf8"), /^<!doctype html>/);
  });

  it("leaves nothing behind if it cannot finish", async () => {
    rmSync(out);
    const io = fakeIo({ now: "2026-05-04T20:00:00Z", cwd: folder.path });
    io.interrupt();
    await runProgram(["report", "--source", logs.path, "--out", "report.html"], io, {
      commands,
      groups,
      version: "0.0.0",
    });
    assert.ok(!existsSync(out));
  });

  it("stops between two records, and between two sessions", async () => {
    const io = fakeIo({ cwd: logs.path });
    const { records } = await openAuditSource({ source: "." }, io);
    const readOn = async (): Promise<void> => {
      for await (const found of records({}, silent)) if ("record" in found) io.interrupt();
    };
    await assert.rejects(readOn(), { name: "AbortError" });
    const stopped = fakeIo({ cwd: logs.path });
    const source = await openTrailSource({ source: "." }, stopped);
    const read: TrailSource["read"] = async (...asked) => {
      const found = await source.read(...asked);
      return {
        ...found,
        join: async function* (...words) {
          for await (const row of found.join(...words)) {
            stopped.interrupt();
            yield row;
          }
        },
      };
    };
    const asked = {
      source: { ...source, read },
      range: rangeFrom({}, stopped.now(), undefined),
      flags: { source: "." },
    };
    await assert.rejects(
      withSpool((spool) => readReport(spool, { ...asked, accepted: [], skewMs: 0 }, stopped, silent)),
      { name: "AbortError" },
    );
  });

  it("cannot be written to standard output", async () => {
    const { code, io } = await run("--out", "-");
    assert.deepEqual(
      [code, io.written.stderr.split("\n")[0]],
      [
        exitCodes.failure,
        "error: option '--out <file>' argument '-' is invalid. Must be a path: this command cannot write to standard output.",
      ],
    );
  });

  it("replaces only a file", async () => {
    const refused = async (name: string): Promise<string> => {
      const { code, io } = await run("--out", name, "--force");
      assert.equal(code, exitCodes.failure);
      return io.written.stderr.replaceAll(`${folder.path}/`, "");
    };
    writeFileSync(join(folder.path, "file"), "mine");
    symlinkSync("file", join(folder.path, "link.html"));
    symlinkSync("missing", join(folder.path, "dangling.html"));
    for (const name of ["link.html", "dangling.html", "."]) {
      const shown = name === "." ? folder.path : name;
      assert.equal(await refused(name), `error: ${shown} is not a regular file. Use another --out.\n`);
    }
    assert.equal(await refused("file/report.html"), "error: file is not a folder. Use another --out.\n");
    assert.equal(readFileSync(join(folder.path, "file"), "utf8"), "mine");
  });

  it("explains before it reads where a file cannot be created", async () => {
    // The second one leaves no room for the ending of an unfinished file.
    for (const length of [300, 250]) {
      const name = `${"n".repeat(length)}.html`.slice(-length);
      const { code, io } = await run("--out", name, "--source", "missing");
      assert.equal(code, exitCodes.failure);
      assert.equal(
        io.written.stderr,
        `error: Cannot write ${join(folder.path, name)}: its name is too long. Use another --out.\n`,
      );
    }
  });

  it("refuses a missing folder", async () => {
    const { code, io } = await run("--out", "missing/report.html");
    assert.equal(code, exitCodes.failure);
    assert.equal(
      io.written.stderr,
      `error: The folder ${join(folder.path, "missing")} does not exist. Create it, or use another --out.\n`,
    );
  });
});
