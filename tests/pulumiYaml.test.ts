import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parse } from "yaml";
import type { Key } from "../program/config/keys.ts";
import { configFiles } from "../tools/configFiles.ts";
import { configOf } from "./stackConfig.ts";

describe("Pulumi.yaml", () => {
  interface Declaration {
    readonly type?: string;
    readonly description: string;
    readonly default: unknown;
  }
  const project = parse(readFileSync(new URL("../Pulumi.yaml", import.meta.url), "utf8")) as {
    readonly name: string;
    readonly config: Readonly<Record<Key, Declaration>>;
  };

  for (const { path, written } of configFiles) {
    it(`says what the table of config keys says, and so does the documentation; write them with \`npm run config\`: ${basename(path)}`, async () => {
      const text = readFileSync(path, "utf8");
      assert.equal(await written(text), text);
    });
  }

  it("describes every key in a sentence", () => {
    for (const [key, { description }] of Object.entries(project.config)) {
      assert.match(description, /^[A-Z].{15,}[.]/s, key);
    }
  });

  it("leaves all checks to the program: the engine would stop at the first value of another type, or at a missing key", () => {
    for (const [key, declaration] of Object.entries(project.config)) {
      assert.equal(declaration.type, undefined, key);
      assert.notEqual(declaration.default, undefined, key);
    }
  });

  for (const stack of ["dev", "sandbox"]) {
    it(`goes with Pulumi.${stack}.yaml, which passes`, () => {
      const file = parse(readFileSync(new URL(`../Pulumi.${stack}.yaml`, import.meta.url), "utf8")) as {
        readonly config: Readonly<Record<string, unknown>>;
      };
      const values = Object.fromEntries(
        Object.entries(file.config).map(([key, value]) => [key.replace(`${project.name}:`, ""), value]),
      );
      assert.equal(configOf(values, stack).location, "westeurope");
    });
  }

  it("lets a stack of five keys or fewer work", () => {
    const { config } = parse(readFileSync(new URL("../Pulumi.dev.yaml", import.meta.url), "utf8")) as {
      readonly config: Readonly<Record<string, unknown>>;
    };
    assert.ok(Object.keys(config).length <= 5);
  });
});
