import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AzureFailure } from "../../../../cli/azure/failure.ts";
import { ArmClient } from "../../../../cli/azure/armClient.ts";
import { publicCloud } from "../../../../cli/azure/cloud.ts";
import type { ArmAccess } from "../../../../cli/armAccess.ts";
import { statusOptions } from "../../../../cli/commands/status/options.ts";
import { writeProfiles } from "../../../../cli/settings/profiles.ts";
import { runStatus } from "../../../../cli/commands/status/runStatus.ts";
import { roleFilePath } from "../../../../cli/roleFiles.ts";
import { jitId, versions } from "../../../sandbox/auditResources.ts";
import { ada } from "../../../sandbox/bastion/sessionFixture.ts";
import { AccessBench, given, logOf, noLog } from "../../accessBench.ts";
import type { FakeOptions } from "../../fakeIo.ts";
import { JitBench, pick } from "../jit/jitBench.ts";
import { fixedSettings } from "../../settings/fixedSettings.ts";
import { forSuite } from "../../../held.ts";

describe("status", () => {
  const azure = forSuite(() => AccessBench.start());
  afterEach(async () => {
    rmSync(join(azure.folder, "profiles"), { recursive: true, force: true });
    await azure.reset();
  });

  /** Flags that say where the bench is. */
  const here = () => {
    const { plane, path } = azure.bench;
    return { subscription: plane.identity.subscriptionId, bastion: path.bastionId };
  };

  async function status(
    values: object = {},
    more: { log?: typeof noLog | ReturnType<typeof logOf>; open?: () => Promise<ArmAccess>; io?: FakeOptions } = {},
  ) {
    const io = azure.io(more.io);
    const options = given(statusOptions, { ...here(), ...values });
    const exitCode = await runStatus(options, io, more.open ?? azure.open, more.log ?? noLog);
    return { exitCode, ...io.written };
  }

  async function json(...args: Parameters<typeof status>) {
    const [values, more] = args;
    const { exitCode, stdout, stderr } = await status({ ...values, json: true }, more);
    return { exitCode, stderr, shown: JSON.parse(stdout) as Record<string, unknown> };
  }

  it("shows the identity, the origin of each setting, the caller's requests, and who is connected", async () => {
    const { plane, path } = azure.bench;
    await azure.bench.request(60);
    const { tunnelId } = await azure.bench.connected({ minutes: 30 });
    const log = logOf([{ tunnelId, clientIp: "203.0.113.7", person: ada }]);
    const { exitCode, stderr, shown } = await json({}, { log });
    assert.deepEqual([exitCode, stderr], [0, ""]);
    const { identity, profile, settings, requests, sessions, problems, ...others } = shown;
    assert.deepEqual(Object.keys(others), []);
    const { shownName, account, tenantId } = identity as Record<string, unknown>;
    assert.deepEqual([shownName, account, tenantId], [ada, ada, plane.identity.tenantId]);
    assert.deepEqual([profile, problems], [null, []]);
    assert.deepEqual(settings, [
      { name: "subscriptionId", value: plane.identity.subscriptionId, from: "--subscription" },
      { name: "bastionHostId", value: path.bastionId, from: "--bastion" },
    ]);
    const [request, ...further] = requests as Record<string, unknown>[];
    assert.deepEqual(
      [request?.state, request?.vmName, request?.port, request?.requestor, further],
      ["active", "vm-app", 22, ada, []],
    );
    const [session, ...rest] = sessions as Record<string, unknown>[];
    assert.deepEqual(
      [session?.sessionId, session?.person, session?.clientIp, session?.log, rest],
      [tunnelId, ada, "203.0.113.7", "found", []],
    );
  });

  it("has no request of somebody else, and none that has ended", async () => {
    const { plane } = azure.bench;
    await azure.bench.request(5);
    await plane.clock.advance(10 * 60_000);
    const { body } = await plane.admin("POST", "/sandbox/token", { user: "bob@example.com" });
    const { access_token: token } = body as { access_token: string };
    const endTimeUtc = new Date(plane.clock.now().getTime() + 3_600_000).toISOString();
    const port = { number: 22, allowedSourceAddressPrefix: "10.0.0.0/26", endTimeUtc };
    const policy = jitId(plane, "jit-vm-app");
    const answer = await fetch(`${plane.arm.endpoint}${policy}/initiate?api-version=${versions.jit}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ virtualMachines: [{ id: azure.bench.path.vmId, ports: [port] }] }),
    });
    assert.equal(answer.status, 202, await answer.text());
    assert.deepEqual((await json()).shown.requests, []);
  });

  it("has findings if the audit log cannot be read", async () => {
    await azure.bench.request(60);
    await azure.bench.connected({ minutes: 30 });
    const log = () => () => Promise.reject(new Error("No access"));
    const { exitCode, stderr, shown } = await json({}, { log });
    assert.deepEqual(
      [exitCode, (shown.sessions as { log: string }[]).map((session) => session.log), shown.problems, stderr],
      [
        1,
        ["unread"],
        [{ part: "log", message: "No access.", nextStep: "Add --debug to see where it happened." }],
        "warning: client addresses and persons are missing, because the audit log was not read: No access. Add --debug to see where it happened.\n",
      ],
    );
  });

  it("is a page of three tables", async () => {
    await azure.bench.request(60);
    const { stdout, stderr, exitCode } = await status();
    assert.deepEqual([exitCode, stderr], [0, ""]);
    const lines = stdout.split("\n").map((line) => line.trimEnd());
    const { plane } = azure.bench;
    assert.deepEqual(lines.slice(0, 7), [
      `Signed in as ${ada}, tenant ${plane.identity.tenantId}.`,
      "No profile in use.",
      "",
      "SETTING       VALUE                                 FROM",
      `subscription  ${plane.identity.subscriptionId}  --subscription`,
      "Bastion host  bas-main                              --bastion",
      "",
    ]);
    assert.match(
      lines.slice(7).join("\n"),
      /^Your requests\n +LEFT +VM .*\n *1h 00m +vm-app +22 .* active .*\n\nConnected now\nNobody\.\n$/,
    );
  });

  it("does not show a request as active if its rule was deleted, however narrow the terminal is", async () => {
    await azure.bench.request(60);
    await new JitBench(azure).deleteRules();
    const states = ((await json()).shown.requests as Record<string, unknown>[]).map((row) =>
      pick(row, "state", "rule"),
    );
    assert.deepEqual(states, [["closed", "missing"]]);
    const { stdout, exitCode } = await status({}, { io: { columns: 40 } });
    assert.equal(exitCode, 0);
    assert.match(stdout, /\nYour requests\n +LEFT +VM +PORT +STATE .*\n.* vm-app +22 +closed .*\n/);
  });

  it("says of which VM it is not known whether its ports are open", async () => {
    await azure.bench.request(60);
    await azure.fault(denied("networkSecurityGroups/"));
    const { exitCode, stderr, shown } = await json();
    assert.deepEqual(
      [exitCode, (shown.requests as { state: string }[]).map(({ state }) => state), stderr],
      [1, ["unknown"], `warning: whether the ports of vm-app are open is unknown: ${ask("operator")}\n`],
    );
  });

  it("shows the rest where a policy or a session has an unexpected form", async () => {
    await azure.bench.request(60);
    const open = azure.openWith("jitNetworkAccessPolicies", { id: "/policies/odd-jit" });
    const { exitCode, stderr, shown } = await json({}, { open });
    assert.deepEqual([exitCode, (shown.requests as unknown[]).length], [1, 1]);
    const message = "Azure's answer for a JIT policy, odd-jit, has an unexpected form (name).";
    assert.equal(stderr, `warning: could not read your requests: ${message}\n`);
    assert.deepEqual(shown.problems, [{ part: "requests", message, nextStep: "" }]);
  });

  it("says which profile is in use", async () => {
    const env = { BASTION_TRAIL_STATE: azure.folder };
    const { subscription, bastion } = here();
    const values = { subscriptionId: subscription, bastionHostId: bastion };
    const profile = { name: "prod", from: "stack 'prod'", savedAt: "2026-05-04T10:00:00.000Z", values };
    await writeProfiles(env, { used: "prod", profiles: [profile] });
    const { shown } = await json({ subscription: undefined, bastion: undefined });
    assert.equal(shown.profile, "prod");
    assert.deepEqual(
      (shown.settings as { from: string }[]).map(({ from }) => from),
      ["profile 'prod'", "profile 'prod'"],
    );
  });

  const denied = (path: string) => ({
    kind: "status" as const,
    status: 403,
    code: "AuthorizationFailed",
    message: "You may not.",
    path,
  });
  const ask = (role: "operator") =>
    `You may not. Ask for the role Bastion Trail Operator (${roleFilePath(role)}); a new role takes a few minutes to apply.`;

  it("shows the rest where one may not see who is connected", async () => {
    await azure.bench.request(60);
    await azure.fault(denied("getActiveSessions"));
    const { exitCode, stderr, shown } = await json();
    assert.deepEqual(
      [exitCode, shown.sessions, (shown.requests as unknown[]).length, stderr],
      [1, null, 1, `warning: could not read the open sessions: ${ask("operator")}\n`],
    );
    assert.deepEqual(shown.problems, [
      { part: "sessions", message: "You may not.", nextStep: ask("operator").replace("You may not. ", "") },
    ]);
  });

  it("shows the rest where one may not see the JIT policies", async () => {
    await azure.fault(denied("jitNetworkAccessPolicies"));
    const { exitCode, stderr, shown } = await json();
    assert.deepEqual(
      [exitCode, shown.requests, shown.sessions, stderr],
      [1, null, [], `warning: could not read your requests: ${ask("operator")}\n`],
    );
  });

  it("shows where one is where nobody is signed in, and says that once", async () => {
    const failure = new AzureFailure("Not signed in to Azure.", "Run `az login`.");
    const credential = { getToken: () => Promise.reject(failure) };
    const arm = new ArmClient({ cloud: publicCloud, credential });
    const open = () => Promise.resolve({ cloud: publicCloud, credential, arm, settings: fixedSettings({}) });
    const { exitCode, stdout, stderr } = await status({}, { open });
    assert.equal(exitCode, 1);
    assert.match(stdout, /^Not signed in\.\nNo profile in use\.\n\nSETTING .*\nsubscription .*\nBastion host .*\n$/);
    assert.equal(
      stderr,
      "warning: could not read your requests and the open sessions: Not signed in to Azure. Run `az login`.\n",
    );
  });

  it("shows who one is where no deployment is known", async () => {
    const { exitCode, stderr, shown } = await json({ subscription: undefined, bastion: undefined });
    assert.deepEqual([exitCode, shown.settings, shown.requests, shown.sessions], [1, [], null, null]);
    const hint = "or name the deployment with --stack, --outputs or --profile.";
    assert.equal(
      stderr,
      `warning: could not read your requests: The Azure subscription is not known. Pass --subscription ID, ${hint}\n` +
        `warning: could not read the open sessions: The Bastion host is not known. Pass --bastion ID, ${hint}\n`,
    );
    assert.ok(shown.identity);
  });

  it("reports why a setting is unknown, and shows the others", async () => {
    const env = { BASTION_TRAIL_WORKSPACE: "law", BASTION_TRAIL_TENANT: "contoso.example" };
    const { exitCode, stderr, shown } = await json({}, { io: { env } });
    assert.equal(exitCode, 1);
    assert.match(
      stderr,
      /^warning: could not read all settings: The Log Analytics workspace 'law' from BASTION_TRAIL_WORKSPACE must be a GUID/,
    );
    assert.deepEqual(
      (shown.settings as { name: string }[]).map(({ name }) => name),
      ["subscriptionId", "tenantId", "bastionHostId"],
    );
  });

  it("reports once why several parts cannot be read", async () => {
    const { exitCode, stderr, shown } = await json({ subscription: undefined, bastion: undefined, profile: "nope" });
    assert.equal(
      stderr,
      "warning: could not read all settings, your requests, the open sessions: Profile 'nope' not found. There are no profiles. " +
        "Make one with: bastion-trail use FILE.\n",
    );
    assert.deepEqual([exitCode, shown.profile, (shown.problems as unknown[]).length], [1, "nope", 3]);
  });

  it("shows the rest where the profiles file is damaged", async () => {
    mkdirSync(join(azure.folder, "profiles"), { mode: 0o700 });
    writeFileSync(join(azure.folder, "profiles", "profiles.json"), "{");
    const { exitCode, stderr, shown } = await json();
    assert.equal(exitCode, 1);
    assert.match(stderr, /^warning: could not read the profiles, all settings: The profiles file .* is damaged\./);
    assert.deepEqual([shown.requests, shown.sessions], [[], []]);
    assert.equal((shown.settings as unknown[]).length, 2);
  });
});
