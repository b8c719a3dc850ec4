import assert from "node:assert/strict";
import fc from "fast-check";
import { hourOfName, hoursFor, prefixesOf, receivedUntil } from "../../../../../cli/audit/sources/archive/hours.ts";

const hourMs = 3_600_000;
const hour = (text: string): number => Date.parse(`${text}:00:00Z`) / hourMs;
const now = new Date("2026-05-04T12:30Z");

describe("the hours of a time range", () => {
  const hoursOf = (from: string, to: string, more: { now?: Date; lateMs?: number } = {}) =>
    hoursFor({ from: new Date(from), to: new Date(to), now: new Date("2026-05-06T00:00Z"), ...more });

  it("begin one hour before it and go on six hours after it, since a blob's hour is the one of arrival", () => {
    assert.deepEqual(hoursOf("2026-05-04T10:59Z", "2026-05-04T11:01Z"), {
      first: hour("2026-05-04T09"),
      last: hour("2026-05-04T17"),
    });
  });

  it("do not count the hour that begins when the last record of the range can have arrived", () => {
    assert.equal(hoursOf("2026-05-04T10:00Z", "2026-05-04T11:00Z").last, hour("2026-05-04T16"));
    assert.equal(hoursOf("2026-05-04T10:00Z", "2026-05-04T11:00:00.001Z").last, hour("2026-05-04T17"));
  });

  for (const [lateMs, last] of [
    [1, "2026-05-04T11"],
    [hourMs, "2026-05-04T11"],
    [30 * hourMs, "2026-05-05T16"],
    [90 * 60_000, "2026-05-04T12"],
  ] as const) {
    it(`go on for ${lateMs / hourMs} h after it where that is asked for`, () => {
      assert.equal(hoursOf("2026-05-04T10:00Z", "2026-05-04T11:00Z", { lateMs }).last, hour(last));
    });
  }

  it("end with the hour after the present: nothing has arrived later", () => {
    const { last } = hoursOf("2026-05-04T10:00Z", "2026-05-04T11:00Z", { now });
    assert.equal(last, hour("2026-05-04T13"));
  });

  it("go on to the hour after the present if the range has no end", () => {
    const range = hoursFor({ from: new Date("2026-05-04T10:00Z"), now });
    assert.equal(range.last, hour("2026-05-04T13"));
  });

  it("have no beginning if the range has none", () => {
    assert.equal(hoursFor({ now }).first, undefined);
  });

  it("hold what arrived before the end of the last one, or by now", () => {
    const range = hoursOf("2026-05-04T10:00Z", "2026-05-04T11:00Z");
    assert.deepEqual(receivedUntil(range, new Date("2026-05-06T00:00Z")), new Date("2026-05-04T17:00Z"));
    assert.deepEqual(receivedUntil(range, now), now);
  });
});

describe("the prefixes of hours", () => {
  const of = (first: string, last: string): string[] => prefixesOf({ first: hour(first), last: hour(last) });

  it("are the hours one by one within a day", () => {
    assert.deepEqual(of("2026-05-04T22", "2026-05-05T01"), [
      "y=2026/m=05/d=04/h=22/",
      "y=2026/m=05/d=04/h=23/",
      "y=2026/m=05/d=05/h=00/",
      "y=2026/m=05/d=05/h=01/",
    ]);
  });

  it("are days, months and years if all their hours are needed", () => {
    assert.deepEqual(of("2024-12-31T23", "2026-03-01T00"), [
      "y=2024/m=12/d=31/h=23/",
      "y=2025/",
      "y=2026/m=01/",
      "y=2026/m=02/",
      "y=2026/m=03/d=01/h=00/",
    ]);
  });

  it("are everything if the range has no beginning", () => {
    assert.deepEqual(prefixesOf({ first: undefined, last: hour("2026-03-01T00") }), [""]);
  });

  it("hold every hour of any range once, and no other hour", () => {
    const anyHour = fc.integer({ min: hour("2019-12-25T00"), max: hour("2028-03-05T00") });
    fc.assert(
      fc.property(anyHour, fc.integer({ min: 0, max: 24 * 800 }), anyHour, (first, length, other) => {
        const last = first + length;
        const prefixes = prefixesOf({ first, last });
        assert.ok(prefixes.length <= 2 * (23 + 30 + 11) + 3, `${prefixes.length} listings`);
        for (const one of [first, last, first - 1, last + 1, other, Math.floor((first + last) / 2)]) {
          const [year = "", month = "", day = "", hours = ""] = new Date(one * hourMs).toISOString().split(/[-T:]/);
          const name = `y=${year}/m=${month}/d=${day}/h=${hours}/m=00/PT1H.json`;
          const holding = prefixes.filter((prefix) => name.startsWith(prefix));
          assert.equal(holding.length, one >= first && one <= last ? 1 : 0, name);
          assert.equal(hourOfName(name), one);
        }
      }),
    );
  });
});

describe("a blob's hour", () => {
  it("is read without regard to case", () => {
    assert.equal(hourOfName("Y=2026/M=05/D=04/H=10/M=00/PT1H.JSON"), hour("2026-05-04T10"));
  });

  it("is unknown if the name has none", () => {
    for (const name of ["", "y=2026/m=05/d=04/PT1H.json", "y=2026/m=13/d=40/h=77/m=00/PT1H.json", "x"]) {
      assert.equal(hourOfName(name), undefined, name);
    }
  });
});
