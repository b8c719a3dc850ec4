import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { call } from "../../sandbox/adminClient.ts";
import { forSuite } from "../held.ts";
import { CiMachine, ciStack } from "./ciMachine.ts";
import { bot, GhStub } from "./ghStub.ts";
import { ada, smallConfig } from "./harness.ts";
import { runWorkflow, type JobRun, type Outcome } from "./workflowRun.ts";

type Runs = Readonly<Record<string, JobRun>>;

const mallory = "mallory@example.com";
const web = { name: "web", login: "entraId" };
const desk = { name: "desk", os: "windows" };
const config = { ...smallConfig, vms: [web, desk] };

/** One repository, from its first deployment to the nights after. Each step goes on from the one before. */
describe("the GitHub workflows, in the sandbox", () => {
  const machine = forSuite(() => CiMachine.start());
  let gh: GhStub;

  before(() => {
    machine.config = config;
    gh = new GhStub(machine.programs);
  });

  function run(file: string, github: Readonly<Record<string, unknown>>): Promise<Runs> {
    const { sandbox, env } = machine;
    return runWorkflow(file, {
      folder: machine.folder("runner"),
      machine: env,
      checkout: (folder) => {
        machine.checkout(folder);
      },
      vars: {
        AZURE_TENANT_ID: sandbox.description.tenantId,
        AZURE_SUBSCRIPTION_ID: sandbox.description.subscriptionId,
        AZURE_READER_CLIENT_ID: "reader",
        AZURE_AUDITOR_CLIENT_ID: "auditor",
        AZURE_DEPLOYER_CLIENT_ID: "deployer",
        PULUMI_BACKEND_URL: env.PULUMI_BACKEND_URL!,
      },
      github: { repository: "o/r", server_url: "https://github.com", run_id: 99, token: "token", ...github },
    });
  }

  const push = () => run("deploy.yml", { event_name: "push", ref: "refs/heads/main", event: {} });
  const night = (ref = "refs/heads/main") => run("nightly.yml", { event_name: "schedule", ref, event: {} });
  function pullRequest(from = "o/r"): Promise<Runs> {
    const event = { pull_request: { number: 7, head: { repo: { full_name: from } } } };
    return run("deploy.yml", { event_name: "pull_request", ref: "refs/pull/7/merge", event });
  }

  function assertResults(runs: Runs, expected: Readonly<Record<string, Outcome>>): void {
    const results = Object.fromEntries(Object.entries(runs).map(([name, { result }]) => [name, result]));
    const logs = Object.entries(runs).map(([name, { log }]) => `${name}:\n${log}`);
    assert.deepEqual(results, expected, logs.join("\n"));
  }

  const previewed = { preview: "success", comment: "success", up: "skipped", trail: "skipped" } as const;
  const ownComments = () => gh.comments.filter(({ user }) => user.login === bot);

  it("deploys on main, and puts the links and the trail into the job summary", async () => {
    const runs = await push();
    assertResults(runs, { preview: "skipped", comment: "skipped", up: "success", trail: "success" });
    assert.match(runs.up!.summary, /^### Links of dev\n- \[archiveContainer\]\(https:\/\/portal\.azure\.com\//);
    assert.match(runs.up!.summary, /\n- \[virtualMachines \/ web\]\(https:\/\/portal\.azure\.com\/#@[^)\s]+\/web\)\n/);
    assert.equal(runs.trail!.summary, "### Access trail of dev, last 24 hours\nNo sessions.\n");
    assert.deepEqual([runs.up!.identities, runs.trail!.identities], [["deployer"], ["auditor"]]);
  });

  it("says nothing in a pull request that changes nothing", async () => {
    const runs = await pullRequest();
    assertResults(runs, previewed);
    assert.deepEqual(runs.preview!.identities, ["reader"]);
    assert.deepEqual(gh.writes(), []);
  });

  it("leaves a fork's pull request alone", async () => {
    assertResults(await pullRequest("fork/r"), { ...previewed, preview: "skipped", comment: "skipped" });
    assert.deepEqual(gh.writes(), []);
  });

  it("comments on what a pull request changes, without the stack's secrets", async () => {
    gh.add({ comments: [{ id: 1, of: 7, user: { login: "eve" }, body: "### Preview of `dev`\n\nNot yours." }] });
    machine.config = { ...config, vms: [web] };
    assertResults(await pullRequest(), previewed);
    assert.deepEqual(gh.writes(), ["POST issues/7/comments"]);
    const { body } = ownComments()[0]!;
    const head =
      /^### Preview of `dev`\n\n8 to delete, 1 to update\. \[Log\]\(https:\/\/github\.com\/o\/r\/actions\/runs\/99\)\n\n<details>/;
    assert.match(body, head);
    assert.match(body, /azure-native:compute:VirtualMachine: \(delete\)/);
    assert.match(body, /adminPassword *: \[secret\]/);
    assert.ok(!body.includes(await password()));
  });

  /** The password of the stack that a preview could show. */
  async function password(): Promise<string> {
    const folder = machine.folder("stack");
    machine.checkout(folder);
    const args = ["stack", "export", "--show-secrets", "--stack", ciStack, "--non-interactive"];
    const options = { cwd: folder, env: machine.env, maxBuffer: 1 << 26 };
    const { stdout } = await promisify(execFile)("pulumi", args, options);
    const [, plaintext] =
      /"type": "random:index\/randomPassword:RandomPassword".*?"plaintext": ("(?:[^"\\]|\\.)*")/s.exec(stdout)!;
    return JSON.parse(JSON.parse(plaintext!) as string) as string;
  }

  it("updates this comment at a later push, within the longest that GitHub takes", async () => {
    const tags = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`tag${index}`, "<".repeat(200)]));
    machine.config = { ...config, tags };
    assertResults(await pullRequest(), previewed);
    assert.deepEqual(gh.writes(), ["PATCH issues/comments/2"]);
    const { body } = ownComments()[0]!;
    assert.match(body, /^### Preview of `dev`\n\n1 to replace, \d+ to update\. /);
    assert.ok(body.length > 60_000 && body.endsWith("\n</pre>\n\n</details>\n"));
  });

  it("says in it that the preview failed, and why", async () => {
    machine.config = { ...config, bastionSku: "Huge" };
    assertResults(await pullRequest(), { ...previewed, preview: "failure" });
    assert.deepEqual(gh.writes(), ["PATCH issues/comments/2"]);
    const { body } = ownComments()[0]!;
    assert.match(body, /^### Preview of `dev`\n\nThe preview failed\. \[Log\]/);
    assert.match(body, /bastion-trail:bastionSku is &quot;Huge&quot;; must be one of Developer, Basic/);
  });

  it("says in it what a policy refuses", async () => {
    machine.config = { ...config, vms: [{ ...web, jitMaxDuration: "24h" }, desk] };
    assertResults(await pullRequest(), { ...previewed, preview: "failure" });
    assert.match(ownComments()[0]!.body, /jit-policy-bounded/);
    gh.writes();
  });

  it("corrects the comment when the change is gone", async () => {
    machine.config = config;
    assertResults(await pullRequest(), previewed);
    assert.deepEqual(gh.writes(), ["PATCH issues/comments/2"]);
    assert.deepEqual(
      ownComments().map(({ body }) => body),
      ["### Preview of `dev`\n\nThis pull request no longer changes anything.\n"],
    );
  });

  it("opens no issue in a night without findings, and a request is none", async () => {
    await machine.nextDay("09:00");
    await machine.sandbox.request("web");
    await connect(ada);
    await machine.nextDay("04:17");
    await machine.sandbox.request("web");
    const runs = await night();
    assertResults(runs, { checks: "success", issue: "success" });
    assert.deepEqual(runs.checks!.identities, ["auditor"]);
    assert.match(runs.checks!.summary, /^### Access trail of dev, \d{4}-\d\d-\d\d\n/);
    assert.match(runs.checks!.summary, /granted/);
    assert.deepEqual(gh.issues, []);
  });

  async function connect(user: string): Promise<void> {
    await machine.sandbox.succeed("connect", "--vm", "web", "--user", user, "--minutes", "10");
  }

  async function rule(method: "PUT" | "DELETE"): Promise<void> {
    const { description } = machine.sandbox;
    const { access_token: token } = await machine.sandbox.admin("POST", "/sandbox/token", { user: mallory });
    const group = `/subscriptions/${description.subscriptionId}/resourceGroups/trail/providers/Microsoft.Network/networkSecurityGroups/web-nsg`;
    const properties = {
      ...{ access: "Allow", direction: "Inbound", protocol: "Tcp", priority: 300 },
      ...{ sourceAddressPrefix: "VirtualNetwork", sourcePortRange: "*" },
      ...{ destinationAddressPrefix: "*", destinationPortRange: "22" },
    };
    const path = `${group}/securityRules/quick-fix?api-version=2024-05-01`;
    const body = method === "PUT" ? { body: { properties } } : {};
    const { status } = await call(description, method, path, { token: token as string, ...body });
    assert.ok(status < 300);
    await machine.sandbox.succeed("clock", "+1m");
  }

  const findings = (drift: Outcome, doctor: Outcome, trail: Outcome) =>
    "The findings are in the [log of the latest run](https://github.com/o/r/actions/runs/99). " +
    `The next run without findings closes this issue.\n\n- drift: ${drift}\n- doctor: ${doctor}\n- trail: ${trail}`;

  it("runs every check, and opens one issue for what they find", async () => {
    gh.add({
      issues: [{ number: 1, title: "Nightly checks of dev", body: "", state: "open", user: { login: "eve" } }],
    });
    await machine.nextDay("09:00");
    await rule("PUT");
    await connect(mallory);
    await machine.nextDay("04:17");
    const runs = await night();
    assertResults(runs, { checks: "failure", issue: "success" });
    assert.match(runs.checks!.summary, /bypassed/);
    const { title, body, state } = gh.issues[1]!;
    assert.deepEqual(
      [title, state, body],
      ["Nightly checks of dev", "open", findings("failure", "failure", "failure")],
    );
    assert.deepEqual(gh.writes(), ["POST issues"]);
  });

  it("updates this issue while there are findings, and leaves out accepted ones", async () => {
    const accepted = { code: "jit-bypassed", reason: "INC-1042", owner: "platform", expires: "2099-12-31" };
    machine.files = { "accepted.yaml": stringify({ doctor: [accepted] }) };
    await machine.nextDay("04:17");
    assertResults(await night(), { checks: "failure", issue: "success" });
    assert.deepEqual(gh.writes(), ["PATCH issues/2"]);
    assert.equal(gh.issues[1]!.body, findings("failure", "success", "success"));
  });

  it("closes it after a night without findings", async () => {
    await rule("DELETE");
    assertResults(await night(), { checks: "success", issue: "success" });
    assert.deepEqual(gh.writes(), ["POST issues/2/comments", "PATCH issues/2"]);
    assert.deepEqual(
      gh.issues.map(({ state }) => state),
      ["open", "closed"],
    );
  });

  it("does not look at another branch than main", async () => {
    assertResults(await night("refs/heads/feature"), { checks: "skipped", issue: "skipped" });
  });
});
