import assert from "node:assert/strict";
import { publishedManifest } from "../../../tools/packaging/manifest.ts";

describe("a published manifest", () => {
  it("leads to the compiled files where the clone's leads to TypeScript, and runs nothing on installation", () => {
    const published = publishedManifest({
      name: "one",
      version: "1.0.0",
      main: "plugin.js",
      exports: { ".": "./index.ts", "./*": "./*.ts", "./package.json": "./package.json" },
      scripts: { prepack: "x" },
    });
    assert.deepEqual(JSON.parse(JSON.stringify(published)), {
      name: "one",
      version: "1.0.0",
      main: "./dist/index.js",
      types: "./dist/index.d.ts",
      exports: {
        ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
        "./*": { types: "./dist/*.d.ts", default: "./dist/*.js" },
        "./package.json": "./package.json",
      },
    });
  });
});
