import assert from "node:assert/strict";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import { unknown } from "../../../sandbox/bridge/protocol.ts";
import { randomPlugin } from "../../../sandbox/bridge/random.ts";
import { text } from "./fakeArm.ts";

const plugin = randomPlugin();
const context = { signal: new AbortController().signal, warn: () => undefined };
const urn = (type: string): string =>
  `urn:pulumi:dev::p::random:index/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}::x`;

async function check(type: string, news: JsonObject): Promise<{ inputs: JsonObject; reasons: string[] }> {
  const query = { urn: urn(type), olds: {}, news, randomSeed: new Uint8Array(), autonaming: undefined, config: {} };
  const { inputs, failures } = await plugin.check(query);
  return { inputs, reasons: failures.map(({ reason }) => reason) };
}

async function draw(type: string, news: JsonObject): Promise<{ id: string; state: JsonObject }> {
  const { inputs, reasons } = await check(type, news);
  assert.deepEqual(reasons, []);
  return await plugin.create({ urn: urn(type), inputs, preview: false }, context);
}

describe("The random plugin", () => {
  it("draws passwords of the length and the characters asked for, and another one each time", async () => {
    const wanted = { length: 20, minLower: 2, minUpper: 3, minNumeric: 4, minSpecial: 5, overrideSpecial: "#" };
    const seen = new Set<string>();
    for (let round = 0; round < 50; round += 1) {
      const { id, state } = await draw("RandomPassword", wanted);
      const result = text(state, "result");
      assert.equal(id, "none");
      assert.match(result, /^[a-zA-Z0-9#]{20}$/);
      for (const [pattern, fewest] of [
        [/[a-z]/g, 2],
        [/[A-Z]/g, 3],
        [/[0-9]/g, 4],
        [/#/g, 5],
      ] as const) {
        assert.ok((result.match(pattern) ?? []).length >= fewest, result);
      }
      seen.add(result);
    }
    assert.equal(seen.size, 50);
  });

  it("draws strings of the wanted classes only", async () => {
    const { id, state } = await draw("RandomString", { length: 12, upper: false, special: false });
    assert.match(text(state, "result"), /^[a-z0-9]{12}$/);
    assert.equal(id, state.result);
    assert.match(
      text((await draw("RandomString", { length: 40, special: false, number: false })).state, "result"),
      /^[a-zA-Z]{40}$/,
    );
  });

  it("refuses what cannot be drawn", async () => {
    assert.deepEqual((await check("RandomString", {})).reasons, ["missing required property 'length'"]);
    assert.deepEqual((await check("RandomString", { length: 3, minLower: 2, minUpper: 2 })).reasons, [
      "'length' (3) must be at least minUpper + minLower + minNumeric + minSpecial (4)",
    ]);
    assert.deepEqual(
      (await check("RandomString", { length: 3, lower: false, upper: false, numeric: false, special: false })).reasons,
      ["at least one of lower, upper, numeric and special must be true"],
    );
  });

  it("does not judge what is not known yet, and shows nothing drawn in a preview", async () => {
    const { inputs, reasons } = await check("RandomString", { length: unknown });
    assert.deepEqual(reasons, []);
    const { state } = await plugin.create({ urn: urn("RandomString"), inputs, preview: true }, context);
    assert.equal(state.result, unknown);
  });

  it("generates a new value for other keepers, and keeps the value otherwise", async () => {
    const { inputs } = await check("RandomString", { length: 8, keepers: { a: "1" } });
    const other = { ...inputs, keepers: { a: "2" } };
    const diff = (news: JsonObject) =>
      plugin.diff({ urn: urn("RandomString"), oldInputs: inputs, oldState: inputs, news });
    assert.deepEqual(diff(other).replaces, ["keepers.a"]);
    assert.deepEqual(diff({ ...inputs, keepers: { a: "1", b: "1" } }).replaces, ["keepers.b"]);
    assert.deepEqual(diff(inputs).replaces, []);
    const oldState = { ...inputs, result: "kept" };
    const read = await plugin.read({ urn: urn("RandomString"), id: "kept", oldState, oldInputs: inputs }, context);
    assert.deepEqual(read, { id: "kept", state: oldState, inputs });
  });

  it("refuses a type that it does not know", async () => {
    await assert.rejects(check("RandomShuffle", {}), {
      message:
        'The sandbox does not know the resource type "random:index/randomShuffle:RandomShuffle". ' +
        "It knows of random: RandomString, RandomPassword.",
    });
  });
});
