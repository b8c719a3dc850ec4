import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

interface Job {
  readonly if?: string;
  readonly environment?: string;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Stage {
  readonly stage: string;
  readonly condition?: string;
}

const workflow = (name: string): Workflow =>
  parse(readFileSync(`.github/workflows/${name}.yml`, "utf8"), { merge: true }) as Workflow;
const deploy = workflow("deploy");
const pipeline = parse(readFileSync("ci/azure-pipelines.yml", "utf8")) as { readonly stages: readonly Stage[] };

/** Names of those that mention a text. */
function mentioning(parts: Readonly<Record<string, unknown>>, text: string): string[] {
  return Object.keys(parts).filter((name) => JSON.stringify(parts[name]).includes(text));
}

describe("the GitHub workflow that deploys", () => {
  const { jobs } = deploy;

  it("runs for pull requests of a branch, never with the rights of the target branch", () => {
    assert.deepEqual(Object.keys(deploy.on), ["pull_request", "push"]);
  });

  it("gives the deployer's identity to the approved deployment alone", () => {
    assert.deepEqual(mentioning(jobs, "AZURE_DEPLOYER_CLIENT_ID"), ["up"]);
    assert.equal(jobs.up?.environment, "production");
    assert.equal(jobs.up.if, "github.event_name == 'push'");
  });

  it("gives a pull request the reader's identity, and no environment", () => {
    assert.deepEqual(mentioning(jobs, "AZURE_READER_CLIENT_ID"), ["preview"]);
    assert.equal(jobs.preview?.environment, undefined);
  });

  it("uses no other identity and no stored secret", () => {
    assert.deepEqual(mentioning(jobs, "secrets."), []);
    assert.deepEqual(mentioning(jobs, "vars.AZURE_CLIENT_ID"), []);
  });
});

describe("the GitHub workflow that looks for drift", () => {
  const { on, jobs } = workflow("drift");

  it("runs every day and by hand, on main only", () => {
    assert.deepEqual(Object.keys(on), ["schedule", "workflow_dispatch"]);
    assert.equal(jobs.drift?.if, "github.ref == 'refs/heads/main'");
  });

  it("has the reader's identity only, and no stored secret", () => {
    assert.deepEqual(mentioning(jobs, "AZURE_READER_CLIENT_ID"), ["drift"]);
    assert.deepEqual(mentioning(jobs, "AZURE_DEPLOYER_CLIENT_ID"), []);
    assert.deepEqual(mentioning(jobs, "secrets."), []);
    assert.equal(jobs.drift?.environment, undefined);
  });
});

describe("the Azure pipeline", () => {
  const stages = Object.fromEntries(pipeline.stages.map((stage) => [stage.stage, stage]));

  it("gives the deployer's connection to the deployment of main alone", () => {
    assert.deepEqual(mentioning(stages, "bastion-trail-deployer"), ["deploy"]);
    assert.equal(
      stages.deploy?.condition,
      "and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/main'), notIn(variables['Build.Reason'], 'PullRequest', 'Schedule'))",
    );
  });

  it("gives a pull request and the drift check the reader's connection", () => {
    assert.deepEqual(mentioning(stages, "bastion-trail-reader"), ["preview", "drift"]);
  });

  it("only looks for drift when it runs by its schedule", () => {
    const bySchedule = Object.values(stages).filter(({ condition }) => condition?.includes("Schedule"));
    assert.deepEqual(
      bySchedule.map(({ stage, condition }) => [stage, condition]),
      [
        ["check", "ne(variables['Build.Reason'], 'Schedule')"],
        ["drift", "eq(variables['Build.Reason'], 'Schedule')"],
        ["deploy", stages.deploy?.condition],
      ],
    );
  });
});

describe("the GitHub workflow that releases", () => {
  const { on, jobs } = workflow("release");

  it("publishes from main only, in an environment of its own", () => {
    assert.deepEqual(on, { push: { branches: ["main"] } });
    assert.equal(jobs.publish?.environment, "release");
  });

  it("uses no Azure identity and no stored secret", () => {
    assert.deepEqual(mentioning(jobs, "secrets."), []);
    assert.deepEqual(mentioning(jobs, "AZURE_"), []);
  });
});
