import assert from "node:assert/strict";
import { ruleKind } from "../../../../cli/audit/trail/ruleKind.ts";
import type { RuleLife } from "../../../../cli/audit/trail/ruleLives.ts";
import { allowName, rule } from "../activity/events.ts";

describe("the kind of a rule in the trail", () => {
  const minute = 60_000;
  const life = (facts: Partial<RuleLife>) =>
    ({ rule: rule("OpenSsh"), from: 0, until: null, request: null, byDefender: false, ...facts }) as RuleLife;
  const request = {} as RuleLife["request"];

  it("is requested while its grant lasts, and leftover ten minutes after that", () => {
    assert.equal(ruleKind(life({ request, until: 70 * minute }), 60 * minute, 0), "requested");
    assert.equal(ruleKind(life({ request, until: 71 * minute }), 60 * minute, 0), "leftover");
    assert.equal(ruleKind(life({ request }), 60 * minute, 71 * minute), "leftover");
  });

  it("is unrequested under Defender's name, or by Defender itself, without a request", () => {
    assert.equal(ruleKind(life({ rule: rule(allowName) }), undefined, 0), "unrequested");
    assert.equal(ruleKind(life({ byDefender: true }), undefined, 0), "unrequested");
  });

  it("is opened by anybody else", () => {
    assert.equal(ruleKind(life({}), undefined, 0), "opened");
  });

  it("is unread where the log does not tell what it opens", () => {
    assert.equal(ruleKind(life({ rule: null }), undefined, 0), "unread");
    assert.equal(ruleKind(life({ rule: null, byDefender: true }), undefined, 0), "unread");
  });
});
