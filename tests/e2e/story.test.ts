import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { forSuite } from "../held.ts";
import { BootstrapPlace } from "./bootstrapPlace.ts";
import { CiMachine } from "./ciMachine.ts";
import { GhStub } from "./ghStub.ts";
import { smallConfig, type CommandOutcome } from "./harness.ts";
import { runWorkflow, type JobRun, type Outcome } from "./workflowRun.ts";

type Texts = Readonly<Record<string, string>>;
type Runs = Readonly<Record<string, JobRun>>;

const production = { ...smallConfig, tags: { owner: "platform" } };
const staging = {
  ...smallConfig,
  namePrefix: "stage",
  defenderPlan: "assume",
  vms: [{ name: "next", login: "entraId" }],
};

/** From an empty subscription to guarded pipelines, and back. Each step goes on from the one before. */
describe("a subscription's story", () => {
  const machine = forSuite(() => CiMachine.start());
  let place: BootstrapPlace;
  let gh: GhStub;
  let atFirst: readonly string[];
  /** Variables of each environment's jobs, by the name of its stack. */
  const variables: Record<string, Texts> = {};

  before(async () => {
    place = await BootstrapPlace.open(machine);
    gh = new GhStub(machine.programs);
    atFirst = await remaining();
  });

  /** All but the group in which Azure keeps its Network Watchers. */
  async function remaining(): Promise<string[]> {
    return (await place.everything()).filter((id) => !/\/networkwatcherrg$/i.test(id));
  }

  /** Prepares an environment, and keeps the variables and stack file that its jobs have. */
  async function prepare(stack: string, config: object, ...args: readonly string[]): Promise<void> {
    const { stdout } = await place.succeed(["--stack", stack, "--repository", "o/r", "--json", ...args]);
    const { variables: given } = JSON.parse(stdout) as { variables: { name: string; value: string }[] };
    variables[stack] = Object.fromEntries(given.map(({ name, value }) => [name, value]));
    const own = Object.entries(config).map(([key, value]) => [`bastion-trail:${key}`, value as unknown] as const);
    const file = `Pulumi.${stack}.yaml`;
    const text = `${readFileSync(join(place.folder, file), "utf8")}${stringify({ config: Object.fromEntries(own) })}`;
    machine.files = { ...machine.files, [file]: text };
  }

  function run(file: string, stack: string, github: Readonly<Record<string, unknown>>): Promise<Runs> {
    return runWorkflow(file, {
      folder: machine.folder("runner"),
      machine: place.env,
      checkout: (folder) => {
        machine.checkout(folder);
      },
      vars: variables[stack]!,
      github: { repository: "o/r", server_url: "https://github.com", run_id: 99, token: "token", event: {}, ...github },
    });
  }
  const main = { ref: "refs/heads/main" };
  const night = () => run("nightly.yml", "dev", { event_name: "schedule", ...main });

  function assertResults(runs: Runs, expected: Readonly<Record<string, Outcome>>): void {
    const results = Object.fromEntries(Object.entries(runs).map(([name, { result }]) => [name, result]));
    const logs = Object.entries(runs).map(([name, { log }]) => `${name}:\n${log}`);
    assert.deepEqual(results, expected, logs.join("\n"));
  }

  /** Runs Pulumi in a checkout, as a person who is signed in. */
  function pulumi(stack: string, ...args: readonly string[]): Promise<CommandOutcome> {
    const cwd = machine.folder("person");
    machine.checkout(cwd);
    const env = { ...place.env, PULUMI_BACKEND_URL: variables[stack]!.PULUMI_BACKEND_URL };
    const words = [...args, "--stack", stack, "--non-interactive"];
    return new Promise((resolve) => {
      execFile("pulumi", words, { cwd, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }

  it("begins with one command, which needs nothing but a login", async () => {
    await prepare("dev", production, "--location", "westeurope");
    assert.match(variables.dev!.PULUMI_BACKEND_URL!, /^azblob:\/\/state\?storage_account=bastiontrailci/);
  });

  it("goes on with the first deployment of main, as the deployer", async () => {
    const runs = await run("deploy.yml", "dev", { event_name: "push", ...main });
    assertResults(runs, { preview: "skipped", comment: "skipped", up: "success", trail: "success" });
    assert.deepEqual(runs.up!.identities, [variables.dev!.AZURE_DEPLOYER_CLIENT_ID]);
  });

  it("says nothing in a pull request that changes nothing, as the reader", async () => {
    const event = { pull_request: { number: 7, head: { repo: { full_name: "o/r" } } } };
    const runs = await run("deploy.yml", "dev", { event_name: "pull_request", ref: "refs/pull/7/merge", event });
    assertResults(runs, { preview: "success", comment: "success", up: "skipped", trail: "skipped" });
    assert.deepEqual(runs.preview!.identities, [variables.dev!.AZURE_READER_CLIENT_ID]);
    assert.deepEqual(gh.writes(), []);
  });

  it("gets a second environment, with a backend and identities of its own", async () => {
    const names = ["--name-prefix", "trail-staging", "--environment", "staging"];
    await prepare("staging", staging, "--location", "westeurope", ...names);
    for (const name of ["PULUMI_BACKEND_URL", "AZURE_READER_CLIENT_ID", "AZURE_DEPLOYER_CLIENT_ID"]) {
      assert.notEqual(variables.staging![name], variables.dev![name]);
    }
    const event = { inputs: { environment: "staging" } };
    const runs = await run("deploy.yml", "staging", { event_name: "workflow_dispatch", ...main, event });
    assertResults(runs, { preview: "skipped", comment: "skipped", up: "success", trail: "skipped" });
    assert.deepEqual(runs.up!.identities, [variables.staging!.AZURE_DEPLOYER_CLIENT_ID]);
  });

  it("has no drift in a night with an active request", async () => {
    await machine.nextDay("04:17");
    await machine.sandbox.request("web");
    const runs = await night();
    assertResults(runs, { checks: "success", issue: "success" });
    assert.match(runs.checks!.log, /^No drift\.$/m);
    assert.deepEqual(gh.issues, []);
  });

  const group = () => `/subscriptions/${machine.sandbox.description.subscriptionId}/resourceGroups/trail`;
  const securityGroup = () => `${group()}/providers/Microsoft.Network/networkSecurityGroups/web-nsg`;
  const hole = () => `${securityGroup()}/securityRules/quick-fix`;

  it("has a hand-made hole and a changed tag in the next night, and one issue for them", async () => {
    const properties = {
      ...{ access: "Allow", direction: "Inbound", protocol: "Tcp", priority: 300 },
      ...{ sourceAddressPrefix: "Internet", sourcePortRange: "*" },
      ...{ destinationAddressPrefix: "*", destinationPortRange: "22" },
    };
    const tags = { properties: { tags: { owner: "mallory" } } };
    const put = await machine.sandbox.arm("PUT", `${hole()}?api-version=2024-05-01`, { properties });
    const machineId = `${group()}/providers/Microsoft.Compute/virtualMachines/web`;
    const tagged = await machine.sandbox.arm(
      "PUT",
      `${machineId}/providers/Microsoft.Resources/tags/default?api-version=2021-04-01`,
      tags,
    );
    assert.ok(put.status < 300 && tagged.status < 300, JSON.stringify([put, tagged]));
    await machine.nextDay("04:17");
    const runs = await night();
    assertResults(runs, { checks: "failure", issue: "success" });
    const { log } = runs.checks!;
    assert.match(log, /^changed +web +compute:VirtualMachine +tags\.owner +platform +mallory/m);
    assert.match(
      log,
      /^added +web-nsg\/quick-fix +network:SecurityRule .*allow inbound tcp from Internet to \*, port 22/m,
    );
    assert.deepEqual(
      gh.issues.map(({ title }) => title),
      ["Nightly checks of dev"],
    );
  });

  it("has a policy that names the hole, once somebody takes it into the stack", async () => {
    const words = ["--yes", "--generate-code=false", "--protect=false"];
    const imported = await pulumi("dev", "import", "azure-native:network:SecurityRule", "quick-fix", hole(), ...words);
    assert.equal(imported.exitCode, 0, imported.stdout + imported.stderr);
    const pack = join(import.meta.dirname, "../../policies");
    const judged = await pulumi("dev", "policy", "analyze", "--policy-pack", pack);
    assert.match(
      judged.stdout + judged.stderr,
      /no-standing-management-rule[\s\S]*Rule "quick-fix" opens port 22 to Internet for good\. Remove it, and let a JIT policy open the port\./,
    );
  });

  it("closes the hole with the next deployment", async () => {
    const runs = await run("deploy.yml", "dev", { event_name: "push", ...main });
    assertResults(runs, { preview: "skipped", comment: "skipped", up: "success", trail: "success" });
    const { status } = await machine.sandbox.arm("GET", `${hole()}?api-version=2024-05-01`);
    assert.equal(status, 404);
  });

  it("keeps the state of what still is there", async () => {
    const { exitCode, stderr } = await place.run(["--destroy"]);
    assert.equal(exitCode, 2);
    assert.match(
      stderr,
      /^error: The storage account \w+ has the state of other stacks with resources: bastion-trail\/dev\./m,
    );
  });

  it("ends with nothing left", async () => {
    for (const stack of ["dev", "staging"]) {
      const { exitCode, stdout, stderr } = await pulumi(stack, "destroy", "--yes", "--skip-preview");
      assert.equal(exitCode, 0, stdout + stderr);
      await place.succeed(["--destroy", "--stack", stack]);
    }
    assert.deepEqual(await remaining(), atFirst);
  });
});
