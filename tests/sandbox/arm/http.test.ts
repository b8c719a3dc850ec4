import assert from "node:assert/strict";
import { startContoso, type Put } from "./contoso.ts";
import type { TestPlane } from "./plane.ts";

describe("the path of a request", () => {
  let plane: TestPlane;
  let shelves: string;
  let put: Put;
  before(async () => {
    ({ plane, shelves, put } = await startContoso());
  });
  after(() => plane.remove());

  it("may begin with two slashes, as the Azure SDKs make it of an address and an id", async () => {
    await put(`${shelves}/http`);
    const { status, body } = await plane.send("GET", `/${shelves}/http`);
    assert.deepEqual([status, body.name], [200, "http"]);
  });
});

describe("an answer's Date header", () => {
  let plane: TestPlane;
  let shelves: string;
  before(async () => {
    ({ plane, shelves } = await startContoso());
  });
  after(() => plane.remove());

  it("is the time of the sandbox clock", async () => {
    await plane.clock.advance(3 * 3_600_000);
    const { headers } = await plane.send("GET", shelves);
    const behind = plane.clock.now().getTime() - Date.parse(headers.date ?? "");
    assert.ok(behind >= 0 && behind < 5000, headers.date);
  });
});
