import assert from "node:assert/strict";
import { azureTime } from "../../../cli/azure/azureTime.ts";
import { isPassing, retryDelay } from "../../../cli/azure/retries.ts";

describe("a failure that may pass", () => {
  it("is a time-out, throttling or an error of the service", () => {
    const statuses = [400, 401, 403, 404, 408, 409, 429, 500, 501, 502, 503, 504, 505];
    assert.deepEqual(
      statuses.filter((status) => isPassing({ status })),
      [408, 429, 500, 502, 503, 504],
    );
  });

  it("is a broken connection, and not a wrong name or certificate", () => {
    const codes = ["ECONNRESET", "ECONNREFUSED", "EAI_AGAIN", "ENOTFOUND", "SELF_SIGNED_CERT_IN_CHAIN", undefined];
    assert.deepEqual(
      codes.filter((code) => isPassing({ code })),
      ["ECONNRESET", "ECONNREFUSED", "EAI_AGAIN"],
    );
  });
});

describe("the wait before a request is sent again", () => {
  const now = new Date("2026-05-04T10:00:00Z");
  const after = (retryAfter: string) => retryDelay(1, { retryAfter, now });

  it("doubles, spreads between half and all of it, and stays under 30 seconds", () => {
    const delays = (random: number) =>
      [1, 2, 3, 7, 20].map((attempt) => retryDelay(attempt, { now, random: () => random }));
    assert.deepEqual(delays(0), [250, 500, 1000, 15_000, 15_000]);
    assert.deepEqual(delays(1), [500, 1000, 2000, 30_000, 30_000]);
  });

  it("is what Azure asks for, in seconds or until a date", () => {
    assert.equal(after("17"), 17_000);
    assert.equal(after("Mon, 04 May 2026 10:00:40 GMT"), 40_000);
    assert.equal(after("Mon, 04 May 2026 09:00:00 GMT"), 0);
  });

  it("is too long if Azure asks for more than two minutes", () => {
    assert.equal(after("120"), 120_000);
    assert.equal(after("121"), undefined);
  });
});

describe("the difference to Azure's clock", () => {
  it("counts from two seconds, and is kept if a response has no time", () => {
    const local = Date.parse("2026-05-04T10:00:00.900Z");
    assert.equal(azureTime("Mon, 04 May 2026 10:00:00 GMT", 5, local), 0);
    assert.equal(azureTime("Mon, 04 May 2026 11:00:00 GMT", 0, local), 3_599_100);
    assert.equal(azureTime(null, 7, local), 7);
    // Half a second later, the header still has the same second: the time must not go back.
    assert.equal(azureTime("Mon, 04 May 2026 11:00:00 GMT", 3_599_100, local + 500), 3_599_100);
    assert.equal(azureTime("Mon, 04 May 2026 11:00:10 GMT", 3_599_100, local), 3_609_100);
  });
});
