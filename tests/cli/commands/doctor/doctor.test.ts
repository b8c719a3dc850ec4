import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { doctorOptions } from "../../../../cli/commands/doctor/options.ts";
import { runDoctor } from "../../../../cli/commands/doctor/doctor.ts";
import { subjectOf } from "../../../../cli/commands/doctor/subject.ts";
import type { Settings } from "../../../../cli/settings/settings.ts";
import type { SettingValues } from "../../../../cli/settings/settingValues.ts";
import { AccessBench, given } from "../../accessBench.ts";
import { fixedSettings } from "../../settings/fixedSettings.ts";
import { hostId, subscriptionId } from "./fixture.ts";
import { forSuite } from "../../../held.ts";

interface Found {
  readonly code: string;
  readonly message: string;
  readonly resource: string;
  readonly accepted: unknown;
}

describe("doctor", () => {
  const azure = forSuite(() => AccessBench.start());
  afterEach(() => azure.reset());

  async function run(values: object = {}) {
    const io = azure.io();
    const exitCode = await runDoctor(given(doctorOptions, { json: true, ...values }), io, azure.open);
    const { findings, checks } = JSON.parse(io.written.stdout) as { findings: Found[]; checks: { status: string }[] };
    return { exitCode, findings, checks, stderr: io.written.stderr };
  }

  it("refuses unknown checks and codes before it calls Azure", async () => {
    const refused = (values: object) =>
      assert.rejects(
        runDoctor(given(doctorOptions, values), azure.io(), () => Promise.reject(new Error("asked"))),
        {
          name: "UserError",
          message: /^Unknown (check 'nsg'\. Unknown check 'x'|finding 'nothing')\.$/,
        },
      );
    await refused({ only: "nsg, jit,x" });
    await refused({ ignore: ["nothing"] });
    const several = { only: "jt,network", ignore: ["immutability"] };
    await assert.rejects(runDoctor(given(doctorOptions, several), azure.io(), azure.open), {
      message:
        "Unknown check 'jt'. Did you mean 'jit'? --only takes one or more of providers, defender, permissions, bastion, " +
        "diagnostics, archive, records, immutability, activity, flow-logs, jit, network, standing-rules, orphaned-rules. " +
        "Unknown finding 'immutability'. Did you mean 'immutability-blocks-logs' or 'immutability-off' or 'immutability-unlocked'?",
    });
    await assert.rejects(runDoctor(given(doctorOptions, { json: true, csv: true }), azure.io(), azure.open), {
      message: "--json and --csv cannot be combined.",
    });
  });

  it("refuses options of checks that --only leaves out", async () => {
    const values = { only: "jit", role: ["operator"], maxAge: 3_600_000, workspaceRecords: true };
    await assert.rejects(runDoctor(given(doctorOptions, values), azure.io(), azure.open), {
      message:
        "--role has no effect: --only leaves out the check permissions. Add permissions to --only, or leave out --role. " +
        "--max-age has no effect: --only leaves out the check records. Add records to --only, or leave out --max-age. " +
        "--workspace-records has no effect: --only leaves out the check records.",
      nextStep: "Add records to --only, or leave out --workspace-records.",
    });
  });

  it("refuses parts of a deployment for a whole subscription", async () => {
    const values = { wholeSubscription: true, bastion: "/subscriptions/x", workspace: "y" };
    await assert.rejects(runDoctor(given(doctorOptions, values), azure.io(), azure.open), {
      message:
        "--bastion and --whole-subscription cannot be combined. Leave out --bastion or --whole-subscription. " +
        "--workspace and --whole-subscription cannot be combined.",
      nextStep: "Leave out --workspace or --whole-subscription.",
    });
  });

  it("checks a host that is given without the rest of a deployment", async () => {
    const { exitCode, findings, stderr } = await run({ only: "Bastion, diagnostics" });
    assert.deepEqual(
      [exitCode, findings.map(({ code, message }) => [code, message])],
      [1, [["audit-not-sent", "No diagnostic setting sends the audit logs of bas-main."]]],
    );
    assert.equal(stderr, "1 error, 0 warnings, 0 infos, 1 of 2 checks passed.\n");
  });

  it("reports what a refusal leaves unknown, and counts what is accepted", async () => {
    await azure.fault({ kind: "status", status: 403, path: "pricings/", code: "AuthorizationFailed", message: "No." });
    const only = { only: "defender,providers" };
    const { exitCode, findings, checks, stderr } = await run(only);
    assert.deepEqual(
      [exitCode, findings.map(({ code }) => code), checks.map(({ status }) => status)],
      [1, ["permission-denied"], ["passed", "unknown"]],
    );
    assert.equal(stderr, "0 errors, 1 warning, 0 infos, 1 of 2 checks passed, 1 not done in full.\n");
    const accepted = await run({ ...only, ignore: ["permission-denied"] });
    assert.deepEqual(
      [accepted.exitCode, accepted.stderr],
      [0, "0 errors, 0 warnings, 0 infos, 1 ignored, 2 of 2 checks passed.\n"],
    );
  });

  it("shows a known finding as accepted until its day, and does not fail for it", async () => {
    const accept = join(azure.folder, "accepted.json");
    const reason = { reason: "moved in June", owner: "ops" };
    const asked = { only: "diagnostics", accept };
    writeFileSync(accept, JSON.stringify({ doctor: [{ code: "audit-not-sent", ...reason, expires: "9999-12-31" }] }));
    const { exitCode, findings, checks, stderr } = await run(asked);
    assert.deepEqual(
      [exitCode, findings.map(({ code, accepted }) => [code, accepted]), checks.map(({ status }) => status)],
      [0, [["audit-not-sent", { ...reason, expires: "9999-12-31T23:59:59.999Z" }]], ["passed"]],
    );
    assert.equal(stderr, "0 errors, 0 warnings, 0 infos, 1 accepted, 1 of 1 check passed.\n");
    writeFileSync(accept, JSON.stringify({ doctor: [{ code: "audit-not-sent", ...reason, expires: "2026-01-01" }] }));
    const expired = await run(asked);
    assert.deepEqual([expired.exitCode, expired.findings.map(({ accepted }) => accepted)], [1, [null]]);
    assert.equal(expired.stderr.split("\n")[0], `Expired in ${accept}: doctor.0. What they accepted counts again.`);
  });

  it("names the entries of a file that match no finding", async () => {
    const accept = join(azure.folder, "accepted.json");
    const why = { reason: "moved in June", owner: "ops", expires: "9999-12-31" };
    const doctor = [
      { code: "audit-not-sent", resource: "bas-mian", ...why },
      { code: "audit-not-sent", resource: "bas-main", ...why },
      { code: "vm-public-address", ...why },
    ];
    writeFileSync(accept, JSON.stringify({ doctor }));
    const { stderr } = await run({ accept });
    assert.equal(stderr.split("\n")[0], `No finding matches these entries of ${accept}: doctor.0, doctor.2.`);
    const part = await run({ accept, only: "diagnostics" });
    assert.equal(part.stderr, "0 errors, 0 warnings, 0 infos, 1 accepted, 1 of 1 check passed.\n");
    const ignored = await run({ accept, ignore: ["audit-not-sent"] });
    assert.equal(ignored.stderr.split("\n")[0], `No finding matches these entries of ${accept}: doctor.0, doctor.2.`);
  });

  it("repeats requests while Azure is busy", async () => {
    await azure.fault({ kind: "status", status: 429, retryAfter: 0, times: 2, path: "pricings/" });
    assert.deepEqual((await run({ only: "defender" })).findings, []);
  });

  it("does not pass VMs whose interfaces it does not see", async () => {
    const { findings } = await run({ only: "jit,network,standing-rules" });
    assert.deepEqual(
      findings.map(({ code, message }) => [code, message]),
      ["vm-app", "vm-two"].map((name) => [
        "nic-unseen",
        `You see no network interface of ${name}, so what reaches it is unknown.`,
      ]),
    );
  });

  it("stops when it is interrupted", async () => {
    const io = azure.io();
    io.interrupt();
    await assert.rejects(runDoctor(given(doctorOptions, {}), io, azure.open), { name: "AbortError" });
  });
});

describe("what doctor examines", () => {
  const settings = (known: Partial<SettingValues>): Settings => ({
    ...fixedSettings(known),
    need: (name) => (name in known ? Promise.resolve(known[name]!) : Promise.reject(new Error(`no ${name}`))),
  });

  it("is the deployment that the settings name, in its own subscription", async () => {
    const known = { subscriptionId: "other", bastionHostId: hostId, workspaceId: "/law" };
    assert.deepEqual(await subjectOf(settings(known), false), {
      subscriptionId,
      bastionHostId: hostId,
      workspaceId: "/law",
    });
    assert.deepEqual(await subjectOf(settings(known), true), { subscriptionId: "other" });
  });

  it("is the subscription if they name none", async () => {
    assert.deepEqual(await subjectOf(settings({ subscriptionId }), false), { subscriptionId });
    await assert.rejects(subjectOf(settings({}), false), { message: "no subscriptionId" });
  });
});
