import assert from "node:assert/strict";
import { appendFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { activityIn, type ActivityLog } from "../../../../cli/audit/activity/activityLog.ts";
import { activityInFiles } from "../../../../cli/audit/activity/activityInFiles.ts";
import { readActivityFile } from "../../../../cli/audit/activity/readActivity.ts";
import type { SourceEvent } from "../../../../cli/audit/activity/types.ts";
import { mayGrow } from "../../../../cli/audit/records/blobHour.ts";
import { listFolder } from "../../../../cli/audit/sources/folder.ts";
import { temporaryFolder } from "../../../held.ts";
import { at, event, initiate, subscription } from "./events.ts";
import { mixedNow, writeMixedFolder } from "./mixedFolder.ts";

const now = new Date(mixedNow);

/** The whole of a log. */
async function contentOf({ events, duplicates, ...rest }: ActivityLog) {
  const all = await Array.fromAsync(events);
  return { ...rest, events: all, json: all.map((one) => JSON.stringify(one)), duplicates: duplicates() };
}

/** The events of some files, as they are read without a store. */
async function* eventsIn(files: readonly string[]): AsyncGenerator<SourceEvent> {
  for (const file of files) yield* readActivityFile(file, mayGrow(file, now));
}

describe("the events in files", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let cache: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
    cache = temporaryFolder();
  });
  afterEach(() => {
    folder.remove();
    cache.remove();
  });

  const read = async (files: readonly string[], scope?: string) =>
    contentOf(
      await activityInFiles({
        files,
        now,
        store: { cacheDir: cache.path, of: folder.path },
        memoryLimitMb: 512,
        ...(scope !== undefined && { scope }),
      }),
    );
  const stored = (): string[] =>
    readdirSync(cache.path, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".parquet"))
      .sort();
  const write = (name: string, content: string): string => {
    const file = join(folder.path, name);
    writeFileSync(file, content);
    return file;
  };

  it("are the same from the store, at first and later, as from the files: of any form, broken, repeated or cut off", async () => {
    writeMixedFolder(folder.path);
    const { files } = await listFolder(folder.path);
    const direct = await contentOf(await activityIn(eventsIn(files)));
    assert.ok(direct.records > direct.events.length && direct.duplicates > 0);
    assert.deepEqual(direct.besides.otherLogs, { AllMetrics: 1, BastionAuditLogs: 1 });
    assert.deepEqual(direct.besides.unread, { lost: 6, aside: 3 });
    assert.deepEqual(await read(files), direct);
    const parts = stored();
    assert.deepEqual(await read(files), direct);
    assert.deepEqual(stored(), parts);
  });

  it("may be those of one subscription", async () => {
    writeMixedFolder(folder.path);
    const { files } = await listFolder(folder.path);
    const all = await read(files);
    const own = await read(files, `/subscriptions/${subscription}/`);
    const events = all.events.filter(({ correlationId }) => correlationId !== "c-4");
    assert.deepEqual(own.events, events);
    assert.deepEqual([own.records, own.seen?.count], [all.records - 1, (all.seen?.count ?? 0) - 1]);
    assert.deepEqual(own.besides, all.besides);
    const others = "99999999-2222-3333-4444-555555555555";
    assert.deepEqual([own.subscriptions, all.subscriptions], [[subscription], [subscription, others]]);
  });

  it("are those of the requested files, and only a changed file is read again", async () => {
    const entry = (correlationId: string): string =>
      `${JSON.stringify({ time: at(0), operationName: initiate, category: "Administrative", correlationId })}\n`;
    const files = ["a", "b", "c"].map((name) => write(`${name}.json`, entry(name)));
    await read(files);
    const [only = "", changed = ""] = files.slice(1);
    const ids = async (asked: readonly string[]) => (await read(asked)).events.map((one) => one.correlationId);
    assert.deepEqual(await ids([only]), ["b"]);
    const before = stored();
    appendFileSync(changed, entry("d"));
    assert.deepEqual(await ids(files), ["a", "b", "c", "d"]);
    assert.equal(stored().length, before.length + 1);
  });

  it("are still there once somebody removes the store", async () => {
    const content = { time: at(0), operationName: initiate, category: "Administrative", correlationId: "a" };
    const files = [write("a.json", JSON.stringify(content))];
    const log = await activityInFiles({ files, now, store: { cacheDir: cache.path, of: "a" }, memoryLimitMb: 512 });
    rmSync(join(cache.path, "store"), { recursive: true });
    assert.deepEqual(
      (await contentOf(log)).events.map((one) => one.correlationId),
      ["a"],
    );
  });

  it("keep any text and any time", async () => {
    const texts = ["\u0000", "'\"\\", "\u2028\u2029", "\u{1F511}", "null", "[]", "ß İ", " "];
    const files = [
      write(
        "a.json",
        [...texts, "0001-01-01T00:00:00.001Z", "9999-12-31T23:59:59.999Z"]
          .map((text, second) =>
            JSON.stringify({
              eventTimestamp: text.endsWith("Z") ? text : at(second),
              eventDataId: text,
              operationName: initiate,
              caller: text,
              properties: { requestbody: JSON.stringify({ virtualMachines: [{ id: text }], justification: text }) },
            }),
          )
          .join("\n"),
      ),
    ];
    const direct = await contentOf(await activityIn(eventsIn(files)));
    assert.deepEqual(direct.events.map(({ caller }) => caller).slice(1, -1), texts);
    assert.deepEqual(await read(files), direct);
  });

  it("have U+FFFD for half a character, which is no text", async () => {
    const file = write(
      "a.json",
      `{"time":"${at(0)}","operationName":"${initiate}","eventDataId":"1","caller":"a\\ud83d"}`,
    );
    assert.deepEqual(
      (await read([file])).events.map(({ caller }) => caller),
      ["a\ufffd"],
    );
  });

  it("have a missing fact as null", async () => {
    const file = write("a.json", JSON.stringify({ time: at(0), operationName: initiate, category: "Administrative" }));
    const none = {
      correlationId: null,
      operationId: null,
      status: null,
      caller: null,
      callerApp: null,
      callerIp: null,
    };
    assert.deepEqual((await read([file])).events, [event(0, initiate, { id: null, ...none })]);
  });

  it("are none without a file, or with other logs only", async () => {
    const nothing = { events: [], json: [], records: 0, duplicates: 0, seen: undefined, subscriptions: [] };
    const besides = { unreadable: [], unread: { lost: 0, aside: 0 }, otherLogs: {}, lostIn: [] };
    assert.deepEqual(await read([]), { ...nothing, besides });
    const file = write("a.json", `${JSON.stringify({ time: at(0), metricName: "sessions" })}\n`);
    assert.deepEqual(await read([file]), { ...nothing, besides: { ...besides, otherLogs: { AllMetrics: 1 } } });
  });

  it("name a file that cannot be read", async () => {
    const file = join(folder.path, "gone.json");
    const { besides } = await read([file]);
    assert.deepEqual(besides.unreadable, [
      {
        file,
        line: null,
        reason: "Cannot be read: it does not exist, or is a symbolic link to something that does not.",
      },
    ]);
    assert.deepEqual([besides.unread, besides.lostIn], [{ lost: 1, aside: 0 }, [file]]);
  });
});
