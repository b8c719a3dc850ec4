import assert from "node:assert/strict";
import fc from "fast-check";
import type { Session, SourceRecord } from "../../../../cli/audit/records/types.ts";
import { readRecords } from "../../../../cli/audit/records/readRecords.ts";
import { foldFolder } from "../../../../cli/audit/sessions/foldFolder.ts";
import { foldRecords } from "../../../../cli/audit/sessions/foldRecords.ts";
import { propertyRuns } from "../../../propertyRuns.ts";
import { blobRecord, LogFolder, readAll, type Read } from "../auditLines.ts";

const now = new Date("2026-05-05T00:00:00Z");

/** JSON as it is written, be it no JSON at all. */
type Raw = string;
type Member = readonly [key: Raw, value: Raw];

const quoted = (text: string): Raw => JSON.stringify(text);
const digits = (count: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from("0123456789")), minLength: count, maxLength: count });

/** Times as Azure writes them, others, and what only looks like one. */
const timeText = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .date({ min: new Date("1999-12-30Z"), max: new Date("2101-01-02Z"), noInvalidDate: true })
      .map((date) => date.toISOString()),
  },
  fc
    .tuple(
      fc.constantFrom("2026-05-04T10:00:00", "2026-12-31T23:59:59", "2026-05-04T24:00:00", "2026-02-29T00:00:00"),
      fc.nat(9).chain(digits),
      fc.constantFrom("Z", "", "+00:00", "-05:30", "+14", " UTC", "z"),
    )
    .map(([second, fraction, zone]) => `${second}${fraction === "" ? "" : `.${fraction}`}${zone}`),
  fc
    .tuple(
      fc.constantFrom("2026-05-04T10:00:00.123Z", "2026-05-04T10:00:00.1234567Z", "2026-05-04T10:00:00Z"),
      fc.nat(27),
      fc.constantFrom(...Array.from(" 0123456789:-+.TZ/a")),
    )
    .map(([time, at, character]) => time.slice(0, at) + character + time.slice(at + 1)),
  fc.constantFrom(
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+05:00",
    "9999-12-31T23:59:59.9999999Z",
    "9999-12-31T23:59:59-05:00",
    "2099-12-31T23:59:59Z",
    "10000-01-01T00:00:00Z",
    "294247-01-10T04:00:54Z",
    "-0044-03-15T00:00:00Z",
    "2026-05-04",
    "2026-05-04 10:00:00",
    "2026-5-4T1:2:3Z",
    "20260504T100000Z",
    "3/2/2026 9:58:30 AM",
    "epoch",
    "infinity",
    "now",
    "",
    " 2026-05-04T10:00:00Z ",
    "1777888800",
    "/Date(1777888800000)/",
    "2026-05-04T10:00:00 PM",
    "2026-06-30T23:59:60Z",
  ),
);

const numberToken = fc.oneof(
  fc.integer({ min: -10, max: 70_000 }).map(String),
  fc.constantFrom(
    "0",
    "-0",
    "-1",
    "1.5",
    "50123.0",
    "5e3",
    "1E400",
    "-1e-7",
    "0.4",
    "65535",
    "65536",
    "2147483648",
    "9999999999",
    "10000000000",
    "4611686018427387904",
    "9223372036854775807",
    "9223372036854775808",
    "123456789012345678901234567890",
    "NaN",
    "-Infinity",
    "inf",
    "01",
    "0x10",
    "+5",
  ),
);

const anyText = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "NaN",
    "None",
    "true",
    "5",
    "1.0",
    "null",
    "[1]",
    '{"a":1}',
    "x\u0000y",
    "\ud800",
    "Zoë 🦉",
    'o"neill\\',
    "CORP\\ada",
    "a/b",
    "\u0130",
    "\u001b[0m",
    "\u007f",
  ),
  fc.string({ unit: "binary", maxLength: 6 }),
);

const anyValue: fc.Arbitrary<Raw> = fc.oneof(
  { weight: 3, arbitrary: anyText.map(quoted) },
  numberToken,
  timeText.map(quoted),
  fc.constantFrom("null", "true", "false", "[]", "{}", "[1, 2.0]", '{"a" : 1.0}', '"a\\/b"', '"\\u0061"', "'x'", "nan"),
);

const times = ["time", "sessionStartTime", "sessionEndTime"];
const numbers = ["clientPort", "duration"];
const ids = ["resourceId", "targetResourceId"];
const idText = fc
  .constantFrom("", "/", "//")
  .chain((before) =>
    fc.constantFrom("subscriptions/s/resourceGroups/g/x", "SUBSCRIPTIONS/S", "web", "").map((id) => before + id),
  )
  .chain((id) => fc.constantFrom("", "/", "//").map((after) => id + after));

function valueFor(key: string): fc.Arbitrary<Raw> {
  const likely = times.includes(key)
    ? timeText.map(quoted)
    : numbers.includes(key)
      ? fc.oneof(numberToken, numberToken.map(quoted))
      : ids.includes(key)
        ? fc.oneof(idText, anyText).map(quoted)
        : anyText.map(quoted);
  return fc.oneof({ weight: 4, arbitrary: likely }, anyValue);
}

const ownKeys = ["time", "resourceId", "operationName", "category", "location"];
const propertyKeys = [...Object.keys(blobRecord().properties), ...["sessionStartTime", "sessionEndTime", "duration"]];
const recased = (key: string): fc.Arbitrary<string> =>
  fc.constantFrom(
    key,
    key.toLowerCase(),
    key.toUpperCase(),
    key.charAt(0).toUpperCase() + key.slice(1),
    `${key}_s`,
    key.replaceAll(/[A-Z]/g, "_$&"),
    `_${key}`,
    `properties.${key}`,
  );

/** A change of a record: of a value, of a key, another member, one in another place. */
const change = fc.constantFrom(...ownKeys, ...propertyKeys).chain((key) =>
  fc.record({
    key: fc.constant(key),
    as: recased(key),
    value: fc.option(valueFor(key), { nil: undefined }),
    how: fc.constantFrom("replace", "rename", "add before", "add after", "add outside", "remove"),
  }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(members: readonly Member[], { key, as, value, how }: Change): Member[] {
  const at = members.findIndex(([one]) => one === quoted(key));
  const added: Member = [quoted(as), value ?? members[at]?.[1] ?? '"x"'];
  switch (how) {
    case "replace":
      return members.map((member, place) => (place === at ? [member[0], added[1]] : member));
    case "rename":
      return members.map((member, place) => (place === at ? [added[0], member[1]] : member));
    case "remove":
      return members.filter((_, place) => place !== at);
    case "add before":
      return [added, ...members];
    default:
      return [...members, added];
  }
}

/** What a line may have before and after its object. */
const arounds: readonly (readonly [string, string])[] = [
  ["", ""],
  ["", "\r"],
  [" ", " "],
  ["\uFEFF", ""],
  ["", ","],
  ["[", "]"],
  ['{"records":[', "]}"],
];

const spaces = fc.constantFrom("", "", "", " ", "\t");

/** A line, mostly as Azure writes it but for some changes. */
const line: fc.Arbitrary<string> = fc
  .record({
    tunnel: fc.constantFrom("T-1", "t-1", "t-2", "t-3"),
    message: fc.constantFrom("Successfully Connected.", "Login Failed", "Successfully Disconnected."),
    ends: fc.boolean(),
    changes: fc.array(change, { maxLength: 3 }),
    space: spaces,
    comma: fc.constantFrom("", "", "", "", ","),
    around: fc.constantFrom(...arounds),
  })
  .map(({ tunnel, message, ends, changes, space, comma, around: [before, after] }) => {
    const { properties, ...own } = blobRecord({
      tunnelId: tunnel,
      message,
      ...(ends && {
        sessionStartTime: "2026-05-04T09:00:00Z",
        sessionEndTime: "2026-05-04T10:20:00.1234567Z",
        duration: 4_800_123,
      }),
    });
    const raw = (members: object): Member[] =>
      Object.entries(members).map(([key, value]) => [quoted(key), JSON.stringify(value)]);
    const write = (members: readonly Member[]): string =>
      `{${space}${members.map(([key, value]) => `${key}${space}:${space}${value}`).join(`,${space}`)}${comma}${space}}`;
    const ofOwn = changes.filter(({ key, how }) => how === "add outside" || ownKeys.includes(key));
    const ofProperties = changes.filter((one) => !ofOwn.includes(one));
    const inside = ofProperties.reduce(changed, raw(properties));
    const outside = ofOwn.reduce(changed, [...raw(own), [quoted("properties"), write(inside)] as const]);
    return `${before}${write(outside)}${after}`;
  });

function result({ sessions, unreadable, coverage }: Read) {
  const { recordsRead, duplicates, lastRecord, otherLogs } = coverage;
  return {
    sessions,
    unreadable: unreadable
      .map(({ reason }) => reason)
      .filter((reason) => !/^This is not JSON|neither JSON/.test(reason))
      .sort(),
    recordsRead,
    duplicates,
    lastRecord,
    otherLogs,
  };
}

describe("what a line means", () => {
  it("is the same in a file of its own, among damaged lines, and read one by one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 30 }), async (all) => {
        using folder = new LogFolder();
        const alone = all.map((one, index) => folder.write(`alone/${index}.json`, `${one}\n`));
        // Every line stands for itself: none may take a damaged one for its beginning.
        const among = folder.write("among.json", all.map((one) => `no JSON\n${one}\n`).join(""));
        const byTwo = result(await readAll(await foldFolder({ files: alone, now })));
        const tolerant = result(await readAll(await foldFolder({ files: [among], now })));
        assert.deepEqual(byTwo, tolerant);
        const read = async function* (): AsyncGenerator<SourceRecord> {
          for (const file of alone) yield* readRecords(file);
        };
        assert.deepEqual(result(await readAll(await foldRecords(read(), { now }))), byTwo);
        checkTimes(byTwo.sessions);
      }),
      propertyRuns(40),
    );
  }).timeout(3_600_000);

  it("is without a text where it has a number that JSON does not allow, in any case", async () => {
    using folder = new LogFolder();
    const spellings = ["nan", "NaN", "NAN", "inf", "Inf", "infinity", "Infinity", "INFINITY", "-inf", "-Infinity"];
    const files = spellings.map((spelling, index) => {
      const json = JSON.stringify(blobRecord({ tunnelId: `t${index}`, targetVMIPAddress: "?" }));
      return folder.write(`${index}.json`, `${json.replace('"?"', spelling)}\n`);
    });
    const { sessions } = await readAll(await foldFolder({ files, now }));
    assert.deepEqual(
      sessions.map(({ tunnelId, vmIp }) => [tunnelId, vmIp]).sort(),
      spellings.map((_, index) => [`t${index}`, null]).sort(),
    );
  });
});

function checkTimes(sessions: readonly Session[]): void {
  for (const { start, end, durationSeconds } of sessions) {
    assert.match(start, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(
      end === null || (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(end) && start <= end),
      `${start} ${end}`,
    );
    assert.ok(durationSeconds === null || durationSeconds >= 0);
  }
}
