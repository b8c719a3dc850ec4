import assert from "node:assert/strict";
import { parseCondition } from "../../../../sandbox/arm/access/condition.ts";

const action = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";
const name = "Microsoft.Storage/storageAccounts/blobServices/containers:name";

function judge(text: string, facts: { action?: string; container?: string } = {}): boolean | string {
  const condition = parseCondition(text);
  if (typeof condition === "string") return condition;
  const resource: Record<string, string> = facts.container === undefined ? {} : { [name]: facts.container };
  return condition({ action: facts.action ?? action, request: {}, resource });
}

describe("a condition", () => {
  it("limits one action to what its attributes say", () => {
    const text = `((!(ActionMatches{'${action}'})) OR (@Resource[${name}] ForAnyOfAnyValues:StringEquals {'logs', 'more'}))`;
    assert.equal(judge(text, { container: "logs" }), true);
    assert.equal(judge(text, { container: "more" }), true);
    assert.equal(judge(text, { container: "Logs" }), false);
    assert.equal(judge(text), false);
    assert.equal(judge(text, { action: "Microsoft.Storage/other/read" }), true);
  });

  it("binds AND closer than OR", () => {
    const is = (value: string) => `@Resource[${name}] StringEqualsIgnoreCase '${value}'`;
    assert.equal(judge(`${is("LOGS")} OR ${is("a")} AND ${is("b")}`, { container: "logs" }), true);
    assert.equal(judge(`(${is("logs")} OR ${is("a")}) AND ${is("b")}`, { container: "logs" }), false);
    assert.equal(judge(`NOT ${is("logs")} || ${is("b")}`, { container: "b" }), true);
    assert.equal(judge(`@Resource[${name}] StringLike 'insights-*'`, { container: "insights-logs" }), true);
    assert.equal(judge(`@Resource[${name}] StringStartsWith 'x'`, { container: "insights-logs" }), false);
  });

  for (const [text, problem] of [
    ["(ActionMatches{'a'}", "a parenthesis is not closed"],
    ["ActionMatches{'a'} ActionMatches{'b'}", "unexpected text after the expression"],
    ["ActionMatches{'a'} AND", "an expression is missing"],
    ["ActionMatches 'a'", "unexpected text at position 1"],
    ["SubOperationMatches{'Blob.List'}", "SubOperationMatches is not supported"],
    [`@Resource[${name}] StringMatches 'x'`, "the operator StringMatches is not supported"],
    [`@Resource[${name}] StringEquals {'x', 'y'}`, "the operator StringEquals takes one value"],
  ] as const) {
    it(`is refused where it cannot be read: ${text}`, () => {
      assert.equal(judge(text), problem);
    });
  }
});
