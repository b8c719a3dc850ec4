import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ServerResponse } from "node:http";
import { hourBlob, startArchive, type Meddler } from "./archiveFixture.ts";
import { forEachTest } from "../../../../held.ts";

const line = (n: number): string => `{"n":${n}}\n`;
const hour = "2026-05-04T10";

describe("the sync of an archive in trouble", () => {
  const archive = forEachTest(startArchive);

  /** Replaces the blob by another one of the same name. */
  const replace = async (text: string, name = hourBlob(hour)): Promise<void> => {
    const blob = archive.client.getAppendBlobClient(name);
    await blob.create();
    if (text !== "") await blob.appendBlock(text, text.length);
  };

  describe("with a changed blob", () => {
    it("reads one that shrank from its beginning", async () => {
      await archive.append(hour, line(1) + line(2));
      await archive.sync();
      await replace(line(3));
      assert.equal(archive.content(await archive.sync()), line(3));
    });

    it("reads one that changed without growing from its beginning", async () => {
      await archive.append(hour, line(1));
      await archive.sync();
      await replace(line(2));
      assert.equal(archive.content(await archive.sync()), line(2));
    });

    it("reads one that was created again and is longer", async () => {
      await archive.append(hour, line(1));
      await archive.sync();
      // Creation times have seconds.
      await archive.clock.advance(2000);
      await replace(line(2) + line(3));
      assert.equal(archive.content(await archive.sync()), line(2) + line(3));
    });

    it("reads a block blob whole whenever it changed: it is uploaded whole", async () => {
      const blob = archive.client.getBlockBlobClient(hourBlob(hour));
      await archive.client.create();
      const documents = ['{"records":[\n{"n":1}]}', '{"records":[\n{"n":1},\n{"n":2}]}'];
      for (const text of documents) {
        await blob.upload(text, text.length);
        assert.equal(archive.content(await archive.sync()), text);
      }
      assert.deepEqual(archive.reads(), [`${hour} bytes=0-21`, `${hour} bytes=0-30`]);
    });

    it("leaves out one that became empty", async () => {
      await archive.append(hour, line(1));
      await archive.sync();
      await replace("");
      assert.deepEqual((await archive.sync()).files, []);
    });

    it("goes on with one that grows between listing and reading", async () => {
      await archive.append(hour, line(1));
      archive.meddler = beforeRead(1, () => archive.append(hour, line(2)));
      assert.equal(archive.content(await archive.sync()), line(1) + line(2));
      assert.deepEqual(archive.reads(), [`${hour} bytes=0-15`, `${hour} bytes=0-7`]);
    });

    it("reads one that is replaced by a shorter one between listing and reading", async () => {
      await archive.append(hour, line(1) + line(2));
      archive.meddler = beforeRead(1, () => replace(line(3)));
      assert.equal(archive.content(await archive.sync()), line(3));
    });

    it("names one that is deleted between listing and reading", async () => {
      await archive.append(hour, line(1));
      await archive.append("2026-05-04T11", line(2));
      archive.meddler = async (seen) => {
        if (seen.method === "GET" && seen.blob === hourBlob(hour)) {
          await archive.client.getBlobClient(seen.blob).deleteIfExists();
        }
        return undefined;
      };
      const result = await archive.sync();
      assert.equal(archive.content(result), line(2));
      assert.deepEqual(result.gone, [hourBlob(hour)]);
    });

    it("gives up one that changes at every read", async () => {
      await archive.append(hour, line(1));
      archive.meddler = beforeRead(Infinity, () => archive.append(hour, line(2)));
      await assert.rejects(archive.sync(), {
        name: "ArchiveError",
        message: `The blob ${hourBlob(hour)} changes faster than it can be read.`,
      });
    });
  });

  describe("with half a line", () => {
    it("keeps its beginning for the next read, and does not fetch it again", async () => {
      await archive.append(hour, '{"n":1}\n{"n"');
      const first = await archive.sync();
      assert.equal(archive.content(first), line(1));
      assert.deepEqual(first.cut, [hourBlob(hour)]);
      await archive.append(hour, ":2");
      assert.equal(archive.content(await archive.sync()), line(1));
      await archive.append(hour, '}\n{"n":3}\n');
      archive.reads();
      const last = await archive.sync();
      assert.equal(archive.content(last), line(1) + line(2) + line(3));
      assert.deepEqual(last.cut, []);
      assert.deepEqual(archive.reads(), [`${hour} bytes=14-23`]);
    });

    it("takes a last line without a line break that is whole", async () => {
      await archive.append(hour, '{"n":1}\n{"n":2}');
      assert.equal(archive.content(await archive.sync()), '{"n":1}\n{"n":2}');
      await archive.append(hour, '\n{"n":3}');
      assert.equal(archive.content(await archive.sync()), '{"n":1}\n{"n":2}\n{"n":3}');
    });

    it("keeps a character whose bytes came in two parts", async () => {
      const bytes = Buffer.from('{"n":"é"}\n');
      await archive.client.create();
      const blob = archive.client.getAppendBlobClient(hourBlob(hour));
      await blob.create();
      await blob.appendBlock(bytes.subarray(0, 7), 7);
      assert.equal(archive.content(await archive.sync()), "");
      await blob.appendBlock(bytes.subarray(7), bytes.length - 7);
      assert.equal(archive.content(await archive.sync()), '{"n":"é"}\n');
    });

    it("hands it on when three hours have not brought the rest, so that it is reported", async () => {
      await archive.append(hour, '{"n":1}\n{"n"');
      await archive.sync();
      archive.reads();
      await archive.clock.advance(3 * 3_600_000);
      const result = await archive.sync();
      assert.equal(archive.content(result), '{"n":1}\n{"n"');
      assert.deepEqual(result.cut, []);
      assert.deepEqual(archive.reads(), []);
      await archive.append(hour, ":2}\n");
      assert.equal(archive.content(await archive.sync()), line(1) + line(2));
    });
  });

  describe("while the service fails", () => {
    for (const status of [408, 429, 500, 502, 503, 504]) {
      it(`asks again after ${status}, for listings and reads`, async () => {
        await archive.append(hour, line(1));
        const refused = new Set<string>();
        archive.meddler = (seen, response) => {
          const key = JSON.stringify(seen);
          if (refused.has(key)) return Promise.resolve(undefined);
          refused.add(key);
          return refuse(response, status);
        };
        assert.equal(archive.content(await archive.sync()), line(1));
      });
    }

    it("waits as long as the service asks", async () => {
      await archive.append(hour, line(1));
      let isFirst = true;
      archive.meddler = ({ blob }, response) => {
        if (blob === undefined || !isFirst) return Promise.resolve(undefined);
        isFirst = false;
        return refuse(response, 429, { "retry-after": "1" });
      };
      const begin = performance.now();
      assert.equal(archive.content(await archive.sync()), line(1));
      assert.ok(performance.now() - begin >= 990);
    });

    it("continues after a broken connection, without fetching anything twice", async () => {
      const text = Array.from({ length: 20_000 }, (_, n) => line(n)).join("");
      await archive.append(hour, text);
      let breaks = 3;
      archive.meddler = ({ method, blob }) =>
        Promise.resolve(method === "GET" && blob !== undefined && breaks-- > 0 ? { cutAfter: 1000 } : undefined);
      const result = await archive.sync();
      assert.equal(archive.content(result), text);
      assert.equal(result.bytesFetched, text.length);
      assert.deepEqual(
        archive.reads().map((read) => Number(/=(\d+)-/.exec(read)?.[1])),
        [0, 1000, 2000, 3000],
      );
    });

    it("sends a request again if no response comes", async () => {
      await archive.append(hour, line(1));
      let isFirst = true;
      archive.meddler = async ({ blob }) => {
        if (blob !== undefined && isFirst) {
          isFirst = false;
          await new Promise((resolve) => setTimeout(resolve, 1500));
        }
        return undefined;
      };
      const result = await archive.sync({ retries: { baseDelay: 5, silence: 500 } });
      assert.equal(archive.content(result), line(1));
      assert.equal(archive.reads().length, 2);
    });

    it("gives up after the last attempt, keeps what it has, and continues there next time", async () => {
      await archive.append(hour, line(1));
      await archive.append("2026-05-04T11", line(2));
      archive.meddler = ({ blob }, response) =>
        blob?.includes("h=11") === true ? refuse(response, 503) : Promise.resolve(undefined);
      await assert.rejects(archive.sync({ concurrency: 1 }), {
        name: "ArchiveError",
        status: 503,
        nextStep: "Try again later.",
      });
      assert.equal(archive.reads().filter((read) => read.includes("T11")).length, 6);
      archive.meddler = undefined;
      assert.equal(archive.content(await archive.sync()), line(1) + line(2));
      assert.deepEqual(archive.reads(), ["2026-05-04T11 bytes=0-7"]);
    });

    it("does not repeat a request that was refused for good", async () => {
      await archive.append(hour, line(1));
      archive.meddler = ({ blob }, response) =>
        blob === undefined
          ? Promise.resolve(undefined)
          : refuse(response, 403, { "x-ms-error-code": "AuthorizationPermissionMismatch" });
      await assert.rejects(archive.sync(), { code: "AuthorizationPermissionMismatch", status: 403 });
      assert.equal(archive.reads().length, 1);
    });
  });

  it("ends at once when it is aborted, and leaves no unfinished file", async () => {
    await archive.append(hour, line(1));
    const stop = new AbortController();
    archive.meddler = async ({ blob }) => {
      if (blob !== undefined) {
        stop.abort(new Error("enough"));
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      return undefined;
    };
    await assert.rejects(archive.sync({ signal: stop.signal }), { message: "enough" });
    assert.deepEqual(await readdir(join(archive.cacheDir, "archive", "tmp")), []);
  });
});

function beforeRead(times: number, act: () => Promise<void>): Meddler {
  let left = times;
  return async ({ method, blob }) => {
    if (method === "GET" && blob !== undefined && left-- > 0) await act();
    return undefined;
  };
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string> = {}): Promise<true> {
  response.writeHead(status, headers).end();
  return Promise.resolve(true);
}
