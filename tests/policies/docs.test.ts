import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { policies } from "../../policies/pack.ts";

describe("docs/policies.md", () => {
  it("lists every policy with its parameters and their defaults", () => {
    const text = readFileSync(join(import.meta.dirname, "../../docs/policies.md"), "utf8");
    const listed = [...text.matchAll(/^\| `([\w-]+)` +\|[^|]+\|([^|]*)\|$/gm)].map(([, name, parameters = ""]) => ({
      name,
      defaults: Object.fromEntries(
        [...parameters.matchAll(/`(\w+)` \(([^)]*)\)/g)].map(([, key = "", value = ""]) => [key, JSON.parse(value)]),
      ),
    }));
    assert.deepEqual(
      listed,
      policies.map(({ name, configSchema }) => ({
        name,
        defaults: Object.fromEntries(
          Object.entries(configSchema?.properties ?? {}).map(([key, { default: value }]) => [key, value]),
        ),
      })),
    );
  });
});
