import assert from "node:assert/strict";
import { azureTime } from "../../../cli/azure/azureTime.ts";
import { retryDelay } from "../../../cli/azure/retries.ts";

const now = new Date("2026-05-04T10:00:00Z");
const after = (value: string) => new Headers({ "Retry-After": value });

describe("the wait before a request is sent again", () => {
  it("doubles, spreads between half and all of it, and stays under 30 seconds", () => {
    const delays = (random: number) =>
      [1, 2, 3, 7, 20].map((attempt) => retryDelay(attempt, undefined, now, () => random));
    assert.deepEqual(delays(0), [250, 500, 1000, 15_000, 15_000]);
    assert.deepEqual(delays(1), [500, 1000, 2000, 30_000, 30_000]);
  });

  it("is what Azure asks for, in seconds or until a date", () => {
    assert.equal(retryDelay(1, after("17"), now), 17_000);
    assert.equal(retryDelay(1, after("Mon, 04 May 2026 10:00:40 GMT"), now), 40_000);
    assert.equal(retryDelay(1, after("Mon, 04 May 2026 09:00:00 GMT"), now), 0);
  });

  it("is not worth it where Azure asks for more than two minutes", () => {
    assert.equal(retryDelay(1, after("120"), now), 120_000);
    assert.equal(retryDelay(1, after("121"), now), undefined);
  });
});

describe("the difference to Azure's clock", () => {
  it("counts from two seconds, and stays where an answer has no time", () => {
    const local = Date.parse("2026-05-04T10:00:00.900Z");
    assert.equal(azureTime("Mon, 04 May 2026 10:00:00 GMT", 5, local), 0);
    assert.equal(azureTime("Mon, 04 May 2026 11:00:00 GMT", 0, local), 3_599_100);
    assert.equal(azureTime(null, 7, local), 7);
  });
});
