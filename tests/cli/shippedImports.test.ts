import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

describe("what the package ships", () => {
  it("imports nothing but what is installed with it", () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    const files = globSync("{cli,audit,azure,links,components}/**/*.ts", { cwd: root });
    assert.ok(files.length > 50);
    const missing = files.flatMap((file) => {
      const source = readFileSync(join(root, file), "utf8");
      const named = [...source.matchAll(/(?:\bfrom |\bimport\(|^import )"((?:@[^/"]+\/)?[^./"][^/"]*)[^"]*"/gm)];
      const packages = named.map(([, name = ""]) => name);
      return packages
        .filter((name) => !name.startsWith("node:") && !builtinModules.includes(name) && !(name in dependencies))
        .map((name) => `${file}: ${name}`);
    });
    assert.deepEqual(missing, []);
  });
});
