import assert from "node:assert/strict";
import { durationText, formatDuration, formatTime, parseDuration, parseMoment } from "../../cli/time.ts";

describe("a length of time", () => {
  for (const [text, milliseconds] of [
    ["45s", 45_000],
    ["90m", 5_400_000],
    ["24h", 86_400_000],
    ["7d", 604_800_000],
    ["2w", 1_209_600_000],
    ["1h30m", 5_400_000],
    [" 1D12H ", 129_600_000],
  ] as const) {
    it(`${JSON.stringify(text)} is ${milliseconds} ms`, () => {
      assert.equal(parseDuration(text), milliseconds);
    });
  }

  for (const text of ["", "24", "h", "-1h", "1.5h", "1h 30m", "0m", "PT1H", "99999999999999999w"]) {
    it(`${JSON.stringify(text)} is none`, () => {
      assert.equal(parseDuration(text), undefined);
    });
  }

  it("is written as it is read", () => {
    assert.deepEqual(
      ["30s", "90m", "2h", "24h"].map((text) => durationText(Number(parseDuration(text)))),
      ["30s", "90m", "2h", "24h"],
    );
  });

  it("is shown in its two largest units", () => {
    assert.deepEqual([0, 45.4, 725, 11_220, 187_200].map(formatDuration), ["0s", "45s", "12m 05s", "3h 07m", "2d 04h"]);
  });
});

describe("a moment", () => {
  for (const [text, iso] of [
    ["2026-05-04", "2026-05-04T00:00:00.000Z"],
    ["2026-05-04T10:00", "2026-05-04T10:00:00.000Z"],
    ["2026-05-04 10:00:30", "2026-05-04T10:00:30.000Z"],
    ["2026-05-04T10:00:30.5Z", "2026-05-04T10:00:30.500Z"],
    ["2026-05-04T10:00z", "2026-05-04T10:00:00.000Z"],
    ["2026-05-04T12:00+02:00", "2026-05-04T10:00:00.000Z"],
    ["2026-05-04T12:00+0200", "2026-05-04T10:00:00.000Z"],
  ] as const) {
    it(`${text} is ${iso}, whatever the machine's time zone`, () => {
      assert.equal(parseMoment(text)?.toISOString(), iso);
    });
  }

  for (const text of ["", "yesterday", "2026-06-31", "2026-13-01", "2026-05-04T25:00", "04.05.2026", "1777888800"]) {
    it(`${JSON.stringify(text)} is none`, () => {
      assert.equal(parseMoment(text), undefined);
    });
  }

  it("is shown in UTC, and says so", () => {
    assert.equal(formatTime("2026-05-04T10:00:00.123Z"), "2026-05-04 10:00:00Z");
  });

  describe("in the local time zone", () => {
    const before = process.env.TZ;
    afterEach(() => {
      if (before === undefined) {
        delete process.env.TZ;
      } else {
        process.env.TZ = before;
      }
    });

    for (const [zone, shown] of [
      ["Europe/Berlin", "2026-05-04 12:00:00+02:00"],
      ["America/St_Johns", "2026-05-04 07:30:00-02:30"],
      ["UTC", "2026-05-04 10:00:00+00:00"],
    ] as const) {
      it(`is shown with its offset: ${zone}`, () => {
        process.env.TZ = zone;
        assert.equal(formatTime("2026-05-04T10:00:00Z", { local: true }), shown);
      });
    }
  });

  it("is shown as it is where it is none", () => {
    assert.equal(formatTime("soon"), "soon");
  });
});
