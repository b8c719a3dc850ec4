import assert from "node:assert/strict";
import { SessionWriter } from "../../../cli/report/sessionColumns.ts";
import { modelOf } from "../../../cli/report/page/model.ts";
import { textColumns } from "../../../cli/report/pageData.ts";
import { verdicts } from "../../../cli/audit/trail/types.ts";
import { grants, rows, ruleIdOf, ruleIds, surroundings } from "./story.ts";

const writer = new SessionWriter();
for (const row of rows) writer.add(row, ruleIdOf(row));
const requests = writer.requestsWith(grants);
const data = { ...surroundings, ...writer.written(ruleIds), requests };
const model = modelOf(data);

describe("the columns of a report's sessions", () => {
  it("give back what every session had", () => {
    rows.forEach((row, index) => {
      assert.equal(new Date(model.start[index]!).toISOString(), row.start);
      assert.equal(model.hasEnd(index) ? new Date(model.end[index]!).toISOString() : null, row.end);
      for (const column of textColumns) assert.equal(model.text(index, column), row[column]);
      assert.equal(verdicts[model.verdict[index]!], row.verdict);
      assert.equal(model.port[index], row.port ?? -1);
      assert.equal(model.bytes[index], row.bytes ?? -1);
      assert.deepEqual(model.flagsOf(index), row.flags);
      assert.deepEqual(data.requests[model.request[index]!] ?? null, row.request);
      assert.equal(ruleIds[model.rule[index]!] ?? null, ruleIdOf(row));
    });
  });

  it("end the bar of a failed login at once, and that of a session without an end after a day at most", () => {
    const { to } = surroundings.about;
    const day = 86_400_000;
    const bars = (["closed", "unknown", "open"] as const).map((state) => {
      const one = new SessionWriter();
      one.add({ ...rows[0]!, start: "2026-05-01T12:00:00.000Z", end: null, durationSeconds: null, state }, null);
      const { start, end } = modelOf({ ...surroundings, ...one.written([]), requests: [] });
      return end[0]! - start[0]!;
    });
    assert.deepEqual(bars, [0, day, Date.parse(to) - Date.parse("2026-05-01T12:00:00.000Z")]);
  });

  it("hold a text, a request and a rule once for all sessions that have it", () => {
    assert.equal(data.strings.filter((text) => text === "web").length, 1);
    assert.deepEqual(
      data.requests.map(({ id }) => id),
      ["req-granted", "req-unused"],
    );
    assert.deepEqual(data.otherRules, []);
  });

  it("hold the rules of sessions that are not among the page's rules after these, each once", () => {
    const { rule } = rows[3]!;
    const other = { ...rule!, name: "Other" };
    const written = new SessionWriter();
    written.add(rows[3]!, "opened");
    for (const one of [other, rule, other, null]) written.add({ ...rows[3]!, rule: one }, null);
    const columns = written.written(ruleIds);
    assert.deepEqual(
      [columns.sessions.rule, columns.otherRules],
      [
        [1, 2, 3, 2, -1],
        [other, rule],
      ],
    );
    const { allRules, rule: indexes } = modelOf({ ...surroundings, ...columns, requests: [] });
    assert.deepEqual(
      [...indexes].map((index) => allRules[index]?.name),
      [rule!.name, "Other", rule!.name, "Other", undefined],
    );
  });

  it("hold a request once for each end of its grants", () => {
    const [row] = rows;
    const written = new SessionWriter();
    const request = { ...row!.request!, until: "2026-05-04T09:00:00.000Z", endedBy: "replaced" as const };
    for (const one of [row!, { ...row!, request }, row!]) written.add(one, null);
    assert.deepEqual(written.requestsWith([grants[0]!]), [row!.request, request]);
    assert.deepEqual(written.written([]).sessions.request, [0, 1, 0]);
  });

  it("draw a session without an end up to the end of the range", () => {
    assert.equal(new Date(model.end[5]!).toISOString(), surroundings.about.to);
  });
});
