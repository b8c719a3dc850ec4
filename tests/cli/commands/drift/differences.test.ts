import assert from "node:assert/strict";
import { differences } from "../../../../cli/commands/drift/differences.ts";
import type { Inputs } from "../../../../cli/commands/drift/refreshPreview.ts";

const between = (deployed: Inputs, now: Inputs, names = Object.keys({ ...deployed, ...now })) =>
  names
    .flatMap((name) => differences(deployed[name], now[name], name))
    .map(({ property, deployed: old, now: is }) => [property, old, is]);

describe("the differences between inputs", () => {
  it("are single values, as deep as both sides have the same shape", () => {
    assert.deepEqual(
      between(
        { sku: { name: "Basic", tier: "R" }, size: 1, on: true },
        { sku: { name: "Standard", tier: "R" }, size: "1" },
      ),
      [
        ["sku.name", "Basic", "Standard"],
        ["size", 1, "1"],
        ["on", true, undefined],
      ],
    );
    assert.deepEqual(between({ sku: { name: "Basic" } }, { sku: ["Basic"] }), [["sku", { name: "Basic" }, ["Basic"]]]);
    assert.deepEqual(between({}, { tags: { a: "1" } }), [["tags", undefined, { a: "1" }]]);
  });

  it("name keys that are not words in brackets", () => {
    const now = { tags: { "cost center": "43", owner: "eve", "a.b": "x" } };
    assert.deepEqual(between({ tags: { "cost center": "42", owner: "ada" } }, now), [
      ['tags["cost center"]', "42", "43"],
      ["tags.owner", "ada", "eve"],
      ['tags["a.b"]', undefined, "x"],
    ]);
  });

  it("match elements of a list by their names, whatever their order", () => {
    const [web, ssh, new_] = [
      { name: "web", port: 80 },
      { name: "ssh", port: 22 },
      { name: "new", port: 443 },
    ];
    assert.deepEqual(between({ rules: [web, ssh] }, { rules: [new_, { ...ssh, port: 2222 }, web] }), [
      ["rules[ssh].port", 22, 2222],
      ["rules[new]", undefined, new_],
    ]);
  });

  it("match elements by index where some have no name, or the same one", () => {
    assert.deepEqual(between({ zones: ["1", "2"] }, { zones: ["2"] }), [
      ["zones[0]", "1", "2"],
      ["zones[1]", "2", undefined],
    ]);
    const twice = [
      { name: "a", port: 1 },
      { name: "a", port: 2 },
    ];
    assert.deepEqual(between({ rules: twice }, { rules: twice.toReversed() }), [
      ["rules[0].port", 1, 2],
      ["rules[1].port", 2, 1],
    ]);
  });

  it("are looked for in the named inputs only", () => {
    assert.deepEqual(between({ a: 1, b: 1 }, { a: 2, b: 2 }, ["b"]), [["b", 1, 2]]);
  });
});
