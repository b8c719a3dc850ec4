import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { templateFiles } from "../tools/templateFiles.ts";

const root = join(import.meta.dirname, "..");

describe("the template of `pulumi new`", () => {
  for (const { path, written } of templateFiles) {
    it(`has what \`init\` writes; write it with \`npm run template\`: ${relative(root, path)}`, async () => {
      assert.equal(readFileSync(path, "utf8"), await written(""));
    });
  }

  it("has nothing else", () => {
    const files = readdirSync(join(root, "template"), { recursive: true, withFileTypes: true });
    assert.deepEqual(
      files
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name))
        .sort(),
      templateFiles.map(({ path }) => path).sort(),
    );
  });
});
