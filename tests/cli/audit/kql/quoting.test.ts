import assert from "node:assert/strict";
import fc from "fast-check";
import { activityEventsQuery } from "../../../../cli/audit/kql/activity.ts";
import { auditRecordsQuery } from "../../../../cli/audit/kql/auditRecords.ts";
import { dedicatedTable } from "../../../../cli/audit/kql/auditTables.ts";
import type { SessionFilter } from "../../../../cli/audit/records/types.ts";
import { guestPrefix, homeNames } from "../../../../cli/audit/records/personName.ts";
import { bastionSessionsQuery, kqlDatetime, kqlString } from "../../../../core/links/index.ts";
import { workspaceTables } from "../../../../sandbox/query/workspaceTables.ts";
import { diagnosticsOf } from "../../../../sandbox/query/kustoParser.ts";
import { propertyRuns } from "../../../propertyRuns.ts";
import { stringsOf } from "./kustoParser.ts";
import { page, range } from "./productQueries.ts";

/** Any text, and often one that tries to end its literal. */
const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom('"', "'", "\\", "\n", "\r", "\u2028", "\u0000", "@", "`", ";", "|", "/", "u", "0"),
  }),
  fc.constantFrom(
    '" or true //',
    '\\" or true or \\"',
    'x"\n| union AzureActivity | where "a" == "',
    '"; .drop table AzureActivity; "',
    "\ud800",
  ),
);

describe("a value in a query", () => {
  it("is one literal of the same value, whatever it is", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        assert.deepEqual(stringsOf(`print x = ${kqlString(text)}`), [text.toWellFormed()]);
      }),
    );
  });

  it("is the only thing about the query that it changes", () => {
    const shape = (filter: SessionFilter): { codes: string[]; strings: string[] } => {
      const kql = auditRecordsQuery({ table: dedicatedTable, range, filter, page });
      return { codes: diagnosticsOf(kql, workspaceTables), strings: stringsOf(kql) };
    };
    const plain = shape({ user: "USER", tunnel: "TUNNEL" });
    fc.assert(
      fc.property(hostile, hostile, (user, tunnel) => {
        const { codes, strings } = shape({ user, tunnel });
        assert.deepEqual(codes, []);
        const homes = homeNames("user").map((name, index) => [name, homeNames(user)[index] ?? ""] as const);
        const person = { ...Object.fromEntries(homes), USER: user, "user#ext#@": guestPrefix(user) };
        const values: Readonly<Record<string, string>> = { ...person, TUNNEL: tunnel };
        assert.deepEqual(
          strings,
          plain.strings.map((text) => values[text]?.toWellFormed() ?? text),
        );
      }),
      propertyRuns(20),
    );
    // Microsoft's parser takes a while for each query.
  }).timeout(60_000);

  it("cannot leave its place in the other queries either", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const kql = activityEventsQuery({ range, operations: [text], subscriptionId: text, page });
        assert.deepEqual(diagnosticsOf(kql, workspaceTables), []);
        assert.deepEqual(diagnosticsOf(bastionSessionsQuery(text), workspaceTables), []);
      }),
      propertyRuns(20),
    );
  });

  it("is written with escapes only where it must be", () => {
    assert.equal(kqlString('Zoë O\'Neil "x" C:\\y 😀'), String.raw`"Zoë O'Neil \"x\" C:\\y 😀"`);
    assert.equal(kqlString("a\nb\u0000\u2028\ud83d"), String.raw`"a\u000ab\u0000\u2028` + '\ufffd"');
    assert.equal(kqlDatetime(new Date("2026-03-01T10:00:00.120Z")), "datetime(2026-03-01T10:00:00.120Z)");
  });
});
