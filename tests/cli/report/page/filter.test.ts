import assert from "node:assert/strict";
import { filterOf, noFilter, type Filter } from "../../../../cli/report/page/filter.ts";
import { modelOf } from "../../../../cli/report/page/model.ts";
import { SessionWriter } from "../../../../cli/report/sessionColumns.ts";
import { rows, surroundings } from "../story.ts";

const vm = (group: string, name: string): string =>
  `/subscriptions/0f3c/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`;
const sessions = [
  ["ada@example.com", "azureuser", vm("db", "web1")],
  ["nada@example.com", "ada", vm("rg", "web10")],
  [null, "azureuser", vm("rg", "db")],
] as const;

const writer = new SessionWriter();
const request = { ...rows[0]!.request!, reason: "a\u200Bb" };
for (const [person, account, id] of sessions) {
  writer.add({ ...rows[0]!, request, person, account, vm: id, vmName: id.slice(id.lastIndexOf("/") + 1) }, null);
}
const accepted = { reason: "migration", owner: "ops@example.com", expires: "2026-06-01T00:00:00.000Z" };
writer.add({ ...rows[4]!, flags: ["late"], accepted }, null);
const kept = filterOf(modelOf({ ...surroundings, ...writer.written([]), requests: writer.requestsWith([]) }));
const found = (filter: Partial<Filter>): number[] => [...kept({ ...noFilter, ...filter })];

describe("the filter of the page", () => {
  it("finds a part of a name of a person, an account or a VM", () => {
    assert.deepEqual(found({ person: "ada" }), [0, 1]);
    assert.deepEqual(found({ person: "AZURE" }), [0, 2, 3]);
    assert.deepEqual(found({ vm: "web" }), [0, 1]);
    assert.deepEqual(found({ vm: "resourcegroups/rg" }), [1, 2, 3]);
  });

  it("finds only the person or the VM whose whole name is given", () => {
    assert.deepEqual(found({ person: "Ada@example.com" }), [0]);
    assert.deepEqual(found({ vm: "web1" }), [0]);
    assert.deepEqual(found({ vm: "DB" }), [2, 3]);
  });

  it("finds the id, the correlation id and the reason of a request, as the page shows them", () => {
    for (const words of [request.id, request.correlationId ?? "", "a\\u{200b}b"]) {
      assert.deepEqual(found({ words }), [0, 1, 2], words);
    }
  });

  it("finds sessions with a flag, and known findings", () => {
    assert.deepEqual(found({ flag: "late" }), [3]);
    assert.deepEqual(found({ flag: "accepted" }), [3]);
    assert.deepEqual(found({ flag: "failed" }), []);
  });
});
