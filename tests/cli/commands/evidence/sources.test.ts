import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSources } from "../../../../cli/commands/evidence/sources.ts";
import type { FilesFound } from "../../../../cli/sources/logFiles.ts";
import { forSuite } from "../../../held.ts";
import { trust } from "../../../trust.ts";
import { blobRecord, lines } from "../../audit/auditLines.ts";
import { container, hourBlob, startArchive } from "../../audit/sources/archive/archiveFixture.ts";
import { fakeIo } from "../../fakeIo.ts";

const io = fakeIo({ now: "2026-05-04T11:30:00Z" });
const silent = { update: () => undefined, end: () => undefined };

const changed = (...names: string[]) => ({
  name: "UserError",
  message: `The source changed while it was read: ${names.join(", ")}.`,
});

describe("the sources of an evidence pack in an archive", function () {
  this.timeout(60_000);
  const archive = forSuite(startArchive);
  let distrust: () => void;
  before(() => {
    distrust = trust(archive.tls.ca);
  });
  after(() => {
    distrust();
  });

  const append = (tunnelId: string) =>
    archive.append("2026-05-04T10", lines(blobRecord({ tunnelId }, { time: "2026-05-04T10:30:00.000Z" })));
  const read = (found: FilesFound) => {
    const flags = { archive: archive.signedEndpoint, cache: archive.cacheDir, found };
    return readSources(flags, { from: new Date("2026-05-04T10:00Z"), to: new Date("2026-05-04T11:00Z") }, io, silent);
  };

  it("are the blobs as they were read first, whatever is written to them meanwhile", async () => {
    await append("t1");
    const found: FilesFound = new Map();
    const first = await read(found);
    await append("t2");
    const again = await read(found);
    assert.deepEqual(again.hashed, first.hashed);
    await first.requireUnchanged();
  });

  it("are refused where another command has brought the same copies up to date", async () => {
    const first = await read(new Map());
    await append("t3");
    const other = await read(new Map());
    assert.notDeepEqual(other.hashed, first.hashed);
    await assert.rejects(first.requireUnchanged(), changed(`${container}/${hourBlob("2026-05-04T10")}`));
    await other.requireUnchanged();
  });
});

describe("the sources of an evidence pack in a folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "sources-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("are refused where a file was written to, added or removed since", async () => {
    const [a, b, c] = ["a.json", "b.json", "c.json"].map((name) => join(folder, name)) as [string, string, string];
    for (const file of [a, b]) writeFileSync(file, "{}\n");
    const sources = await readSources({ source: folder }, { from: undefined, to: undefined }, io, silent);
    assert.deepEqual(
      sources.hashed.map(({ name, bytes }) => [name, bytes]),
      [
        ["a.json", 3],
        ["b.json", 3],
      ],
    );
    await sources.requireUnchanged();
    appendFileSync(a, "{}\n");
    await assert.rejects(sources.requireUnchanged(), changed("a.json"));
    rmSync(b);
    writeFileSync(c, "{}\n");
    await assert.rejects(sources.requireUnchanged(), changed("a.json", "b.json", "c.json"));
  });
});
