import assert from "node:assert/strict";
import { DetailedArmError } from "../../../sandbox/arm/errors.ts";
import { mergePatch } from "../../../sandbox/arm/merge.ts";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import type { ObjectField } from "../../../sandbox/arm/field.ts";
import { text } from "./plane.ts";
import { readBody, splitSecrets } from "../../../sandbox/arm/shape.ts";

const shape: ObjectField = {
  kind: "object",
  members: {
    location: { kind: "string" },
    tags: { kind: "map", of: { kind: "string" } },
    properties: {
      kind: "object",
      members: {
        scaleUnits: { kind: "integer", min: 2, max: 50 },
        sku: { kind: "string", oneOf: ["Basic", "Standard"] },
        prefix: { kind: "string", pattern: /^[\d./]+$/ },
        enabled: { kind: "boolean" },
        state: { kind: "string", readOnly: true },
        password: { kind: "string", secret: true },
        anything: { kind: "any" },
        rules: {
          kind: "list",
          maxItems: 2,
          of: { kind: "object", members: { name: { kind: "string", required: true }, port: { kind: "integer" } } },
        },
      },
    },
  },
};

describe("a request body", () => {
  const properties = (members: JsonObject): JsonObject => ({ location: "westeurope", properties: members });
  function problems(body: JsonObject): string[] {
    try {
      readBody(body, shape);
    } catch (error) {
      assert.ok(error instanceof DetailedArmError);
      return error.details.map(({ code, message }) => `${text(code)}: ${text(message)}`);
    }
    return [];
  }

  it("is read into the shape's own spelling, without what ARM ignores", () => {
    const body = {
      id: "/x",
      name: "x",
      type: "T",
      etag: "e",
      Location: "westeurope",
      tags: { A: "1", b: null },
      properties: { SKU: "standard", state: "Succeeded", enabled: null },
    };
    assert.deepEqual(readBody(body, shape), {
      location: "westeurope",
      tags: { A: "1" },
      properties: { sku: "Standard" },
    });
  });

  const refused: Record<string, [body: JsonObject, problem: string]> = {
    "an unknown member": [
      { location: "westeurope", colour: "red" },
      "InvalidRequestContent: Could not find member 'colour' on object of type 'ResourceDefinition'. Path 'colour'.",
    ],
    "an unknown member within": [
      properties({ rules: [{ name: "a", prot: 1 }] }),
      "InvalidRequestContent: Could not find member 'prot' on object of type 'Rules'. Path 'properties.rules[0].prot'.",
    ],
    "a wrong type": [
      properties({ enabled: "yes" }),
      "InvalidRequestContent: Error converting value \"yes\" to type 'System.Boolean'. Path 'properties.enabled'.",
    ],
    "a list that is none": [
      properties({ rules: {} }),
      "InvalidRequestContent: Error converting value {} to type 'System.Collections.Generic.IList`1[System.Object]'. Path 'properties.rules'.",
    ],
    "a value outside of its enum": [
      properties({ sku: "Gold" }),
      "InvalidRequestContent: Error converting value \"Gold\" to type 'Sku'. Path 'properties.sku'. Allowed values: Basic, Standard.",
    ],
    "a value out of range": [
      properties({ scaleUnits: 51 }),
      "InvalidParameter: The value '51' of parameter 'properties.scaleUnits' is out of range. Allowed is from 2 to 50.",
    ],
    "a fraction": [
      properties({ scaleUnits: 2.5 }),
      "InvalidRequestContent: Error converting value 2.5 to type 'System.Int32'. Path 'properties.scaleUnits'.",
    ],
    "a text of the wrong form": [
      properties({ prefix: "ten" }),
      "InvalidParameter: The value 'ten' of parameter 'properties.prefix' is invalid. It must match /^[\\d./]+$/.",
    ],
    "a list that is too long": [
      properties({ rules: [{ name: "a" }, { name: "b" }, { name: "c" }] }),
      "InvalidParameter: The list 'properties.rules' has 3 items. The maximum is 2.",
    ],
    "a missing member": [
      properties({ rules: [{ port: 22 }] }),
      "InvalidRequestContent: Required property 'name' not found in JSON. Path 'properties.rules[0]'.",
    ],
    "a tag that is no text": [
      { location: "westeurope", tags: { a: 1 } },
      "InvalidRequestContent: Error converting value 1 to type 'System.String'. Path 'tags.a'.",
    ],
  };
  for (const [name, [body, problem]] of Object.entries(refused)) {
    it(`is refused for ${name}`, () => {
      assert.deepEqual(problems(body), [problem]);
    });
  }

  it("is refused with all its problems at once, the first one in the message", () => {
    const body = { location: 5, properties: { scaleUnits: 1, colour: "red" } };
    assert.equal(problems(body).length, 3);
    assert.throws(() => readBody(body, shape), {
      status: 400,
      code: "InvalidRequestContent",
      message:
        "The request content was invalid and could not be deserialized: 'Error converting value 5 to type 'System.String'. Path 'location'.'.",
    });
  });

  it("of a PATCH needs nothing, and keeps null to say what to remove", () => {
    assert.deepEqual(readBody({ properties: { sku: null } }, shape, { partial: true }), { properties: { sku: null } });
  });

  it("is separated from its secrets", () => {
    assert.deepEqual(splitSecrets(properties({ password: "p", enabled: true }), shape), {
      body: properties({ enabled: true }),
      secrets: { properties: { password: "p" } },
    });
    assert.deepEqual(splitSecrets(properties({}), shape), { body: properties({}), secrets: undefined });
  });

  it("takes a patch as RFC 7396 says, except for tags", () => {
    const before = { tags: { a: "1" }, properties: { deep: { x: 1, y: 2 }, list: [1, 2] } };
    assert.deepEqual(mergePatch(before, { tags: { b: "2" }, properties: { deep: { x: null }, list: [3] } }), {
      tags: { b: "2" },
      properties: { deep: { y: 2 }, list: [3] },
    });
  });
});
