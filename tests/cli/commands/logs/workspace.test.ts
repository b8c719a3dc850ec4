import assert from "node:assert/strict";
import type { LogResult } from "../../../../cli/audit/records/types.ts";
import { commands, groups } from "../../../../cli/commands/index.ts";
import { runProgram } from "../../../../cli/program.ts";
import { forSuite } from "../../../held.ts";
import { needsChdb, startQueryPlane } from "../../../sandbox/query/queryPlane.ts";
import { fakeIo } from "../../fakeIo.ts";

describe("logs of a workspace", function () {
  this.timeout(60_000);
  before(needsChdb);
  const plane = forSuite(startQueryPlane);

  const newest = new Date(Date.now() - 60 * 60_000).toISOString();
  const older = new Date(Date.now() - 120 * 60_000).toISOString();
  const row = (Time: string, UserEmail: string) => ({
    TimeGenerated: Time,
    Time,
    TunnelId: UserEmail,
    UserEmail,
    Message: "Successfully Connected.",
  });
  before(() => {
    plane.write("MicrosoftAzureBastionAuditLogs", [row(older, "ada@example.com"), row(newest, "ben@example.com")]);
  });

  const logs = (...words: string[]) =>
    plane.signedIn(async (env) => {
      const io = fakeIo({ env, now: new Date().toISOString() });
      await runProgram(["logs", "--source", "workspace", ...words], io, { commands, groups, version: "1" });
      return io.written;
    });

  it("tell the time of the newest record, whether or not its session is asked for", async () => {
    for (const words of [[], ["--user", "ada@example.com"], ["--user", "nobody"], ["--to", newest]]) {
      const { coverage } = JSON.parse((await logs("--json", ...words)).stdout) as Pick<LogResult, "coverage">;
      assert.equal(coverage.lastRecord, newest, words.join(" "));
    }
    assert.match((await logs("--vm", "none")).stderr, /^0 sessions from 0 records\. Last record: /m);
  });
});
