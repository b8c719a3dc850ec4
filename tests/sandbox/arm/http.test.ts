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
