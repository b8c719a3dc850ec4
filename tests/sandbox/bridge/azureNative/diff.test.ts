import assert from "node:assert/strict";
import { diffInputs, refreshedInputs } from "../../../../sandbox/bridge/azureNative/diff.ts";

const forceNew = new Set(["resourceGroupName", "location", "sku"]);
const diff = (before: object, after: object, state: object = {}) =>
  diffInputs({ ...before }, { ...after }, state as never, forceNew);

describe("The diff of inputs", () => {
  it("is empty for equal inputs, whatever azure-native notes for itself", () => {
    const inputs = { tags: { a: "b" }, zones: ["1"] };
    assert.deepEqual(diff({ ...inputs, __createBeforeDelete: true }, inputs), { changes: {}, replaces: [] });
  });

  it("takes a secret that the engine hid for what the program says", () => {
    assert.deepEqual(diff({ sku: { key: "[secret]" } }, { sku: { key: "abc" } }), { changes: {}, replaces: [] });
    assert.deepEqual(diff({ sku: { key: "[secret]" } }, { sku: {} }).replaces, ["sku.key"]);
  });

  it("names each changed member by its path", () => {
    const before = { tags: { a: "1", b: "2" }, rules: [{ port: 22 }, { port: 80 }], note: "x" };
    const after = { tags: { a: "1", c: "3" }, rules: [{ port: 23 }], other: 1 };
    assert.deepEqual(diff(before, after), {
      changes: {
        "tags.b": { kind: "delete", replace: false },
        "tags.c": { kind: "add", replace: false },
        "rules[0].port": { kind: "update", replace: false },
        "rules[1]": { kind: "delete", replace: false },
        note: { kind: "delete", replace: false },
        other: { kind: "add", replace: false },
      },
      replaces: [],
    });
  });

  it("replaces for a member of the path, and for any part of an object that forces it", () => {
    assert.deepEqual(
      diff({ location: "westeurope", sku: { name: "Basic" } }, { location: "eastus", sku: { name: "Standard" } }),
      {
        changes: { location: { kind: "update", replace: true }, "sku.name": { kind: "update", replace: true } },
        replaces: ["location", "sku.name"],
      },
    );
  });

  it("leaves out what ignoreChanges names, and all below it", () => {
    const ignoring = (...paths: string[]) =>
      diffInputs(
        { rules: [{ port: 22, note: "a" }], requests: [{ user: "ada" }], requested: 1 },
        { rules: [{ port: 23, note: "b" }], requested: 2 },
        {},
        forceNew,
        paths,
      );
    assert.deepEqual(Object.keys(ignoring().changes), ["rules[0].port", "rules[0].note", "requests", "requested"]);
    assert.deepEqual(Object.keys(ignoring("requests", "rules[*].port").changes), ["rules[0].note", "requested"]);
    assert.deepEqual(Object.keys(ignoring("rules").changes), ["requests", "requested"]);
  });

  it("does not replace where a newly set member is what Azure has already", () => {
    const state = { location: "westeurope" };
    assert.deepEqual(diff({}, { location: "westeurope" }, state), {
      changes: { location: { kind: "add", replace: false } },
      replaces: [],
    });
  });

  it("takes regions, resource group names and ARM ids as Azure does: regardless of case", () => {
    const id = "/subscriptions/s/resourceGroups/RG/providers/Microsoft.Network/virtualNetworks/V";
    const before = { location: "West Europe", resourceGroupName: "RG", subnet: { id } };
    const after = { location: "westeurope", resourceGroupName: "rg", subnet: { id: id.toLowerCase() } };
    assert.deepEqual(diff(before, after), { changes: {}, replaces: [] });
    assert.deepEqual(diff({ name: "A" }, { name: "a" }).changes, { name: { kind: "update", replace: false } });
  });
});

describe("The inputs after a refresh", () => {
  it("take over only what changed between the outputs before and now", () => {
    const inputs = { size: "small", disk: { type: "SSD" }, rules: [{ port: 22 }] };
    const before = {
      size: "small",
      disk: { type: "SSD", gib: 30 },
      rules: [{ port: 22, id: "1" }],
      chosen: "x",
      gone: 1,
    };
    const now = {
      size: "large",
      disk: { type: "SSD", gib: 64 },
      rules: [
        { port: 22, id: "1" },
        { port: 80, id: "2" },
      ],
      chosen: "x",
      added: true,
    };
    assert.deepEqual(refreshedInputs(inputs, before, now), {
      size: "large",
      disk: { type: "SSD", gib: 64 },
      rules: [{ port: 22 }, { port: 80, id: "2" }],
      added: true,
    });
  });
});
