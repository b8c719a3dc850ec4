import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commands, groups } from "../../../cli/commands/index.ts";
import { runProgram } from "../../../cli/program.ts";
import { at, initiate, jitBody, nsgId, policyId, ruleWrite, wireRule } from "../../audit/activity/events.ts";
import { fakeIo } from "../fakeIo.ts";

const event = (seconds: number, operationName: string, resourceId: string, requestbody: object, upn: string) => ({
  ...{ time: at(seconds), operationName, resourceId, resultType: "Success", callerIpAddress: "203.0.113.7" },
  ...{ correlationId: `c${seconds}`, identity: { claims: { upn, appid: "cli" } } },
  properties: { requestbody: JSON.stringify(requestbody) },
});
const opened = { properties: { ...wireRule("").properties, sourceAddressPrefix: "*" } };
const events = [
  event(0, initiate, policyId, { ...jitBody, justification: "INC-1042: rotate the logs" }, "ada.lovelace@example.com"),
  event(600, ruleWrite, `${nsgId}/securityRules/OpenSsh`, opened, "bob@example.com"),
];

describe("the table of activity", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "activity-"));
    writeFileSync(join(folder, "PT1H.json"), events.map((one) => JSON.stringify(one)).join("\n"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  async function table(columns: number, ...words: string[]): Promise<string[]> {
    const io = fakeIo({ cwd: folder, now: "2026-05-04T13:00:00Z", columns });
    await runProgram(["activity", "--source", ".", ...words], io, { commands, groups, version: "1" });
    return io.written.stdout.trimEnd().split("\n");
  }

  for (const [columns, only, expected] of [
    [60, [], "TIME KIND WHO VM PORTS"],
    [80, [], "TIME KIND WHO VM PORTS BY"],
    [100, [], "TIME KIND WHO VM PORTS BY REASON"],
    [132, [], "TIME KIND WHO VM PORTS BY OPENS STATUS UNTIL REASON"],
    [80, ["--only", "requests"], "TIME KIND WHO VM PORTS REASON"],
    [100, ["--only", "requests"], "TIME KIND WHO VM PORTS UNTIL REASON"],
  ] as const) {
    it(`has when, who, which VM and by whom or why at ${columns} columns ${only.join(" ")}`, async () => {
      const lines = await table(columns, ...only);
      const rows = lines.filter((line) => /^(TIME|2026)/.test(line));
      assert.equal(rows[0]!.split(/ {2,}/).join(" "), expected);
      assert.deepEqual(
        rows.filter((row) => row.length > columns),
        [],
      );
    });
  }
});
