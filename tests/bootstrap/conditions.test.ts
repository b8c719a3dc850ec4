import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { onlyBlobWriters } from "../../bootstrap/conditions.ts";

describe("the condition of the deployer's role", () => {
  it("is the one that docs/ci.md gives for an assignment of one's own", () => {
    assert.ok(readFileSync("docs/ci.md", "utf8").includes(`"${onlyBlobWriters}"`));
  });
});
