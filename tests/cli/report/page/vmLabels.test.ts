import assert from "node:assert/strict";
import { modelOf } from "../../../../cli/report/page/model.ts";
import { totalsOf } from "../../../../cli/report/page/totals.ts";
import { vmLabels } from "../../../../cli/report/page/vmLabels.ts";
import { columnsOf, grants, rows, rules, surroundings } from "../story.ts";

const vm = (group: string, name: string, subscription = "0f3c"): string =>
  `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`;
const instance =
  "/subscriptions/0f3c/resourceGroups/rg/providers/Microsoft.Compute/virtualMachineScaleSets/pool/virtualMachines/3";

function dataOf(vms: readonly (readonly [id: string | null, name: string | null])[]) {
  const columns = columnsOf(vms.map(([id, vmName]) => ({ ...rows[0]!, vm: id, vmName })));
  return { ...surroundings, ...columns, requests: [], grants: [], rules: [] };
}

function labelsOf(...vms: Parameters<typeof dataOf>[0]): string[] {
  return [...vmLabels(dataOf(vms)).values()].sort();
}

describe("the label of a VM", () => {
  it("is its name, however a log spells the id", () => {
    assert.deepEqual(labelsOf([vm("rg", "web"), "web"], [vm("RG", "WEB"), "WEB"], [vm("rg", "db"), "db"]), [
      "db",
      "web",
    ]);
  });

  it("has the resource group if another VM has the name, in whatever case", () => {
    assert.deepEqual(labelsOf([vm("one", "web"), "web"], [vm("two", "Web"), "Web"]), ["one/web", "two/Web"]);
  });

  it("is the ARM id if the group has the same name too", () => {
    const [here, there] = [vm("one", "web"), vm("one", "web", "1e5d")];
    assert.deepEqual(labelsOf([here, "web"], [there, "web"], [vm("two", "web"), "web"]), [here, there, "two/web"]);
  });

  it("names the scale set of an instance that has only a grant or a rule", () => {
    const none = dataOf([]);
    const grant = { ...grants[0]!, vm: vm("rg", "Web"), vmName: "Web" };
    const rule = { ...rules[0]!, vms: [instance] };
    assert.deepEqual(
      [...vmLabels({ ...none, grants: [grant], rules: [rule] })],
      [
        [vm("rg", "Web").toLowerCase(), "Web"],
        [instance.toLowerCase(), "pool_3"],
      ],
    );
  });

  it("tells sessions of VMs with one name apart in the totals, and leaves out no session without an id", () => {
    const model = modelOf(
      dataOf([
        [vm("one", "web"), "web"],
        [vm("two", "web"), "web"],
        [vm("one", "web"), "web"],
        [null, "web"],
      ]),
    );
    assert.deepEqual(
      totalsOf(model, Int32Array.of(0, 1, 2, 3), "vmLabel").map(({ name, sessions }) => [name, sessions]),
      [
        ["one/web", 2],
        ["two/web", 1],
        ["web", 1],
      ],
    );
  });
});
