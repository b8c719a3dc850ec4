import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { componentSchema, schemaFile } from "../../tools/componentPlugin.ts";

interface Described {
  readonly description?: string;
}
interface Schema {
  readonly name: string;
  readonly resources: Readonly<
    Record<
      string,
      Described & {
        readonly inputProperties: Record<string, Described>;
        readonly properties: Record<string, Described>;
      }
    >
  >;
  readonly types: Readonly<Record<string, { readonly properties?: Record<string, Described> }>>;
}

describe("the components as a plugin for every language", () => {
  let text: string;
  let schema: Schema;

  before(async function () {
    this.timeout(120_000);
    text = await componentSchema();
    schema = JSON.parse(text) as Schema;
  });

  it("have the schema that was reviewed; write another one with `npm run schema`", () => {
    assert.equal(text, readFileSync(schemaFile, "utf8"));
  });

  it("have the tokens that they have in a Node program", () => {
    assert.equal(schema.name, "bastion-trail");
    for (const token of Object.keys(schema.resources)) assert.match(token, /^bastion-trail:index:[A-Z]\w+$/);
  });

  it("document each component, argument, output and member", () => {
    const undocumented = [
      ...Object.entries(schema.resources).flatMap(([token, { description, inputProperties, properties }]) => [
        ...(description === undefined ? [token] : []),
        ...missing(token, inputProperties),
        ...missing(token, properties),
      ]),
      ...Object.entries(schema.types).flatMap(([token, { properties = {} }]) => missing(token, properties)),
    ];
    assert.deepEqual(undocumented, []);
  });

  it("have no link in a docstring, which Pulumi's analyzer would turn into [object Object]", () => {
    assert.doesNotMatch(text, /\[object Object\]/);
  });
});

function missing(token: string, members: Record<string, Described>): string[] {
  return Object.entries(members).flatMap(([name, { description }]) =>
    description === undefined ? [`${token}.${name}`] : [],
  );
}
