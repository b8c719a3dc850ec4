import assert from "node:assert/strict";
import type { StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import { changedResource } from "../../sandbox/changedResource.ts";

const type = "azure-native:network:BastionHost";

function step(more: object): StepEventMetadata {
  const urn = `urn:pulumi:sandbox::bastion-trail::bastion-trail:index:BastionHost$${type}::bastion`;
  return { op: "update", urn, type, provider: "", ...more };
}

const inputs = (values: object) => ({ inputs: values }) as never;

describe("a resource that a run changes", () => {
  it("has the values that differ, by their paths", () => {
    assert.deepEqual(
      changedResource(
        step({
          old: inputs({ scaleUnits: 2, tags: { "cost.center": "a" }, rules: [{ name: "x" }], key: "[secret]" }),
          new: inputs({ scaleUnits: 3, tags: {}, rules: [{ name: "y" }], key: "[secret]", dns: unknownValue }),
          diffs: ["scaleUnits"],
          detailedDiff: { scaleUnits: {}, 'tags["cost.center"]': {}, "rules[0].name": {}, key: {}, dns: {} },
        }),
      ),
      {
        change: "update",
        type,
        name: "bastion",
        differences: [
          { property: "scaleUnits", old: 2, new: 3 },
          { property: 'tags["cost.center"]', old: "a" },
          { property: "rules[0].name", old: "x", new: "y" },
          { property: "key", old: "[secret]", new: "[secret]" },
          { property: "dns", new: "[not known yet]" },
        ],
      },
    );
  });

  it("has the names of its inputs where the provider gives no paths", () => {
    const changed = changedResource(
      step({ op: "replace", old: inputs({ id: 1 }), new: inputs({ id: 2 }), diffs: ["id"] }),
    );
    assert.deepEqual(changed?.differences, [{ property: "id", old: 1, new: 2 }]);
  });

  it("is none of the engine's own providers", () => {
    const urn = "urn:pulumi:sandbox::bastion-trail::pulumi:providers:pulumi-nodejs::default";
    assert.equal(changedResource(step({ urn, type: "pulumi:providers:pulumi-nodejs" })), undefined);
  });

  it("is reported once, whatever the steps of its replacement", () => {
    const kinds = ["create-replacement", "replace", "delete-replaced", "same", "refresh", "read", "create", "delete"];
    assert.deepEqual(
      kinds.map((op) => changedResource(step({ op }))?.change),
      [undefined, "replace", undefined, undefined, undefined, undefined, "create", "delete"],
    );
  });
});
