import assert from "node:assert/strict";
import { vmSpelling } from "../../../cli/names/vmSpelling.ts";

const web = { id: "/subscriptions/s/resourceGroups/trail/virtualMachines/Web", name: "Web" };
const others = ["a", "b"].map((group) => ({
  id: `/subscriptions/s/resourceGroups/${group}/virtualMachines/db`,
  name: "db",
}));
const spelled = vmSpelling([web, ...others]);

describe("a VM is spelled as Azure spells it", () => {
  it("by its id, in any case", () => {
    assert.deepEqual(spelled({ id: web.id.toUpperCase(), name: "WEB", ip: "10.0.1.4" }), { ...web, ip: "10.0.1.4" });
    assert.deepEqual(spelled({ id: web.id.toLowerCase(), name: null }), web);
  });

  it("by its name, if the log has no id", () => {
    assert.deepEqual(spelled({ id: null, name: "WEB" }), { id: null, name: "Web" });
  });

  it("and unchanged if it is unknown or ambiguous", () => {
    for (const vm of [
      { id: `${web.id}2`, name: "WEB2" },
      { id: null, name: "DB" },
      { id: null, name: null },
    ]) {
      assert.deepEqual(spelled(vm), vm);
    }
  });
});
