import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { modelFiles, modelFolder } from "../../tools/writeModels.ts";
import { skip } from "../skip.ts";
import { missing } from "./install.ts";

describe("the models of the local Azure", () => {
  it("are what Microsoft's packages say; otherwise: npm run models", async function () {
    if (missing !== undefined) skip(this, missing);
    const files = await modelFiles();
    assert.deepEqual(readdirSync(modelFolder).sort(), [...files.keys()].sort());
    for (const [name, text] of files) assert.equal(readFileSync(join(modelFolder, name), "utf8"), text, name);
  });
});
