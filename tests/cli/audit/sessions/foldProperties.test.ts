import assert from "node:assert/strict";
import fc from "fast-check";
import { foldFolder } from "../../../../cli/audit/sessions/foldFolder.ts";
import { foldRecords } from "../../../../cli/audit/sessions/foldRecords.ts";
import { recordOf } from "../../../../cli/audit/records/recordOf.ts";
import type { Session, SourceRecord } from "../../../../cli/audit/records/types.ts";
import { propertyRuns } from "../../../propertyRuns.ts";
import { blobRecord, LogFolder, readAll } from "../auditLines.ts";

type BlobRecord = ReturnType<typeof blobRecord>;

const now = new Date("2026-05-05T00:00:00Z");
const from = Date.parse("2026-05-04T00:00:00Z");
const instant = fc.integer({ min: 0, max: 7200 }).map((second) => new Date(from + second * 1000).toISOString());
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 8 });

/** Records of few tunnels and few facts, so that they meet; missing, unknown and empty members; text that needs escaping. */
const record: fc.Arbitrary<BlobRecord> = fc
  .record({
    time: instant,
    tunnelId: maybe(fc.constantFrom("T-1", "t-2", "t-3", "t-4", "t-5")),
    message: fc.constantFrom("Successfully Connected.", "Login Failed", "Successfully Disconnected", "Something else"),
    userEmail: maybe(fc.constantFrom("anna@contoso.com", "ben@contoso.com", "")),
    userName: maybe(fc.constantFrom("azureuser", 'o"neill\\', "Zoë 🦉", "")),
    clientIpAddress: maybe(fc.constantFrom("203.0.113.7", "198.51.100.4")),
    clientPort: maybe(fc.constantFrom(50123, 50124, "50125")),
    protocol: maybe(fc.constantFrom("ssh", "RDP")),
    operationName: maybe(
      fc.constantFrom("Microsoft.Network/BastionHost/connect", "Microsoft.Network/BastionHost/other"),
    ),
    ends: fc.option(
      fc.tuple(instant, instant, fc.nat(9_000_000)).map(([one, other, duration]) => {
        const [sessionStartTime, sessionEndTime] = [one, other].sort();
        return { sessionStartTime, sessionEndTime, duration };
      }),
      { freq: 2, nil: {} },
    ),
    unknown: maybe(fc.record({ newFact: fc.jsonValue({ maxDepth: 2 }) })),
  })
  .map(({ time, operationName, ends, unknown, ...facts }) =>
    blobRecord({ ...facts, ...ends, ...unknown }, { time, operationName, ...unknown }),
  );

/** How one occurrence of a record is written. Every line of these stands for itself. */
const writing = fc.constantFrom(
  "plain",
  "ingested later",
  "lower case",
  "upper case",
  "email in upper case",
  "CRLF",
  "after an empty line",
);
type Writing = typeof writing extends fc.Arbitrary<infer T> ? T : never;

function write(one: BlobRecord, how: Writing): string {
  switch (how) {
    case "plain":
      return `${JSON.stringify(one)}\n`;
    case "ingested later":
      return `${JSON.stringify({ ...one, FluentdIngestTimestamp: "2026-05-04T11:11:11.0000000Z" })}\n`;
    case "lower case":
      return `${JSON.stringify(inCase(one, (key) => key.toLowerCase()))}\n`;
    case "upper case":
      return `${JSON.stringify(inCase(one, (key) => key.toUpperCase()))}\n`;
    case "email in upper case":
      return `${JSON.stringify(one).replace('"userEmail"', '"USEREMAIL"')}\n`;
    case "CRLF":
      return `${JSON.stringify(one)}\r\n`;
    case "after an empty line":
      return `\n${JSON.stringify(one)}\n`;
  }
}

function inCase(value: Record<string, unknown>, change: (key: string) => string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      change(key),
      key === "properties" ? inCase(member as Record<string, unknown>, change) : member,
    ]),
  );
}

/** What becomes of a line: a cut at any of its bytes but the first and the last, other text, no text at all. */
const damage = fc.oneof(
  fc.double({ min: 0.01, max: 0.99, noNaN: true }).map((part) => ({ cutAt: part })),
  fc
    .constantFrom("lorem ipsum", "<Error><Code>ServerBusy</Code></Error>", "\u0000\u0000\u0000", "nulL")
    .map((text) => ({ text })),
);

function spoil(line: string, how: { cutAt: number } | { text: string }): string {
  return "text" in how
    ? `${how.text}\n`
    : `${line.trim().slice(0, Math.max(1, Math.floor(line.trim().length * how.cutAt)))}\n`;
}

interface Line {
  readonly text: string;
  /** Undefined where the line is damaged. */
  readonly record: BlobRecord | undefined;
}

/** Occurrences of records: each at least once, some again, some as damaged copies of one, in any order. */
const lines: fc.Arbitrary<Line[]> = fc
  .array(
    fc.tuple(record, fc.array(fc.tuple(writing, fc.option(damage, { freq: 4 })), { minLength: 1, maxLength: 3 })),
    { maxLength: 12 },
  )
  .map((all) =>
    all.flatMap(([one, occurrences]) =>
      occurrences.map(([how, spoilt]): Line => {
        const text = write(one, how);
        return spoilt === null ? { text, record: one } : { text: spoil(text, spoilt), record: undefined };
      }),
    ),
  )
  .chain((all) => fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }));

/** The same lines as the contents of some files, some of them pretty-printed or in a wrapper. */
const files = lines.chain((all) =>
  fc
    .tuple(
      fc.array(fc.nat(all.length), { maxLength: 4 }),
      fc.array(fc.constantFrom("lines", "wrapper", "wrapped lines", "array", "pretty", "mark"), {
        minLength: 5,
        maxLength: 5,
      }),
    )
    .map(([cuts, forms]) => {
      const bounds = [0, ...cuts.sort((one, other) => one - other), all.length];
      const parts = bounds.slice(1).map((until, index) => all.slice(bounds[index], until));
      return { all, parts, contents: parts.map((part, index) => layOut(part, forms[index] ?? "lines")) };
    }),
);

function layOut(some: readonly Line[], form: string): string {
  const texts = some.map(({ text }) => text.trim());
  const isSound = some.every((line) => line.record !== undefined);
  const plain = some.map(({ text }) => text).join("");
  switch (isSound ? form : "") {
    case "wrapper":
      return `{"records":[${texts.join(",")}]}`;
    case "wrapped lines":
      return `{"records": [\n${texts.join(",\n")}\n]}`;
    case "array":
      return `[${texts.join(", ")}]`;
    case "pretty":
      return texts.map((text) => JSON.stringify(JSON.parse(text), null, 2)).join("\n");
    case "mark":
      return `\uFEFF${plain}`;
    default:
      return plain;
  }
}

/** How many places are told of a file: a file in which nothing looks like JSON is told once. */
function toldOf(part: readonly Line[]): number {
  const damaged = part.filter(({ record: sound }) => sound === undefined).length;
  return part.some(({ text }) => text.trim().startsWith("{")) ? damaged : Math.min(1, damaged);
}

async function clean(records: readonly BlobRecord[]): Promise<Session[]> {
  const read = async function* (): AsyncGenerator<SourceRecord> {
    await Promise.resolve();
    for (const one of records) {
      const found = recordOf(one);
      assert.ok("record" in found);
      yield { record: found.record, raw: { file: "table", line: 1, value: one } };
    }
  };
  return (await readAll(await foldRecords(read(), { now }))).sessions;
}

describe("any records, cut into any files, reordered, repeated, written in any case and damaged", () => {
  it("make the same sessions as the clean ones, without those that are damaged, which are all counted", async () => {
    await fc.assert(
      fc.asyncProperty(files, async ({ all, parts, contents }) => {
        using folder = new LogFolder();
        const paths = contents.map((content, index) => folder.write(`${index}.json`, content));
        const { sessions, unreadable, coverage } = await readAll(await foldFolder({ files: paths, now }));
        const readable = all.flatMap((line) => line.record ?? []);
        assert.deepEqual(sessions, await clean([...new Set(readable)]));
        const told = parts.reduce((sum, part) => sum + toldOf(part), 0);
        assert.equal(unreadable.length, told, JSON.stringify(unreadable));
        assert.equal(coverage.recordsRead, readable.length);
        const different = sessions.reduce((sum, { records }) => sum + records, 0);
        assert.equal(coverage.duplicates, readable.length - different);
      }),
      propertyRuns(50),
    );
  }).timeout(180_000);
});
