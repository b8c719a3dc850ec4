import assert from "node:assert/strict";
import { areOfDeployment, isOfJitVm, RuleBook } from "../../../../cli/audit/activity/ruleBook.ts";
import type { WrittenRule } from "../../../../cli/audit/activity/types.ts";
import { allowName, nsgId, rule } from "./events.ts";
import { bastionGroup, denyBastion, denyManagement, openSsh } from "./folded.ts";

describe("the rules that only a deployment writes", () => {
  it("are the standing denies of a VM, some or all of them", () => {
    assert.ok(areOfDeployment([denyManagement, denyBastion]));
    assert.ok(areOfDeployment([denyBastion]));
    assert.ok(areOfDeployment([]));
  });

  for (const [name, standing, facts] of [
    ["an allow rule of its name", denyManagement, { access: "allow" }],
    ["an outbound one", denyManagement, { direction: "outbound" }],
    ["one for TCP only", denyManagement, { protocol: "tcp" }],
    ["one for some addresses", denyManagement, { destinations: ["10.60.1.4"] }],
    ["one for some ports of the client", denyManagement, { sourcePorts: ["1024-65535"] }],
    ["one from some sources", denyManagement, { sources: ["10.60.0.0/26"] }],
    ["one of another name", denyManagement, { name: "DenyAll" }],
    ["one of another priority", denyManagement, { priority: 4010 }],
    ["one from several sources", denyBastion, { sources: ["10.60.0.0/26", "10.70.0.0/26"] }],
    ["one of the other's name", denyBastion, { name: "DenyManagementPorts" }],
    ["one of the other's priority", denyBastion, { priority: 4000 }],
  ] as const) {
    it(`do not include ${name}`, () => {
      assert.ok(!areOfDeployment([denyBastion, { ...standing, ...facts }]));
    });
  }

  it("are all eight of the Bastion subnet, whatever further ports of VMs Bastion reaches", () => {
    assert.ok(areOfDeployment(bastionGroup));
    assert.ok(!areOfDeployment(bastionGroup.slice(1)));
    assert.ok(!areOfDeployment([...bastionGroup, denyBastion]));
    assert.ok(!areOfDeployment([...bastionGroup.slice(1), rule("OpenSsh")]));
    const [first, ...others] = bastionGroup;
    const changed = (facts: Partial<WrittenRule>) => areOfDeployment([{ ...first!, ...facts }, ...others]);
    assert.ok(changed({ description: "another text", sourcePorts: ["*"] }));
    assert.ok(!changed({ name: "Other" }));
    assert.ok(!changed({ ports: ["22"] }));
    assert.ok(!changed({ sources: ["*"] }));
    assert.ok(!changed({ access: "deny" }));
  });

  it("show that a group is a JIT VM's, as Defender's rules do", () => {
    assert.deepEqual([denyManagement, denyBastion, rule(allowName), rule("OpenSsh"), bastionGroup[0]!].map(isOfJitVm), [
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});

describe("what a write of rules changes", () => {
  const group = (rules: readonly WrittenRule[] | null, action: "write" | "delete" = "write") => ({
    ...{ resource: nsgId.toUpperCase(), action, rules },
  });
  const single = (rules: readonly WrittenRule[] | null, action: "write" | "delete" = "write") => ({
    ...{ resource: openSsh, action, rules },
  });
  const book = (...rules: WrittenRule[]): RuleBook => {
    const made = new RuleBook();
    made.apply(group(rules));
    return made;
  };
  const [open, other] = [rule("OpenSsh"), rule("Other")];

  it("is not known without its content; what was deleted neither, if it was of a whole group", () => {
    assert.deepEqual(book(open).changeBy(group(null)), { written: null, removed: null });
    assert.deepEqual(book(open).changeBy(single(null)), { written: null, removed: [] });
  });

  it("is what it adds, changes and leaves out, if it is of a whole group", () => {
    const moved = { ...other, priority: 300 };
    assert.deepEqual(book(open, other).changeBy(group([moved])), { written: [moved], removed: [open, other] });
    assert.deepEqual(book(open, other).changeBy(single([open])), { written: [], removed: [] });
  });

  it("is everything that it deletes, as far as the log has shown that", () => {
    assert.deepEqual(book(open, other).changeBy(group(null, "delete")), { written: [], removed: [open, other] });
    assert.deepEqual(book(open, other).changeBy(single(null, "delete")), { written: [], removed: [open] });
    assert.deepEqual(book(other).changeBy(single(null, "delete")), { written: [], removed: null });
  });

  it("counts from what earlier writes left", () => {
    const left = (...writes: Parameters<RuleBook["apply"]>[0][]) => {
      const made = book(open, other);
      for (const write of writes) made.apply(write);
      return made.rulesIn(openSsh)?.map(({ name, access }) => `${name ?? ""} ${access ?? "unknown"}`);
    };
    assert.deepEqual(left(), ["OpenSsh allow", "Other allow"]);
    assert.deepEqual(left(group([other])), ["Other allow"]);
    assert.deepEqual(left(single(null, "delete")), ["Other allow"]);
    assert.deepEqual(left(single(null)), ["openssh unknown", "Other allow"]);
    assert.deepEqual(left(group(null)), ["OpenSsh allow", "Other allow"]);
    assert.equal(left(group(null, "delete")), undefined);
  });
});
