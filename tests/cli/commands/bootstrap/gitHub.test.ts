import assert from "node:assert/strict";
import { checkGitHub, protectEnvironment, setVariables } from "../../../../cli/commands/bootstrap/gitHub.ts";
import { setCommand, variablesOf } from "../../../../cli/commands/bootstrap/variables.ts";
import { UserError } from "../../../../cli/errors.ts";
import { fakeIo } from "../../fakeIo.ts";
import { ProgramStub } from "./programStub.ts";
import { forEachTest, temporaryFolder } from "../../../held.ts";

describe("the variables of a pipeline", () => {
  const backendUrl = "azblob://state?storage_account=ci1&domain=blob.core.usgovcloudapi.net";
  const outputs = {
    backendUrl,
    secretsProvider: "azurekeyvault://v/keys/pulumi",
    variables: { PULUMI_BACKEND_URL: backendUrl, PULUMI_SECRETS_PROVIDER: "azurekeyvault://v/keys/pulumi" },
    environmentVariables: { AZURE_DEPLOYER_CLIENT_ID: "d1" },
  };
  const of = { stack: "prod", environment: "live", secretsProvider: "passphrase", isOwn: false };
  const variables = variablesOf(outputs, of);

  it("can all be the environment's own", () => {
    const environments = variablesOf(outputs, { ...of, isOwn: true }).map(({ environment }) => environment);
    assert.deepEqual(environments, ["live", "live", "live", "live"]);
  });

  it("are commands for a shell", () => {
    assert.deepEqual(
      variables.map((one) => setCommand(one, "acme/access")),
      [
        `gh variable set PULUMI_BACKEND_URL --repo acme/access --body "${backendUrl}"`,
        "gh variable set PULUMI_SECRETS_PROVIDER --repo acme/access --body passphrase",
        "gh variable set PULUMI_STACK --repo acme/access --body prod",
        "gh variable set AZURE_DEPLOYER_CLIENT_ID --repo acme/access --env live --body d1",
      ],
    );
  });

  describe("with gh", () => {
    let gh: ProgramStub;
    const folder = forEachTest(temporaryFolder);
    beforeEach(() => {
      gh = new ProgramStub(folder.path, "gh");
    });
    const io = () => fakeIo({ cwd: folder.path, env: { PATH: folder.path } });
    const protection = { repository: "acme/access", environment: "live", branch: "main", reviewers: ["ada"] };
    const path = "repos/acme/access/environments/live";

    it("need gh, signed in, and the repository", async () => {
      await assert.rejects(
        checkGitHub("", io()),
        new UserError("--set-variables requires a GitHub repository.", "Pass --repository OWNER/NAME."),
      );
      await assert.rejects(
        checkGitHub("acme/access", io()),
        new UserError("gh is not on PATH, so --set-variables cannot set them.", "Install it: https://cli.github.com."),
      );
      gh.answer({ call: "auth status", exitCode: 1 });
      await assert.rejects(
        checkGitHub("acme/access", io()),
        new UserError("gh is not signed in to GitHub.", "Run `gh auth login`."),
      );
      gh.answer({ call: "auth status" }, { call: "api", stderr: "gh: Not Found (HTTP 404)\n", exitCode: 1 });
      await assert.rejects(
        checkGitHub("acme/access", io()),
        new UserError(
          "gh cannot find the repository acme/access: Not Found (HTTP 404).",
          "Run the printed commands after fixing it.",
        ),
      );
    });

    it("are set one by one", async () => {
      gh.answer({ call: "variable set" });
      await setVariables(variables, "acme/access", io());
      assert.equal(gh.calls().length, 4);
      assert.equal(
        gh.calls()[3]!.args,
        "variable set AZURE_DEPLOYER_CLIENT_ID --repo acme/access --env live --body d1",
      );
    });

    it("have an environment with reviewers, for one branch alone", async () => {
      gh.answer(
        { call: `api ${path}`, exitCode: 1, stderr: "gh: Not Found (HTTP 404)\n" },
        { call: "api users/ada", stdout: '{"id":7}' },
        { call: "api --method" },
      );
      assert.equal(await protectEnvironment(protection, io()), undefined);
      const [, , put, branch] = gh.calls();
      assert.equal(put!.args, `api --method PUT ${path} --input -`);
      assert.deepEqual(JSON.parse(put!.stdin), {
        deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
        reviewers: [{ type: "User", id: 7 }],
      });
      assert.equal(branch!.args, `api --method POST ${path}/deployment-branch-policies -f name=main`);
    });

    it("leave an environment as it is that has reviewers", async () => {
      gh.answer({ call: `api ${path}`, stdout: '{"protection_rules":[{"type":"required_reviewers"}]}' });
      assert.equal(await protectEnvironment(protection, io()), undefined);
      assert.equal(gh.calls().length, 1);
    });

    it("say why an environment gets no reviewers", async () => {
      gh.answer(
        { call: `api ${path}`, stdout: "{}" },
        { call: "api users/ada", stdout: '{"id":7}' },
        { call: "api --method PUT", exitCode: 1, stderr: "gh: Not supported by the plan. (HTTP 422)\n" },
        { call: "api --method POST" },
      );
      assert.equal(await protectEnvironment(protection, io()), "Not supported by the plan. (HTTP 422)");
    });
  });
});
