import assert from "node:assert/strict";
import { diffInputs, refreshedInputs } from "../../../../sandbox/bridge/azureNative/diff.ts";

const rules = {
  forceNew: new Set(["resourceGroupName", "resourceUri", "location", "sku", "disk.name"]),
  sets: { "storage.disks": ["lun"], people: ["first", "last"] },
};
const diff = (before: object, after: object, state: object = {}) =>
  diffInputs({ ...before }, { ...after }, state as never, rules);
const added = { kind: "add", replace: false } as const;
const deleted = { kind: "delete", replace: false } as const;
const updated = { kind: "update", replace: false } as const;

describe("The diff of inputs", () => {
  it("is empty for equal inputs, whatever azure-native notes for itself", () => {
    const inputs = { tags: { a: "b" }, zones: ["1"] };
    assert.deepEqual(diff({ ...inputs, __createBeforeDelete: true }, inputs), { changes: {}, replaces: [] });
  });

  it("takes a secret that the engine hid for what the program says", () => {
    assert.deepEqual(diff({ sku: { key: "[secret]" } }, { sku: { key: "abc" } }), { changes: {}, replaces: [] });
    assert.deepEqual(diff({ sku: { key: "[secret]" } }, { sku: {} }).changes, { "sku.key": deleted });
  });

  it("names each changed member by its path", () => {
    const before = { tags: { a: "1", b: "2" }, rules: [{ port: 22 }, { port: 80 }], note: "x" };
    const after = { tags: { a: "1", c: "3" }, rules: [{ port: 23 }], other: 1 };
    assert.deepEqual(diff(before, after), {
      changes: {
        "tags.b": deleted,
        "tags.c": added,
        "rules[0].port": updated,
        "rules[1]": deleted,
        note: deleted,
        other: added,
      },
      replaces: [],
    });
  });

  it("replaces for a member that forces it, and for an update within such an object", () => {
    assert.deepEqual(
      diff({ location: "westeurope", sku: { name: "Basic" } }, { location: "eastus", sku: { name: "Standard" } }),
      {
        changes: { location: { kind: "update", replace: true }, "sku.name": { kind: "update", replace: true } },
        replaces: ["location", "sku.name"],
      },
    );
  });

  it("does not replace for a member that is added to or deleted from such an object, nor for elements of a list", () => {
    assert.deepEqual(diff({ sku: { name: "Basic" } }, { sku: { name: "Basic", tier: "Regional" } }), {
      changes: { "sku.tier": added },
      replaces: [],
    });
    assert.deepEqual(diff({ sku: ["a"] }, { sku: ["b", "c"] }), {
      changes: { "sku[0]": updated, "sku[1]": added },
      replaces: [],
    });
  });

  it("replaces where a member of an object alone forces it", () => {
    assert.deepEqual(diff({ disk: { name: "a", gib: 1 } }, { disk: { name: "b", gib: 2 } }).replaces, ["disk.name"]);
    assert.deepEqual(diff({ disk: {} }, { disk: { name: "b" } }).replaces, ["disk.name"]);
  });

  it("does not replace where a newly set member is what Azure has already", () => {
    const state = { location: "westeurope" };
    assert.deepEqual(diff({}, { location: "westeurope" }, state), { changes: { location: added }, replaces: [] });
    assert.deepEqual(diff({}, { location: "eastus" }, state).replaces, ["location"]);
  });

  it("compares the resource group and the location regardless of case, at the top level only", () => {
    const before = { location: "West Europe", resourceGroupName: "RG", peer: { location: "West Europe" } };
    const after = { location: "westeurope", resourceGroupName: "rg", peer: { location: "westeurope" } };
    assert.deepEqual(diff(before, after), { changes: { "peer.location": updated }, replaces: [] });
  });

  it("compares ARM ids and names with their case", () => {
    const id = "/subscriptions/s/resourceGroups/RG/providers/Microsoft.Network/virtualNetworks/V";
    const before = { name: "A", subnet: { id } };
    const after = { name: "a", subnet: { id: id.toLowerCase() } };
    assert.deepEqual(diff(before, after), { changes: { name: updated, "subnet.id": updated }, replaces: [] });
  });

  it("replaces for an argument of the path that differs only in a slash or in case", () => {
    const replaces = (before: string, after: string) => diff({ resourceUri: before }, { resourceUri: after }).replaces;
    assert.deepEqual(replaces("subscriptions/s/a", "/subscriptions/s/a"), ["resourceUri"]);
    assert.deepEqual(replaces("/subscriptions/s/a", "/subscriptions/s/A"), ["resourceUri"]);
  });

  it("compares a list with identifiers as a set: order does not matter, and elements are matched by them", () => {
    const disks = (...list: object[]) => ({ storage: { disks: list } });
    const [data, logs] = [
      { lun: 0, gib: 64 },
      { lun: 1, gib: 32 },
    ];
    assert.deepEqual(diff(disks(data, logs), disks(logs, data)), { changes: {}, replaces: [] });
    assert.deepEqual(diff(disks(data, logs), disks({ lun: 1, gib: 128 }, data)).changes, {
      "storage.disks[0].gib": updated,
    });
    assert.deepEqual(diff(disks(data, logs), disks(logs, { lun: 2, gib: 64 })).changes, {
      "storage.disks[1]": added,
      "storage.disks[0]": deleted,
    });
  });

  it("matches by all identifying members together", () => {
    const [ada, eve] = [
      { first: "Ada", last: "L", age: 1 },
      { first: "Eve", last: "L", age: 2 },
    ];
    assert.deepEqual(diff({ people: [ada, eve] }, { people: [{ ...eve, age: 3 }, ada] }).changes, {
      "people[0].age": updated,
    });
  });

  it("compares every other list by index", () => {
    assert.deepEqual(diff({ zones: ["1", "2"] }, { zones: ["2", "1"] }).changes, {
      "zones[0]": updated,
      "zones[1]": updated,
    });
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
