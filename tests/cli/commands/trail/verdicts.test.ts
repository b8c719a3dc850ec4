import assert from "node:assert/strict";
import type { TrailRow } from "../../../../cli/audit/trail/types.ts";
import {
  allowName,
  at,
  defenderApp,
  initiate,
  nsgId,
  nsgWrite,
  policyId,
  ruleDelete,
  ruleWrite,
  vmId,
  wireRule,
} from "../../audit/activity/events.ts";
import { documentOf, folder } from "./logFolder.ts";

/** What counts of a row. */
function gist({ person, verdict, link, request, rule }: TrailRow) {
  return { person, verdict, link, by: request?.by ?? null, rule: rule?.name ?? null };
}

describe("a verdict of trail", function () {
  this.timeout(60_000);

  it("credits no session through a rule to a request whose rule somebody widened", async () => {
    using logs = folder().request(0).session(1, 300).open(600, { name: allowName, priority: 100 }).session(2, 900);
    const { trail } = await documentOf(logs);
    const ada = "ada@example.com";
    assert.deepEqual(trail.map(gist), [
      { person: ada, verdict: "granted", link: "correlation", by: ada, rule: allowName },
      { person: ada, verdict: "bypassed", link: "inferred", by: null, rule: allowName },
    ]);
    assert.equal(trail[1]?.rule?.author, "eve@example.com");
  });

  it("credits no session through a hand-made rule to a request that had been revoked", async () => {
    using logs = folder().request(0).session(1, 300).revoke(600).open(700).session(2, 1800);
    const { trail, grants, rules } = await documentOf(logs);
    const ada = "ada@example.com";
    assert.deepEqual(trail.map(gist), [
      { person: ada, verdict: "granted", link: "correlation", by: ada, rule: allowName },
      { person: ada, verdict: "bypassed", link: "inferred", by: null, rule: "OpenSsh" },
    ]);
    assert.equal(trail[1]?.because, "Rule OpenSsh by eve@example.com let it in, and no request asked for that.");
    assert.deepEqual(
      grants.map(({ until, askedUntil, endedBy, sessions }) => ({ until, askedUntil, endedBy, sessions })),
      [{ until: at(600), askedUntil: at(3600), endedBy: "revoked", sessions: 1 }],
    );
    assert.deepEqual(
      rules.map(({ name, kind, author, until }) => ({ name, kind, author, until })),
      [
        { name: allowName, kind: "requested", author: "Defender for Cloud", until: at(600) },
        { name: "OpenSsh", kind: "opened", author: "eve@example.com", until: null },
      ],
    );
  });

  it("says whose request it was, and what nobody requested", async () => {
    using logs = folder()
      .request(0, { by: "bob@example.com" })
      .session(1, 60)
      .session(2, 120, { userEmail: null })
      .session(3, 180, { userEmail: "BOB@example.com" })
      .session(4, 7200);
    const { trail } = await documentOf(logs.revoke(3600));
    assert.deepEqual(
      trail.map(({ verdict }) => verdict),
      ["borrowed", "unverified", "granted", "ungranted"],
    );
  });

  it("shows how a replaced request ended, and an unused grant", async () => {
    using logs = folder()
      .request(0)
      .request(600, { by: "bob@example.com" })
      .session(1, 900, { userEmail: "bob@example.com" });
    const { grants, unusedGrants } = await documentOf(logs);
    const ends = ({ by, until, endedBy }: (typeof grants)[number]) => ({ by, until, endedBy });
    const replaced = { by: "ada@example.com", until: at(600), endedBy: "replaced" };
    assert.deepEqual(grants.map(ends), [replaced, { by: "bob@example.com", until: at(4200), endedBy: "expired" }]);
    assert.deepEqual(unusedGrants.map(ends), [replaced]);
  });

  it("takes an hour without a blob between hours that have one for an empty one", async () => {
    using logs = folder().session(1, 600);
    assert.equal((await documentOf(logs)).trail[0]?.verdict, "ungranted");
  });

  it("goes by the flow log where that names the rule", async () => {
    using logs = folder().request(0).open(60).session(1, 600).flow(601, "OpenSsh").flow(590, "DenyAll", { state: "D" });
    const { trail, coverage } = await documentOf(logs);
    const [{ verdict, link, rule, flags, bytes, because } = {} as TrailRow] = trail;
    assert.deepEqual(
      { verdict, link, rule: rule?.name, flags, bytes, because },
      {
        ...{ verdict: "bypassed", link: "flow", rule: "OpenSsh", flags: ["denied"], bytes: 100 },
        because: "Rule OpenSsh by eve@example.com let it in, and no request asked for that.",
      },
    );
    assert.deepEqual(coverage.logs.flows, {
      ...{ state: "read", from: at(0), until: at(3600), gaps: [], recordsRead: 2, lastRecord: at(601) },
    });
  });

  it("does not call a session bypassed once Defender has removed a rule of which the log has no content", async () => {
    const id = `${nsgId}/securityRules/${allowName}`;
    const ports = [{ number: 22, allowedSourceAddressPrefix: "10.60.0.0/26", endTimeUtc: at(3600) }];
    const body = { virtualMachines: [{ id: vmId, ports }] };
    using logs = folder().event(0, initiate, policyId, { id: "c", body }).session(1, 600).flow(601, allowName);
    const said = async () =>
      (await documentOf(logs)).trail.map(({ verdict, link, request }) => [verdict, link, request?.correlationId]);
    assert.deepEqual(await said(), [["granted", "inferred", "c"]]);
    logs.event(2, ruleWrite, id, { id: "d", app: defenderApp });
    assert.deepEqual(await said(), [["granted", "inferred", "c"]]);
    logs.event(3600, ruleDelete, id, { id: "e", app: defenderApp });
    assert.deepEqual(await said(), [["granted", "ambiguous", "c"]]);
  });

  it("knows an instance of a scale set by the name that Defender's rule has for it", async () => {
    const id = vmId.replace(/virtualMachines\/.*/, "virtualMachineScaleSets/pool/virtualMachines/3");
    const ports = [{ number: 22, allowedSourceAddressPrefix: "10.60.0.0/26", endTimeUtc: at(3600) }];
    const allow = wireRule(allowName, { description: "MDC JIT Network Access rule for policy 'p' of VM 'pool_3'." });
    using logs = folder()
      .session(1, 600, { targetResourceId: id })
      .event(0, initiate, policyId, { id: "c", body: { virtualMachines: [{ id, ports }] } })
      .event(2, nsgWrite, nsgId, { id: "c", app: defenderApp, body: { properties: { securityRules: [allow] } } });
    const { trail } = await documentOf(logs);
    assert.deepEqual(
      trail.map((row) => [row.vmName, row.verdict, row.link]),
      [["pool_3", "granted", "correlation"]],
    );
  });

  it("knows a VM and a group by their ids, with or without a slash around them", async () => {
    const ports = [{ number: 22, allowedSourceAddressPrefix: "10.60.0.0/26", endTimeUtc: at(3600) }];
    using logs = folder()
      .session(1, 600, { targetResourceId: vmId.toUpperCase().slice(1) })
      .session(2, 700, { targetResourceId: `${vmId}/` })
      .event(0, initiate, policyId, { id: "c", body: { virtualMachines: [{ id: `${vmId}/`, ports }] } })
      .event(2, ruleWrite, `${nsgId}/securityRules/${allowName}/`, {
        id: "c",
        app: defenderApp,
        body: wireRule(allowName),
      });
    const { trail } = await documentOf(logs);
    assert.deepEqual(
      trail.map((row) => [row.vm, row.vmName, row.verdict, row.link]),
      [
        [vmId, "web", "granted", "correlation"],
        [vmId, "web", "granted", "correlation"],
      ],
    );
  });

  it("gives a session before 1970 no end that no log has", async () => {
    const before = Date.parse("0001-01-01T00:00:00Z") / 1000 - Date.parse(at(0)) / 1000;
    using logs = folder().session(1, before, { sessionStartTime: null, sessionEndTime: null, duration: null });
    const [row] = (await documentOf(logs)).trail;
    assert.deepEqual([row?.start, row?.end, row?.state], ["0001-01-01T00:00:00.000Z", null, "unknown"]);
  });

  it("takes the real end of a session from the flow log where no other log has it", async () => {
    const endless = { sessionEndTime: null, duration: null };
    using logs = folder().request(0).session(1, 600, endless).flow(601, allowName, { until: 4000 });
    const [{ end, durationSeconds, state, flags, verdict, link } = {} as TrailRow] = (await documentOf(logs)).trail;
    assert.deepEqual(
      { end, durationSeconds, state, flags, verdict, link },
      { end: at(4000), durationSeconds: 3400, state: "closed", flags: ["outlived"], verdict: "granted", link: "flow" },
    );
  });

  it("takes no end from the flow log that is before the start, where clocks differ", async () => {
    const endless = { sessionEndTime: null, duration: null };
    using logs = folder().request(0).session(1, 600, endless).flow(500, allowName, { until: 520 });
    const [{ end, durationSeconds, state, link } = {} as TrailRow] = (await documentOf(logs)).trail;
    assert.deepEqual([end, durationSeconds, state, link], [null, null, "open", "flow"]);
  });
});
