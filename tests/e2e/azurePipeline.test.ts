import assert from "node:assert/strict";
import { forSuite } from "../held.ts";
import { AzureRepos, runStage, type StageRun } from "./azurePipelineRun.ts";
import { CiMachine } from "./ciMachine.ts";
import { smallConfig } from "./harness.ts";

/** One repository, from its first deployment to the nights after. Each step goes on from the one before. */
describe("the Azure pipeline, in the sandbox", () => {
  const machine = forSuite(() => CiMachine.start());
  let repos: AzureRepos;
  let predefined: Readonly<Record<string, string>>;

  before(async () => {
    repos = new AzureRepos();
    predefined = {
      "System.CollectionUri": await repos.start(),
      "System.TeamProject": "project",
      "System.TeamProjectId": "project",
      "System.PullRequest.PullRequestId": "7",
      "System.AccessToken": "system-token",
      "Build.Repository.Id": "repo",
      "Build.BuildId": "99",
    };
  });
  after(() => {
    repos.close();
  });

  async function succeed(stage: string): Promise<StageRun> {
    const run = await runStage(stage, machine, predefined);
    assert.ok(run.succeeded, run.log);
    return run;
  }

  it("deploys, and adds the links and the trail to the run's summary", async () => {
    const { summaries } = await succeed("deploy");
    assert.match(summaries[0]!, /^### Links of dev\n- \[archiveContainer\]\(https:\/\/portal\.azure\.com\//);
    assert.deepEqual(summaries.slice(1), ["### Access trail of dev, last 24 hours\nNo sessions.\n"]);
  });

  it("starts no thread in a pull request that changes nothing", async () => {
    await succeed("preview");
    assert.deepEqual(repos.writes(), []);
  });

  it("starts one closed thread for what changes, and updates it at a later push", async () => {
    machine.config = { ...smallConfig, tags: { owner: "platform" } };
    await succeed("preview");
    assert.deepEqual(repos.writes(), ["POST"]);
    const [{ status, comments }] = repos.threads as [(typeof repos.threads)[number]];
    assert.equal(status, "closed");
    assert.match(
      comments[0]!.content,
      /^### Preview of `dev`\n\n.* to update\. \[Log\]\(http:\/\/127\.0\.0\.1:\d+\/project\/_build\/results\?buildId=99\)/,
    );
    machine.config = { ...smallConfig, tags: { owner: "access" } };
    await succeed("preview");
    assert.deepEqual(repos.writes(), ["PATCH"]);
    assert.match(comments[0]!.content, /owner: &quot;access&quot;/);
  });

  it("says in it that the preview failed, and why", async () => {
    machine.config = { ...smallConfig, bastionSku: "Huge" };
    assert.equal((await runStage("preview", machine, predefined)).succeeded, false);
    assert.deepEqual(repos.writes(), ["PATCH"]);
    assert.match(repos.threads[0]!.comments[0]!.content, /The preview failed\..*bastionSku is &quot;Huge&quot;/s);
  });

  it("corrects it when the change is gone", async () => {
    machine.config = smallConfig;
    await succeed("preview");
    assert.deepEqual(repos.writes(), ["PATCH"]);
    assert.equal(
      repos.threads[0]!.comments[0]!.content,
      "### Preview of `dev`\n\nThis pull request no longer changes anything.\n",
    );
  });

  it("passes a night without findings", async () => {
    await machine.nextDay("04:17");
    const { summaries, log } = await succeed("nightly");
    assert.match(summaries[0]!, /^### Access trail of dev, \d{4}-\d\d-\d\d\nNo sessions\.\n$/);
    assert.doesNotMatch(log, /task\.logissue/);
  });

  it("runs every check, and fails the run for what they find", async () => {
    const { subscriptionId } = machine.sandbox.description;
    const host = `/subscriptions/${subscriptionId}/resourceGroups/trail/providers/Microsoft.Network/bastionHosts/trail-bastion`;
    const settings = `${host}/providers/Microsoft.Insights/diagnosticSettings`;
    const { body } = await machine.sandbox.arm("GET", `${settings}?api-version=2021-05-01-preview`);
    const [{ id }] = body.value as [{ id: string }];
    await machine.sandbox.arm("DELETE", `${id}?api-version=2021-05-01-preview`);
    const { succeeded, log, summaries } = await runStage("nightly", machine, predefined);
    assert.equal(succeeded, false);
    assert.deepEqual(log.match(/^##vso\[task\.logissue.*$/gm), [
      "##vso[task.logissue type=error]Nightly check failed: drift",
      "##vso[task.logissue type=error]Nightly check failed: doctor",
    ]);
    assert.equal(summaries.length, 1);
  });
});
