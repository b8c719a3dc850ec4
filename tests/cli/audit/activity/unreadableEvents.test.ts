import assert from "node:assert/strict";
import { eventOf } from "../../../../cli/audit/activity/eventOf.ts";
import { at, initiate, policyId } from "./events.ts";
import { rest, row, expected, noClaims } from "./eventForms.ts";

describe("members that are not JSON", () => {
  it("are named, and the event is read without them", () => {
    const cut = { ...row, Properties: row.Properties.slice(0, 60), Claims: "System.Object" };
    assert.deepEqual(eventOf(cut), {
      event: { ...expected, ...noClaims, asked: null },
      wrong: [
        `Its 'properties' is not a JSON object: ${row.Properties.slice(0, 40)}`,
        "Its 'claims' is not a JSON object: System.Object",
      ],
    });
  });

  const type = "System.Collections.Generic.Dictionary`2[System.String,System.String]";
  for (const [what, content, text] of [
    ["PowerShell cut them off", type, type.slice(0, 40)],
    ["they are a list", [{ Key: "appid" }], '[{"Key":"appid"}]'],
  ] as const) {
    it(`are named where ${what} below Content`, () => {
      const cut = { ...rest, claims: { Content: content }, properties: { Content: content } };
      assert.deepEqual(eventOf(cut), {
        event: { ...expected, ...noClaims, asked: null },
        wrong: ["properties", "claims"].map((name) => `Its '${name}' is not a JSON object: ${text}`),
      });
    });
  }

  it("are not reported if another column has them or they are empty", () => {
    const other = {
      ...row,
      Properties: row.Properties.slice(0, 60),
      Properties_d: JSON.parse(row.Properties) as object,
    };
    assert.deepEqual(eventOf(other), { event: expected, wrong: [] });
    assert.deepEqual(eventOf({ ...row, Properties: "", Claims: "" }), {
      event: { ...expected, ...noClaims, asked: null },
      wrong: [],
    });
  });
});

describe("what is not an event about access", () => {
  it("is told by its time where it is an event of something else", () => {
    assert.deepEqual(eventOf({ ...rest, operationName: { value: "Microsoft.Compute/virtualMachines/write" } }), {
      otherTime: at(0),
      resource: policyId,
    });
  });

  for (const [value, reason] of [
    [7, "This is not a JSON object."],
    [{}, "This is not an entry of a known log."],
    [{ category: "Administrative", time: at(0) }, "The event has no operation."],
    [{ operationName: initiate }, "The event has no time."],
    [
      { OperationNameValue: initiate, "TimeGenerated [Local Time]": "2026-05-04 14:00" },
      "The event has no time in UTC, only the column 'timegenerated [local time]': let the portal show UTC, and export again.",
    ],
    [{ operationName: "x", time: "soon" }, "Its time is not an ISO 8601 date: soon"],
    [{ operationName: "x", time: "3/13/2026 9:58:30 AM" }, "Its time is not an ISO 8601 date: 3/13/2026 9:58:30 AM"],
    [
      { operationName: "x", time: "3/2/2026 9:58:30 AM" },
      "No date of the file tells the month of its time, 3/2/2026 9:58:30 AM: export with ISO 8601 times.",
    ],
  ] as const) {
    it(`is unreadable where it is ${JSON.stringify(value)}`, () => {
      assert.deepEqual(eventOf(value), { reason });
    });
  }
});
