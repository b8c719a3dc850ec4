import assert from "node:assert/strict";
import { UserError } from "../../../../cli/errors.ts";
import { oneTunnel } from "../../../../cli/commands/logs/oneTunnel.ts";

interface Row {
  tunnelId: string | null;
  n: number;
}

/** The rows' numbers. */
async function meant(typed: string | undefined, ...ids: (string | null)[]): Promise<number[]> {
  const rows = (async function* (): AsyncGenerator<Row> {
    for (const [n, tunnelId] of ids.entries()) yield await Promise.resolve({ tunnelId, n });
  })();
  const found: number[] = [];
  for await (const { n } of oneTunnel(rows, typed)) found.push(n);
  return found;
}

describe("the tunnel that is meant by an id or its beginning", () => {
  it("is that of all rows, in whatever case", async () => {
    assert.deepEqual(await meant("2f1a", "2f1a7a4e", "2F1A7A4E", "2f1a7a4e"), [0, 1, 2]);
  });

  it("is the one that is typed in full, also if others begin with it", async () => {
    assert.deepEqual(await meant("T-1", "t-10", "t-1", "t-11", "t-1"), [1, 3]);
  });

  it("is none where there are no rows", async () => {
    assert.deepEqual(await meant("2f1a"), []);
  });

  it("is any where nothing is typed", async () => {
    assert.deepEqual(await meant(undefined, "a", null, "b"), [0, 1, 2]);
  });

  it("must be one, else the candidates are named", async () => {
    await assert.rejects(
      meant("2f1a", "2f1a7a4e", "2f1a9999", "2F1A7A4E"),
      new UserError("'2f1a' matches several tunnel ids: 2f1a7a4e, 2f1a9999.", "Type more of the id."),
    );
  });

  it("is not looked for without end: of many candidates the first are named", async () => {
    const ids = Array.from({ length: 5000 }, (_, n) => `t-${String(n).padStart(4, "0")}`);
    await assert.rejects(meant("t-", ...ids), {
      message: /^'t-' matches several tunnel ids: t-0000, .*, t-0009 and 1 more\.$/,
    });
  });
});
