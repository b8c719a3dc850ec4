import assert from "node:assert/strict";
import fc from "fast-check";
import type { Page } from "../../../../../cli/audit/kql/auditRecords.ts";
import type { RunQuery } from "../../../../../cli/audit/sources/workspace/logsClient.ts";
import { readPages, type Row } from "../../../../../cli/audit/sources/workspace/pages.ts";

const range = { start: new Date(0), end: new Date(1_000_000) };

/** What the service says of a result beyond its limits. */
const tooLarge = {
  code: "PartialError",
  message: "There were some errors when processing your query.",
  details: [
    {
      code: "EngineError",
      message: "Something went wrong.",
      innererror: { code: "-2133196797", message: "Too large." },
    },
  ],
};

/** A workspace with a row at each of these milliseconds, which answers no more than `limit` rows, and the pages asked of it. */
function workspace(
  times: readonly number[],
  limit = Infinity,
): { run: RunQuery; asked: Page[]; kql: (page: Page) => string } {
  const rows = times.map((time, id) => ({ time, id })).sort((a, b) => a.time - b.time);
  const asked: Page[] = [];
  const run: RunQuery = (kql) => {
    const { start, rows: most } = JSON.parse(kql) as { start: number; rows: number };
    const page = rows.filter(({ time }) => time >= start).slice(0, most);
    if (page.length > limit) return Promise.resolve({ complete: false, error: tooLarge, rows: limit });
    const columnDescriptors = [
      { name: "TimeGenerated", type: "datetime" as const },
      { name: "Id", type: "int" as const },
    ];
    const cells = page.map(({ time, id }) => [new Date(time), id]);
    return Promise.resolve({ complete: true, table: { name: "PrimaryResult", columnDescriptors, rows: cells } });
  };
  const kql = (page: Page): string => {
    asked.push(page);
    return JSON.stringify({ start: page.start.getTime(), rows: page.rows });
  };
  return { run, asked, kql };
}

async function idsOf(rows: AsyncIterable<Row>): Promise<number[]> {
  return (await Array.fromAsync(rows)).map(({ Id }) => Number(Id));
}

describe("the pages of a query", () => {
  it("hold every row once, in the order of time, however many share an instant", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 12 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 12 }),
        fc.option(fc.integer({ min: 60, max: 80 })),
        async (times, pageRows, limit) => {
          const { run, kql } = workspace(times, limit ?? Infinity);
          const ids = await idsOf(readPages(run, { range, kql, pageRows, customerId: "w" }));
          assert.deepEqual(
            ids.toSorted((a, b) => a - b),
            times.map((_, id) => id),
          );
          const order = ids.map((id) => times[id]!);
          assert.deepEqual(
            order,
            order.toSorted((a, b) => a - b),
          );
        },
      ),
    );
  });

  it("begin where the previous one ended", async () => {
    const { run, asked, kql } = workspace([1, 2, 3, 3, 4, 5, 6]);
    await idsOf(readPages(run, { range, kql, pageRows: 3, customerId: "w" }));
    assert.deepEqual(
      asked.map(({ start }) => start.getTime()),
      [0, 3, 4, 6],
    );
  });

  it("are asked for again, no longer than the part that the service answered and at most half as long", async () => {
    const { run, asked, kql } = workspace([1, 2, 3, 4, 5, 6, 7, 8], 3);
    assert.deepEqual(
      await idsOf(readPages(run, { range, kql, pageRows: 8, customerId: "w" })),
      [0, 1, 2, 3, 4, 5, 6, 7],
    );
    assert.deepEqual(
      asked.slice(0, 3).map(({ rows }) => rows),
      [8, 3, 3],
    );
  });

  it("are requested only as far as they are read", async () => {
    const { run, asked, kql } = workspace(Array.from({ length: 1000 }, (_, time) => time));
    for await (const row of readPages(run, { range, kql, pageRows: 10, customerId: "w" })) {
      if (row.Id === 12) break;
    }
    assert.equal(asked.length, 2);
  });

  it("hold every row of an instant that just fits into an answer", async () => {
    const { run, asked, kql } = workspace([1, 1, 1, 1, 1, 2, 3], 7);
    assert.deepEqual((await idsOf(readPages(run, { range, kql, pageRows: 12, customerId: "w" }))).length, 7);
    assert.equal(asked.length, 1);
    const small = workspace([1, 1, 1, 1, 1, 2, 3], 6);
    assert.deepEqual(
      (await idsOf(readPages(small.run, { range, kql: small.kql, pageRows: 3, customerId: "w" }))).length,
      7,
    );
    assert.deepEqual(
      small.asked.map(({ rows }) => rows),
      [3, 6, 6],
    );
  });

  // [rows at each instant, rows in an answer at most, sizes that are asked for]
  for (const [times, limit, sizes] of [
    [[1, 2], 1, [20_000, 1, 2]],
    [[1, 1, 1, 1, 1], 4, [20_000, 4, 8, 5]],
    [[1, 1, 1, 2, 2, 2, 2, 2], 4, [20_000, 4, 4, 8, 5]],
  ] as const) {
    it(`end with the service's error where ${times.join(" ")} come ${limit} at a time: no page holds a whole instant`, async () => {
      const { run, asked, kql } = workspace(times, limit);
      await assert.rejects(idsOf(readPages(run, { range, kql, pageRows: 20_000, customerId: "w" })), {
        code: "PartialError",
        message: "The workspace w answers only a part of the records: Too large.",
      });
      assert.deepEqual(
        asked.map(({ rows }) => rows),
        sizes,
      );
    });
  }

  it("end after a few queries, whatever part the service returns", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 5 }), { maxLength: 40 }), fc.nat({ max: 30 }), async (times, limit) => {
        const { run, asked, kql } = workspace(times, limit);
        const read = idsOf(readPages(run, { range, kql, pageRows: 20_000, customerId: "w" }));
        const ids = await read.catch((error: unknown) => {
          assert.equal((error as { code?: string }).code, "PartialError");
          return undefined;
        });
        if (ids !== undefined) assert.equal(ids.length, times.length);
        assert.ok(asked.length <= 4 * (new Set(times).size + 2), String(asked.length));
      }),
    );
  });

  it("fail if not even a single row is returned in full", async () => {
    const { run, kql } = workspace([1, 2], 0);
    await assert.rejects(idsOf(readPages(run, { range, kql, pageRows: 2, customerId: "w" })), {
      name: "WorkspaceQueryError",
      code: "PartialError",
      message: "The workspace w answers only a part of the records: Too large.",
      nextStep: "Try again later or with a shorter time range, or read the archive instead.",
    });
  });

  it("fail where a part of the data is away for another reason, because nobody can tell what is missing", async () => {
    const error = { code: "PartialError", message: "Some shards are not available." };
    const run: RunQuery = () => Promise.resolve({ complete: false, error, rows: 50 });
    await assert.rejects(idsOf(readPages(run, { range, kql: () => "", pageRows: 100, customerId: "w" })), {
      message: "The workspace w answers only a part of the records: Some shards are not available.",
    });
  });
});
