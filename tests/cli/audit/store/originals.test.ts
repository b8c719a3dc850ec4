import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { createSessions } from "../../../../cli/audit/sessions/sessionRelation.ts";
import { openEngine, type Engine } from "../../../../cli/audit/store/engine.ts";
import { createEvidence } from "../../../../cli/audit/store/evidence.ts";
import { Normaliser } from "../../../../cli/audit/store/normalise.ts";
import { originalsOf, type Original } from "../../../../cli/audit/store/originals.ts";
import { lookAt, type SourceFile } from "../../../../cli/audit/store/sourceFile.ts";
import { Store, type UsedSegment } from "../../../../cli/audit/store/store.ts";
import { blobRecord, lines, LogFolder } from "../auditLines.ts";

const now = new Date("2026-05-04T10:30:00Z");
const end = { sessionEndTime: "2026-05-04T10:20:00.000Z" };

describe("the bytes behind a session", () => {
  let folder: LogFolder;
  let engine: Engine;
  let segments: UsedSegment[];

  beforeEach(async () => {
    folder = new LogFolder();
    engine = await openEngine(512);
  });
  afterEach(() => {
    engine.close();
    folder[Symbol.dispose]();
  });

  async function store(files: readonly string[]): Promise<void> {
    const kept = await Store.open({ cacheDir: join(folder.path, "cache"), of: "logs" }, new Normaliser(engine));
    segments = await kept.segments(files.map((file) => lookAt(file, now) as SourceFile));
    await createEvidence(engine, segments);
    await createSessions(engine, { segments, filter: {}, now });
  }

  async function originals(tunnel: string | null): Promise<Original[]> {
    const [[session = 0] = []] = await engine.rows(
      `SELECT session FROM sessions WHERE "tunnelId" IS NOT DISTINCT FROM $tunnel`,
      {
        tunnel,
      },
    );
    return Array.fromAsync(originalsOf(engine, segments, BigInt(session ?? 0)));
  }

  it("are those of its records, with the file's hash, whatever form the file has", async () => {
    const [a, b, other] = [
      blobRecord({ tunnelId: "t" }),
      blobRecord({ tunnelId: "T", ...end }, { time: "2026-05-04T10:20:01.000Z" }),
      blobRecord({ tunnelId: "other" }),
    ];
    const plain = folder.write("1.json", lines(other, a, "damaged", b));
    const pretty = folder.write("2.json", `${JSON.stringify(other, null, 2)}\n${JSON.stringify(b, null, 2)}\n`);
    const zipped = folder.write("3.json.gz", gzipSync(lines(a, other)));
    await store([plain, pretty, zipped]);
    const found = await originals("t");
    assert.deepEqual(
      found.map(({ file, line, bytes }) => [file, line, JSON.parse(bytes.toString("utf8")) as unknown]).sort(),
      [
        [plain, 2, a],
        [plain, 4, b],
        [pretty, JSON.stringify(other, null, 2).split("\n").length + 1, JSON.parse(JSON.stringify(b))],
        [zipped, 1, a],
      ],
    );
    for (const { file, sha256, offset, bytes } of found) {
      const content = readFileSync(file);
      assert.equal(sha256, createHash("sha256").update(content).digest("hex"));
      const text = file === zipped ? gunzipSync(content) : content;
      assert.ok(text.subarray(offset, offset + bytes.length).equals(bytes));
    }
  });

  it("are those of the one record of a session without a tunnel", async () => {
    const [one, other] = [blobRecord({ tunnelId: undefined }), blobRecord({ tunnelId: "t" })];
    await store([folder.write("1.json", lines(other, one))]);
    assert.deepEqual(
      (await originals(null)).map(({ line }) => line),
      [2],
    );
  });

  it("are refused if the file has changed since it was read", async () => {
    const file = folder.write("1.json", lines(blobRecord({ tunnelId: "t" })));
    await store([file]);
    const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
    appendFileSync(file, " ");
    await assert.rejects(originals("t"), {
      name: "OriginalChangedError",
      message: `${file} is not what was read before: its SHA-256 was ${sha256}.`,
    });
  });
});
