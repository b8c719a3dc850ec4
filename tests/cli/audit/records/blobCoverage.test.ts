import assert from "node:assert/strict";
import { blobCoverage, noBlobs } from "../../../../cli/audit/records/blobCoverage.ts";

describe("the hours of a range without a blob", () => {
  const now = new Date("2026-05-04T20:15:00Z");
  const blob = (hour: string, host = "TRAIL") => {
    const [, y, m, d, h] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d)$/.exec(hour)!;
    return { name: `resourceId=/${host}/y=${y}/m=${m}/d=${d}/h=${h}/m=00/PT1H.json`, bytes: 1, sha256: "00" };
  };
  /** Ranges as `10-12`: from 10:00 to 12:00 of May 4, or with the day before. */
  const missing = (hours: readonly (string | ReturnType<typeof blob>)[], from?: string, to?: string): string[] => {
    const range = { from: from === undefined ? from : new Date(from), to: to === undefined ? to : new Date(to) };
    const blobs = hours.map((one) => (typeof one === "string" ? blob(one) : one));
    return blobCoverage(blobs, range, now).hoursWithoutBlob!.map((one) =>
      [one.from, one.to].map((time) => time.replace(/^2026-05-(..)T(..):00:00.000Z$/, "$1:$2")).join("-"),
    );
  };

  it("are ranges: before the first blob, between blobs, after the last", () => {
    const hours = ["2026-05-04T11", "2026-05-04T12", "2026-05-04T15"];
    assert.deepEqual(missing(hours, "2026-05-03T23:30Z", "2026-05-04T18:00Z"), [
      "03:23-04:11",
      "04:13-04:15",
      "04:16-04:18",
    ]);
  });

  it("are none if each hour of the range has a blob, of any host", () => {
    const hours = [blob("2026-05-04T11", "OTHER"), "2026-05-04T10", "2026-05-04T11"];
    assert.deepEqual(missing(hours, "2026-05-04T10:59Z", "2026-05-04T11:00:00.001Z"), []);
  });

  it("are all hours without a blob; blobs outside the range do not count", () => {
    assert.deepEqual(missing([], "2026-05-04T10:00Z", "2026-05-04T12:00Z"), ["04:10-04:12"]);
    const around = ["2026-05-04T09", "2026-05-04T12", "2026-05-04T17"];
    assert.deepEqual(missing(around, "2026-05-04T10:00Z", "2026-05-04T12:00Z"), ["04:10-04:12"]);
  });

  it("end with the present hour, and begin with the first blob if the range has no beginning", () => {
    assert.deepEqual(missing(["2026-05-04T17"], undefined, "2026-05-09T00:00Z"), ["04:18-04:21"]);
    assert.deepEqual(missing(["2026-05-04T20"], undefined), []);
    assert.deepEqual(missing([], undefined), []);
    assert.deepEqual(missing([], "2026-05-04T21:00Z"), []);
  });

  it("are unknown for a source that is not an archive", () => {
    assert.deepEqual(blobCoverage(null, {}, now), noBlobs);
  });
});
