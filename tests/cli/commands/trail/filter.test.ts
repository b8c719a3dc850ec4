import assert from "node:assert/strict";
import type { TrailDocument } from "../../../../cli/audit/trail/types.ts";
import { at, vmId } from "../../audit/activity/events.ts";
import { documentOf, folder, hub, tunnelId } from "./logFolder.ts";

describe("the filters of trail", function () {
  this.timeout(60_000);

  it("keeps sessions by person, VM, request, session, verdict and link, all of which must match", async () => {
    using logs = folder().request(0).session(1, 60).session(2, 120, { userEmail: "bob@example.com" });
    const shown = async (...words: string[]) => (await documentOf(logs, ...words)).trail.map((row) => row.tunnelId);
    assert.deepEqual(await shown("--user", "BOB@example.com"), [tunnelId(2)]);
    assert.deepEqual(await shown("--user", "bob_example.com#EXT#@contoso.onmicrosoft.com"), [tunnelId(2)]);
    assert.deepEqual(await shown("--vm", "web"), [tunnelId(1), tunnelId(2)]);
    assert.deepEqual(await shown("--vm", `${vmId}/`), [tunnelId(1), tunnelId(2)]);
    assert.deepEqual(await shown("--vm", "db"), []);
    assert.deepEqual(await shown("--request", "52462e"), [tunnelId(1), tunnelId(2)]);
    assert.deepEqual(await shown("--request", "C-0", "--verdict", "borrowed,bypassed"), [tunnelId(2)]);
    assert.deepEqual(await shown("--session", tunnelId(1)), [tunnelId(1)]);
    assert.deepEqual(await shown("--link", "flow"), []);
  });

  it("does not call a grant unused that continues after the time range, or was used before it", async () => {
    using logs = folder().request(0).session(1, 2000);
    const unused = async (...words: string[]) => (await documentOf(logs, ...words)).unusedGrants.length;
    assert.equal(await unused("--to", at(1800)), 0);
    assert.equal(await unused("--from", at(2400)), 0);
    assert.equal(await unused("--from", at(2400), "--to", at(4000), "--vm", "web"), 0);
    using without = folder().request(0);
    assert.deepEqual([(await documentOf(without)).unusedGrants.length], [1]);
    assert.equal((await documentOf(without, "--to", at(3600))).unusedGrants.length, 1);
  });

  it("does not give a session a connection that is another session's to the same address", async () => {
    const byAddress = { targetResourceId: "", userEmail: "bob@example.com" };
    using logs = folder().request(0).session(1, 60).session(2, 90, byAddress).flow(61, "OpenSsh");
    const shown = async (...words: string[]) =>
      (await documentOf(logs, ...words)).trail.filter((row) => row.tunnelId === tunnelId(1));
    const whole = await shown();
    assert.deepEqual(await shown("--vm", "web"), whole);
    assert.deepEqual(await shown("--to", at(75)), whole);
    assert.equal(whole[0]?.bytes, null);
  });

  it("does not give a session a connection that is one of another host's sessions", async () => {
    using logs = folder().request(0).session(1, 60).flow(61, "OpenSsh");
    logs.session(2, 90, { userEmail: "bob@example.com" }, `${hub}-other`);
    const shown = async (...words: string[]) =>
      (await documentOf(logs, ...words)).trail.filter((row) => row.tunnelId === tunnelId(1));
    const whole = await shown();
    assert.deepEqual(await shown("--bastion", hub), whole);
    assert.equal(whole[0]?.bytes, null);
  });

  it("counts only unused grants and rules of the VM that it shows", async () => {
    using logs = folder().request(0).session(1, 60);
    const { stderr } = await logs.run(["--vm", "db"]);
    assert.equal(
      stderr,
      "0 sessions.\nThe activity log is complete from 2026-05-03 10:00:00Z until 2026-05-04 23:00:00Z. No flow log was read.\n",
    );
  });

  it("shows an accepted finding as accepted until its day, and does not fail for it", async () => {
    using logs = folder().open(0).session(1, 60);
    const entry = {
      person: "ada@example.com",
      rule: "openssh",
      reason: "migration",
      owner: "ops",
      expires: "2026-06-01",
    };
    logs.write(".accepted.json", JSON.stringify({ trail: [entry] }));
    const accepting = ["--fail-on", "bypassed", "--accept", ".accepted.json"];
    const { exitCode, stdout } = await logs.run([...accepting, "--json"]);
    assert.equal(exitCode, 0);
    assert.deepEqual((JSON.parse(stdout) as TrailDocument).trail[0]?.accepted, {
      reason: "migration",
      owner: "ops",
      expires: "2026-06-01T23:59:59.999Z",
    });
    const expired = await logs.run(accepting, { now: "2026-06-02T00:00:00Z" });
    assert.equal(expired.exitCode, 1);
    assert.match(expired.stderr, /^Expired in \.accepted\.json: trail\.0\. What they accepted counts again\.$/m);
  });

  it("names the entries that match no session, unless only some of the sessions are shown", async () => {
    using logs = folder().open(0).session(1, 60);
    const common = { reason: "migration", owner: "ops", expires: "2026-06-01" };
    const entries = [{ rule: "OpenSsh" }, { vm: "db" }, { vm: "web" }, { person: "eve@example.com", vm: "web" }];
    logs.write(".accepted.json", JSON.stringify({ trail: entries.map((entry) => ({ ...entry, ...common })) }));
    const { stderr } = await logs.run(["--accept", ".accepted.json"]);
    assert.equal(
      stderr.split("\n")[0],
      "No session of the time range matches these entries of .accepted.json: trail.1, trail.3.",
    );
    const filtered = await logs.run(["--accept", ".accepted.json", "--vm", "web"]);
    assert.doesNotMatch(filtered.stderr, /matches these/);
  });
});
