import assert from "node:assert/strict";
import { join } from "node:path";
import type { TrailDocument, TrailRow } from "../../../../cli/audit/trail/types.ts";
import {
  allowName,
  at,
  initiate,
  nsgId,
  nsgWrite,
  policyId,
  ruleWrite,
  subscription,
  vmId,
  wireRule,
} from "../../audit/activity/events.ts";
import { documentOf, folder, TrailFolder, tunnelId } from "./logFolder.ts";

describe("a verdict of trail where a log lacks something", function () {
  this.timeout(60_000);

  it("does not call a session ungranted where the activity log has nothing", async () => {
    using logs = new TrailFolder().session(1, 600);
    const { trail } = await documentOf(logs);
    assert.deepEqual(
      trail.map(({ verdict, because }) => ({ verdict, because })),
      [
        {
          verdict: "unknown",
          because: "The activity log of the 24 hours before the session was not read, is not exported or has a gap.",
        },
      ],
    );
  });

  it("does not call a session ungranted where the activity log of its VM's subscription was not read", async () => {
    const other = vmId.replace(subscription, "22222222-2222-3333-4444-555555555555");
    using logs = folder().session(1, 600, { targetResourceId: other }).session(2, 600);
    assert.deepEqual((await documentOf(logs)).trail.map(({ verdict, because }) => [verdict, because]).sort(), [
      ["ungranted", "No request and no rule fits, and the activity log of that time was read."],
      ["unknown", "The activity log of the VM's subscription was not read."],
    ]);
    logs.event(0, "Microsoft.Compute/virtualMachines/start/action", other, {});
    assert.deepEqual(
      (await documentOf(logs)).trail.map(({ verdict }) => verdict),
      ["ungranted", "ungranted"],
    );
  });

  it("does not call a session ungranted where --subscription leaves out the activity log of its VM's subscription", async () => {
    const other = vmId.replace(subscription, "22222222-2222-3333-4444-555555555555");
    using logs = folder().session(1, 600, { targetResourceId: other });
    logs.event(0, "Microsoft.Compute/virtualMachines/start/action", other, {});
    const verdicts = async (...words: string[]) => (await documentOf(logs, ...words)).trail.map((row) => row.verdict);
    assert.deepEqual(await verdicts(), ["ungranted"]);
    assert.deepEqual(await verdicts("--subscription", subscription), ["unknown"]);
  });

  it("does not call a session ungranted where a downloaded blob is empty", async () => {
    using logs = folder().session(1, 600);
    const blob = "insights-activity-logs/y=2026/m=05/d=04/h=11/m=00/PT1H.json";
    logs
      .write(blob, "")
      .write("notes.json", "")
      .write("insights-activity-logs/y=2026/m=05/d=05/h=11/m=00/PT1H.json", "");
    const { exitCode, stdout } = await logs.run(["--json"]);
    const { trail, coverage, unreadable } = JSON.parse(stdout) as TrailDocument;
    assert.deepEqual(
      [exitCode, trail.map(({ verdict }) => verdict), coverage.logs.activity.gaps],
      [1, ["unknown"], [{ from: at(-7200), to: at(0), subscription: null }]],
    );
    assert.deepEqual(unreadable, [
      { file: join(logs.path, blob), line: null, reason: "The file is empty: perhaps its download failed." },
    ]);
  });

  it("names the gap, and not the subscription, for a session to an address whose VM is not known", async () => {
    using logs = folder().session(1, 600, { targetResourceId: "", targetVMIPAddress: "10.60.1.4" });
    logs.write("insights-activity-logs/y=2026/m=05/d=04/h=11/m=00/PT1H.json", '{"time": "2026-05-04T11:0\n');
    const { stdout } = await logs.run(["--json"]);
    assert.deepEqual(
      (JSON.parse(stdout) as TrailDocument).trail.map(({ verdict, because }) => [verdict, because]),
      [["unknown", "The activity log of the 24 hours before the session was not read, is not exported or has a gap."]],
    );
  });

  it("does not call a session ungranted where a part of the activity log is damaged", async () => {
    using logs = folder().session(1, 600);
    logs.write("insights-activity-logs/y=2026/m=05/d=04/h=11/m=00/PT1H.json", '{"time": "2026-05-04T11:0\n');
    const { stdout, exitCode } = await logs.run(["--json"]);
    const { trail, coverage } = JSON.parse(stdout) as TrailDocument;
    assert.equal(exitCode, 1);
    assert.equal(trail[0]?.verdict, "unknown");
    assert.deepEqual(coverage.logs.activity.gaps, [
      { from: "2026-05-04T10:00:00.000Z", to: "2026-05-04T12:00:00.000Z", subscription: null },
    ]);
  });

  it("does not call a session ungranted where the log has a request without its end", async () => {
    const body = { virtualMachines: [{ id: vmId, ports: [{ number: 22, endTimeUtc: "soon" }] }] };
    using logs = folder().event(0, initiate, policyId, { body }).session(1, 600);
    const { trail, coverage } = await documentOf(logs);
    assert.equal(trail[0]?.verdict, "unknown");
    assert.deepEqual(coverage.logs.activity.gaps, [{ from: at(0), to: at(39_600), subscription }]);
  });

  it("calls sessions unknown only in the subscription whose activity log has the gap", async () => {
    const other = "22222222-2222-3333-4444-555555555555";
    const isIn = (id: string): string => id.replace(subscription, other);
    using logs = folder()
      .session(1, 600)
      .session(2, 600, { targetResourceId: isIn(vmId) });
    logs.event(0, initiate, isIn(policyId), {});
    logs.write(`resourceId=/SUBSCRIPTIONS/${other.toUpperCase()}/y=2026/m=05/d=04/h=11/m=00/PT1H.json`, "{\n");
    const { trail, coverage } = JSON.parse((await logs.run(["--json"])).stdout) as TrailDocument;
    assert.deepEqual(trail.map(({ verdict }) => verdict).sort(), ["ungranted", "unknown"]);
    assert.deepEqual(coverage.logs.activity.gaps, [{ from: at(-7200), to: at(39_600), subscription: other }]);
  });

  it("needs no content of a request that Azure refused", async () => {
    using logs = folder().event(0, initiate, policyId, { status: "Failure" }).session(1, 600);
    const { trail, coverage } = await documentOf(logs);
    assert.deepEqual([trail[0]?.verdict, coverage.logs.activity.gaps], ["ungranted", []]);
  });

  it("does not call a session ungranted where the audit log lacks the VM's address", async () => {
    using logs = folder().session(1, 600, { targetVMIPAddress: undefined });
    const [{ verdict, because } = {} as TrailRow] = (await documentOf(logs)).trail;
    assert.deepEqual([verdict, because], ["unknown", "The audit log does not have the VM's private IPv4 address."]);
  });

  it("judges no session of which the audit log has only the end", async () => {
    const ended = {
      message: "Successfully Disconnected.",
      sessionStartTime: null,
      sessionEndTime: null,
      duration: null,
    };
    using logs = folder().request(0).session(1, 1800, ended).session(2, 5400, ended);
    assert.deepEqual(
      (await documentOf(logs)).trail.map(({ verdict, link, because, request, end }) => [
        verdict,
        link,
        because,
        request,
        end,
      ]),
      [1800, 5400].map((end) => [
        "unknown",
        "none",
        "The audit log has only the end of the session, not its start.",
        null,
        at(end),
      ]),
    );
  });

  it("does not call a session ungranted where a rule for an application security group may have let it in", async () => {
    const web = `/subscriptions/${subscription}/resourceGroups/trail/providers/Microsoft.Network/applicationSecurityGroups/web`;
    const properties = {
      ...wireRule("Open", { priority: 200 }).properties,
      destinationAddressPrefix: undefined,
      destinationApplicationSecurityGroups: [{ id: web }],
    };
    using logs = folder()
      .session(1, 600)
      .event(0, ruleWrite, `${nsgId}/securityRules/Open`, {
        by: "eve@example.com",
        body: { name: "Open", properties },
      });
    const [{ verdict, because } = {} as TrailRow] = (await documentOf(logs)).trail;
    assert.deepEqual(
      [verdict, because],
      [
        "unknown",
        "Rule Open by eve@example.com may have let it in, but the logs do not show whether it applies to the VM.",
      ],
    );
  });

  it("does not call a session ungranted where a rule without its content comes before one that denies", async () => {
    const deny = wireRule("Deny", { access: "Deny", sourceAddressPrefix: "*", destinationAddressPrefix: "*" });
    using logs = folder()
      .event(0, ruleWrite, `${nsgId}/securityRules/Deny`, { body: deny })
      .event(60, ruleWrite, `${nsgId}/securityRules/Open`, { by: "eve@example.com" })
      .session(1, 600);
    const [{ verdict, because } = {} as TrailRow] = (await documentOf(logs)).trail;
    assert.deepEqual(
      [verdict, because],
      ["unknown", "Rule OPEN by eve@example.com may have let it in, but the activity log does not have its content."],
    );
  });

  it("credits nobody with a connection that may be somebody else's through a hand-made rule", async () => {
    using logs = folder().request(0).open(200).session(1, 300).flow(301, allowName);
    logs.session(2, 360, { userEmail: "eve@example.com" }).flow(361, "OpenSsh");
    const because = "Several rules may have let it in, and the logs do not show which.";
    const unknown = { verdict: "unknown", link: "ambiguous", request: null, rule: null, because };
    assert.deepEqual(
      (await documentOf(logs)).trail.map(({ person, verdict, link, request, rule, because, candidates }) => ({
        ...{ person, verdict, link, request, rule, because },
        candidates: candidates.map((one) => one.request?.by ?? one.rule?.name),
      })),
      ["ada@example.com", "eve@example.com"].map((person) => ({
        ...{ person, ...unknown },
        candidates: ["ada@example.com", allowName, "OpenSsh"],
      })),
    );
  });

  it("credits no request of which somebody may have deleted the rule, if no log has that rule", async () => {
    const body = {
      virtualMachines: [
        { id: vmId, ports: [{ number: 22, allowedSourceAddressPrefix: "10.60.0.0/26", endTimeUtc: at(3600) }] },
      ],
    };
    using logs = folder().event(0, initiate, policyId, { id: "c", body }).revoke(600).open(700);
    logs.session(1, 300).session(2, 900);
    assert.deepEqual(
      (await documentOf(logs)).trail.map(({ verdict, link, because, request }) => [
        verdict,
        link,
        because,
        request?.by,
      ]),
      [
        ["granted", "ambiguous", "ada@example.com requested it.", "ada@example.com"],
        [
          "unknown",
          "ambiguous",
          "A request covers it, but somebody deleted a rule before that may have been the request's.",
          undefined,
        ],
      ],
    );
  });

  it("credits no request whose rule somebody denied or closed, if no rule lets the session in", async () => {
    const deny = wireRule("Deny", { access: "Deny", priority: 90, sourceAddressPrefix: "*" });
    const closed = wireRule(allowName, { access: "Deny" });
    for (const rule of [deny, closed]) {
      using logs = folder()
        .request(0)
        .event(600, ruleWrite, `${nsgId}/securityRules/${rule.name}`, { by: "eve@example.com", body: rule });
      logs.session(1, 300).session(2, 900);
      assert.deepEqual(
        (await documentOf(logs)).trail.map(({ verdict, link, because, request, candidates }) => [
          ...[verdict, link, because, request?.by],
          candidates.map((one) => one.request?.by),
        ]),
        [
          ["granted", "correlation", "ada@example.com requested it.", "ada@example.com", []],
          [
            "unknown",
            "ambiguous",
            "A request covers it, but by the activity log, neither the request's rule nor another one let it in.",
            undefined,
            ["ada@example.com"],
          ],
        ],
      );
    }
  });

  it("names the group of which the log shows only that somebody wrote it", async () => {
    using logs = folder().event(0, nsgWrite, nsgId, { by: "eve@example.com" }).session(1, 600);
    assert.deepEqual(
      (await documentOf(logs)).trail.map(({ verdict, because, rule }) => [verdict, because, rule?.name]),
      [
        [
          "unknown",
          "Rule web-nsg/* by eve@example.com may have let it in, but the activity log does not have its content.",
          "web-nsg/*",
        ],
      ],
    );
  });

  it("takes rows that do not name their log for the log whose facts they have", async () => {
    using logs = new TrailFolder();
    const columns = ["TimeGenerated", "OperationName", "TunnelId", "Protocol", "TargetResourceId", "UserEmail"];
    const row = [at(600), "Microsoft.Network/BastionHost/connect", tunnelId(1), "ssh", vmId, "ada@example.com"];
    logs.write("sessions.csv", [columns, row].map((cells) => `${cells.join(",")}\n`).join(""));
    const { trail, coverage } = await documentOf(logs);
    assert.deepEqual([trail[0]?.verdict, coverage.logs.activity.state], ["unknown", "none"]);
  });

  it("calls no session ungranted that began before the activity log does, however long before", async () => {
    using logs = folder().session(1, Date.parse("1969-01-01T00:00:00Z") / 1000 - Date.parse(at(0)) / 1000);
    assert.equal((await documentOf(logs)).trail[0]?.verdict, "unknown");
  });
});
