import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { roles } from "../../core/roles/index.ts";
import { roleFiles } from "../../tools/roleFiles.ts";

describe("the role files", () => {
  for (const { path, written } of roleFiles) {
    it(`are what the roles give; write them with \`npm run roles\`: ${basename(path)}`, async () => {
      const text = readFileSync(path, "utf8");
      assert.equal(await written(text), text);
    });
  }

  it("name each action once", () => {
    for (const { name, actions } of Object.values(roles)) {
      assert.deepEqual(actions.length, new Set(actions.map((action) => action.toLowerCase())).size, name);
    }
  });
});
