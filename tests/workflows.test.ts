import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";

interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly environment?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes": number;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: unknown;
  readonly env?: Readonly<Record<string, string>>;
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
    assert.deepEqual(Object.keys(deploy.on), ["pull_request", "push", "workflow_dispatch"]);
  });

  it("gives the deployer's identity to the approved deployment alone", () => {
    assert.deepEqual(mentioning(jobs, "AZURE_DEPLOYER_CLIENT_ID"), ["up"]);
    assert.equal(jobs.up?.environment, "${{ inputs.environment || 'production' }}");
    assert.equal(jobs.up.if, "github.event_name != 'pull_request'");
  });

  it("gives a pull request the reader's identity, and no environment", () => {
    assert.deepEqual(mentioning(jobs, "AZURE_READER_CLIENT_ID"), ["preview", "trail"]);
    assert.equal(jobs.preview?.environment, undefined);
  });

  it("reads logs on main only, after the deployment", () => {
    assert.deepEqual(mentioning(jobs, "AZURE_AUDITOR_CLIENT_ID"), ["trail"]);
    assert.equal(jobs.trail?.needs, "up");
    assert.equal(jobs.trail.if, "github.event_name == 'push'");
  });

  it("writes to a pull request only where none of its code runs", () => {
    assert.deepEqual(
      Object.entries(jobs).map(([name, { permissions }]) => [name, permissions]),
      [
        ["preview", { contents: "read", "id-token": "write" }],
        ["comment", { "pull-requests": "write" }],
        ["up", { contents: "read", "id-token": "write" }],
        ["trail", { contents: "read", "id-token": "write" }],
      ],
    );
    assert.deepEqual(mentioning(jobs, "github.token"), ["comment"]);
    assert.doesNotMatch(JSON.stringify(jobs.comment), /checkout|npm|npx/);
  });

  it("takes everything that differs between environments from the environment that it deploys to", () => {
    const { env = {} } = deploy;
    const { up } = jobs;
    const values = Object.entries(env).filter(([, value]) => value.includes("vars."));
    assert.deepEqual(Object.fromEntries(values.map(([name]) => [name, up?.env?.[name]])), Object.fromEntries(values));
  });

  it("uses no other identity and no stored secret", () => {
    assert.deepEqual(mentioning(jobs, "secrets."), []);
    assert.deepEqual(mentioning(jobs, "vars.AZURE_CLIENT_ID"), []);
  });
});

describe("the nightly GitHub workflow", () => {
  const { on, jobs } = workflow("nightly");

  it("runs every day and on demand, on main only", () => {
    assert.deepEqual(Object.keys(on), ["schedule", "workflow_dispatch"]);
    assert.equal(jobs.checks?.if, "github.ref == 'refs/heads/main'");
  });

  it("has no right to deploy, no environment and no stored secret", () => {
    assert.deepEqual(mentioning(jobs, "AZURE_AUDITOR_CLIENT_ID"), ["checks"]);
    assert.deepEqual(mentioning(jobs, "AZURE_DEPLOYER_CLIENT_ID"), []);
    assert.deepEqual(mentioning(jobs, "secrets."), []);
    assert.equal(jobs.checks?.environment, undefined);
  });

  it("writes issues only where none of the repository's code runs", () => {
    assert.deepEqual(jobs.checks?.permissions, { contents: "read", "id-token": "write" });
    assert.deepEqual(jobs.issue?.permissions, { issues: "write" });
    assert.doesNotMatch(JSON.stringify(jobs.issue), /checkout|npm|npx/);
  });
});

describe("every GitHub workflow", () => {
  const files = readdirSync(".github/workflows");

  it("pins its actions by commit, with the version beside it", () => {
    for (const file of files) {
      const lines = readFileSync(`.github/workflows/${file}`, "utf8").split("\n");
      for (const line of lines.filter((one) => /^\s*(- )?uses:/.test(one))) {
        assert.match(line, /uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, file);
      }
    }
  });

  it("starts without permissions, and bounds concurrency and each job's time", () => {
    for (const file of files) {
      const { permissions, concurrency, jobs } = workflow(file.replace(/\.yml$/, ""));
      assert.deepEqual(permissions, {}, file);
      assert.ok(concurrency, file);
      for (const job of Object.values(jobs)) assert.ok(job["timeout-minutes"] <= 90, file);
    }
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

  it("gives a pull request the reader's connection, and a fork's none", () => {
    assert.deepEqual(mentioning(stages, "bastion-trail-reader"), ["preview"]);
    assert.equal(
      stages.preview?.condition,
      "and(eq(variables['Build.Reason'], 'PullRequest'), ne(variables['System.PullRequest.IsFork'], 'True'))",
    );
  });

  it("reads logs at night and after a deployment", () => {
    assert.deepEqual(mentioning(stages, "bastion-trail-auditor"), ["nightly", "deploy"]);
  });

  it("runs nothing but the nightly checks by its schedule", () => {
    const bySchedule = Object.values(stages).filter(({ condition }) => condition?.includes("Schedule"));
    assert.deepEqual(
      bySchedule.map(({ stage, condition }) => [stage, condition]),
      [
        ["nightly", "eq(variables['Build.Reason'], 'Schedule')"],
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
