import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publicCloud } from "../../../../cli/azure/cloud.ts";
import { bootstrapOptions } from "../../../../cli/commands/bootstrap/options.ts";
import { runBootstrap } from "../../../../cli/commands/bootstrap/runBootstrap.ts";
import { UserError, UserErrors } from "../../../../cli/errors.ts";
import { deployer } from "../../../../core/roles/deployer.ts";
import { FakeArm, fixedCredential, type Reply, type SeenRequest } from "../../azure/fakeArm.ts";
import { given } from "../../accessBench.ts";
import { fakeIo, type FakeIo, type FakeOptions } from "../../fakeIo.ts";
import { fixedSettings } from "../../settings/fixedSettings.ts";
import { ProgramStub, type StubAnswer } from "./programStub.ts";
import { forEachTest, forSuite, temporaryFolder } from "../../../held.ts";

const subscriptionId = "11111111-2222-4333-8444-555555555555";
const subscription = { subscriptionId, displayName: "Dev", tenantId: "t1", state: "Enabled" };

/** A Pulumi that says what a test tells it to, and an Azure with one subscription. */
describe("bootstrap", () => {
  const arm = forSuite(() => FakeArm.start());
  let pulumi: ProgramStub;
  const folder = forEachTest(temporaryFolder);
  beforeEach(() => {
    for (const name of ["bin", "project/bootstrap"]) mkdirSync(join(folder.path, name), { recursive: true });
    writeFileSync(
      join(folder.path, "project/bootstrap/Pulumi.yaml"),
      "name: bastion-trail-bootstrap\nruntime: nodejs\nconfig:\n  namePrefix:\n    default: ci\n" +
        "  environment:\n    default: production\n",
    );
    pulumi = new ProgramStub(join(folder.path, "bin"), "pulumi");
    azure({});
  });

  /** Answers of Azure by path; the rest is not there. */
  function azure(answers: Readonly<Record<string, unknown>>): void {
    const known: Record<string, unknown> = {
      "/subscriptions": { value: [subscription] },
      [`/subscriptions/${subscriptionId}`]: subscription,
      [`/subscriptions/${subscriptionId}/locations`]: { value: [{ name: "westeurope" }, { name: "northeurope" }] },
      ...answers,
    };
    arm.reply(({ target }: SeenRequest): Reply => {
      const body = known[target.replace(/\?.*$/, "")];
      return body === undefined ? { status: 404, body: { error: { code: "NotFound", message: "no" } } } : { body };
    });
  }

  const preview = (steps: readonly object[], diagnostics: readonly object[] = []): StubAnswer => ({
    call: "preview",
    stdout: JSON.stringify({ steps, diagnostics }),
    exitCode: diagnostics.length > 0 ? 255 : 0,
  });
  const usual = [{ call: "version", stdout: "v3.259.0\n" }, { call: "stack ls", stdout: "[]" }, { call: "stack init" }];
  const created = preview([
    { op: "create", urn: "urn:pulumi:dev::bastion-trail-bootstrap::pulumi:pulumi:Stack::bastion-trail-bootstrap-dev" },
    { op: "create", urn: "urn:pulumi:dev::bastion-trail-bootstrap::azure-native:resources:ResourceGroup::group" },
  ]);

  async function run(options: object, more: FakeOptions = {}): Promise<{ exitCode: number; io: FakeIo }> {
    const env = { PATH: join(folder.path, "bin"), BASTION_TRAIL_STATE: join(folder.path, "state"), ...more.env };
    const io = fakeIo({ ...more, cwd: join(folder.path, "project"), env });
    const cloud = { ...publicCloud, resourceManager: arm.endpoint };
    const open = () =>
      Promise.resolve({ cloud, credential: fixedCredential("x"), arm: arm.client(), settings: fixedSettings({}) });
    return { exitCode: await runBootstrap(given(bootstrapOptions, options), io, open), io };
  }
  const refused = (options: object, message: string, nextStep: string, more?: FakeOptions) =>
    assert.rejects(run(options, more), new UserError(message, nextStep));

  it("does one thing at a time", async () => {
    await refused({ dryRun: true, destroy: true }, "--dry-run and --destroy cannot be combined.", "Use one of them.");
    await refused({ reviewers: ["ada"], yes: true }, "--reviewer has no effect without --set-variables.", "Add it.");
  });

  it("says who needs what and who gets what, without a login or Pulumi", async () => {
    const { exitCode, io } = await run({ printPermissions: true, json: true });
    const { permissions } = JSON.parse(io.written.stdout) as { permissions: Record<string, unknown>[] };
    assert.deepEqual([exitCode, permissions.length, arm.requests], [0, 20, []]);
    assert.deepEqual(permissions[0], {
      who: "you, to run it",
      role: "Owner",
      on: "subscription",
      limit: null,
      actions: null,
    });
    assert.deepEqual(
      permissions.find(({ who }) => who === "deployments"),
      {
        who: "deployments",
        role: "Bastion Trail Deployer",
        on: "subscription",
        limit: "assigns Storage Blob Data Contributor to service principals, nothing else",
        actions: deployer.actions,
      },
    );
    assert.deepEqual(
      permissions.filter(({ who }) => who === "group of --analysts-group").map(({ role, limit }) => [role, limit]),
      [
        ["Log Analytics Reader", null],
        ["Storage Blob Data Reader", "containers of logs"],
      ],
    );
  });

  it("asks, and so needs somebody who answers", async () => {
    await refused({}, "Cannot prompt: stdin is not a terminal.", "Pass --yes.");
    await refused(
      { secretsProvider: "passphrase" },
      "--secrets-provider passphrase requires a passphrase. Set PULUMI_CONFIG_PASSPHRASE or " +
        "PULUMI_CONFIG_PASSPHRASE_FILE. Cannot prompt: stdin is not a terminal.",
      "Pass --yes.",
    );
  });

  it("needs the passphrase of a secrets provider that has one", async () => {
    await refused(
      { yes: true, secretsProvider: "passphrase" },
      "--secrets-provider passphrase requires a passphrase.",
      "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.",
    );
  });

  it("needs Pulumi", async () => {
    await refused({ yes: true }, "Pulumi is not on PATH.", "Install it: https://www.pulumi.com/docs/install.");
  });

  it("needs Pulumi's language host", async () => {
    const stderr = "error: no language plugin 'pulumi-language-nodejs' found in the workspace or on your $PATH\n";
    pulumi.answer(...usual, { call: "preview", stderr, exitCode: 255 });
    await refused(
      { yes: true, location: "westeurope" },
      "Pulumi has no language host for Node.js, so it cannot run the program.",
      "Install a release of Pulumi, which includes it: https://www.pulumi.com/docs/install.",
    );
  });

  describe("of a subscription", () => {
    it("takes no other than one that is given where there are several", async () => {
      pulumi.answer(...usual);
      const other = { ...subscription, subscriptionId: subscriptionId.replaceAll("1", "9"), displayName: "Prod" };
      azure({ "/subscriptions": { value: [subscription, other] } });
      await refused(
        { yes: true },
        `No subscription given, and you have 2: 'Dev' (${subscriptionId}), 'Prod' (${other.subscriptionId}).`,
        "Pass one with --subscription.",
      );
    });

    it("needs one", async () => {
      pulumi.answer(...usual);
      azure({ "/subscriptions": { value: [{ ...subscription, state: "Disabled" }] } });
      await refused(
        { yes: true },
        "The signed-in account has no subscription.",
        "Run `az login` with an account that has one.",
      );
      const none = subscriptionId.replaceAll("1", "7");
      await refused(
        { yes: true, subscription: none },
        `You have no access to the subscription ${none}, or there is none.`,
        "Check it, or run `az login` in its tenant.",
      );
    });

    it("takes the one in the environment, in the order of all commands", async () => {
      const [first, second, third] = ["a", "b", "c"].map((digit) => subscriptionId.replaceAll("1", digit));
      const env = {
        BASTION_TRAIL_SUBSCRIPTION: first,
        AZURE_SUBSCRIPTION_ID: second,
        ARM_SUBSCRIPTION_ID: third,
      };
      for (const [id, set] of [
        [first, env],
        [second, { ...env, BASTION_TRAIL_SUBSCRIPTION: "" }],
        [third, { ARM_SUBSCRIPTION_ID: third }],
      ] as const) {
        pulumi.answer(...usual);
        await refused(
          { yes: true },
          `You have no access to the subscription ${id ?? ""}, or there is none.`,
          "Check it, or run `az login` in its tenant.",
          { env: set },
        );
      }
    });

    it("keeps to the one in the stack file", async () => {
      pulumi.answer(...usual);
      const recorded = subscriptionId.replaceAll("1", "8");
      const file = join(folder.path, "project/bootstrap/Pulumi.dev.yaml");
      writeFileSync(file, `config:\n  azure-native:subscriptionId: ${recorded}\n`);
      await refused(
        { yes: true, subscription: subscriptionId },
        `The stack file names the subscription ${recorded}, and --subscription ${subscriptionId}.`,
        "Leave --subscription out, or pass another --stack.",
      );
    });
  });

  it("reports all problems of its input together, before anything is created", async () => {
    const problems =
      "The config of stack dev has 2 problems:\n  - bastion-trail-bootstrap:namePrefix (x): must be 3 to 16 letters.\n" +
      "  - bastion-trail-bootstrap:operatorsGroupId (ops): must be a GUID.\n";
    pulumi.answer(...usual, preview([], [{ severity: "error", message: `error: ${problems}` }]));
    await assert.rejects(
      run({ yes: true, location: "westeurop", namePrefix: "x", operatorsGroupId: "ops" }),
      (error) => {
        assert.ok(error instanceof UserErrors);
        assert.deepEqual(
          error.problems.map(({ message, nextStep, details }) => [message, nextStep, details]),
          [
            [
              "The config of stack dev has 2 problems.",
              "Run this command again after fixing it: it continues where it stopped.",
              ["--name-prefix (x): must be 3 to 16 letters.", "--operators-group (ops): must be a GUID."],
            ],
            ["The subscription has no location 'westeurop'.", "Did you mean 'westeurope'?", []],
          ],
        );
        return true;
      },
    );
    assert.equal(existsSync(join(folder.path, "project/bootstrap/Pulumi.dev.yaml")), false);
  });

  it("reports a single problem in the program's own words", async () => {
    const message = "error: The config of stack dev: bastion-trail-bootstrap:repository is missing.\n";
    pulumi.answer(...usual, preview([], [{ severity: "error", message }]));
    await refused(
      { yes: true, location: "westeurope" },
      "The config of stack dev: --repository is missing.",
      "Run this command again after fixing it: it continues where it stopped.",
    );
  });

  it("does not create a group a second time whose state is elsewhere", async () => {
    pulumi.answer(...usual);
    const group = `/subscriptions/${subscriptionId}/resourceGroups/ci`;
    azure({ [group]: {}, [`${group}/providers/Microsoft.Storage/storageAccounts`]: { value: [] } });
    await refused(
      { yes: true, location: "westeurope" },
      "The resource group ci exists, but its state is neither in a storage account of it nor on this computer.",
      "Run this on the computer where it was started, delete the group, or pass another --name-prefix.",
    );
  });

  it("previews with --dry-run, and leaves no file", async () => {
    pulumi.answer(...usual, created);
    const { exitCode, io } = await run({ dryRun: true, location: "westeurope" });
    assert.deepEqual(
      [exitCode, io.written.stdout, io.written.stderr],
      [
        0,
        "CHANGE  TYPE                     NAME\ncreate  resources:ResourceGroup  group\n",
        `Subscription 'Dev' (${subscriptionId}), state on this computer: 1 to create. Nothing was changed.\n`,
      ],
    );
    assert.deepEqual(readdirSync(join(folder.path, "project/bootstrap")), ["Pulumi.yaml"]);
    assert.equal(existsSync(join(folder.path, "state")), false);
  });

  it("creates nothing where the answer is no", async () => {
    pulumi.answer(...usual, created);
    const { exitCode, io } = await run({ location: "westeurope", repository: "acme/access" }, { answer: "n" });
    assert.equal(exitCode, 2);
    assert.equal(
      io.written.stderr,
      `Subscription: 'Dev' (${subscriptionId}), tenant t1\nSigned in as: unknown\n` +
        "Repository:   acme/access, deployed from its environment production\n" +
        "State:        on this computer, to be moved into its new backend\nResources:    1 to create\n" +
        "Deploy this? [y/N] Nothing was created.\n",
    );
    assert.deepEqual(
      pulumi.calls().filter(({ args }) => args.startsWith("up")),
      [],
    );
    assert.equal(existsSync(join(folder.path, "project/bootstrap/Pulumi.dev.yaml")), false);
  });

  it("keeps the config when Pulumi fails, and says what failed", async () => {
    const said =
      "Updating (dev):\n\nDiagnostics:\n  azure-native:x (vault):\n    error: Status=403 no\n\nResources:\n    1 created\n";
    pulumi.answer(...usual, created, { call: "up", stdout: said, exitCode: 255 });
    await refused(
      { yes: true, location: "westeurope", repository: "acme/access" },
      "Pulumi cannot deploy the program: Status=403 no.",
      "Run this command again after fixing it: it continues where it stopped.",
    );
    assert.equal(
      readFileSync(join(folder.path, "project/bootstrap/Pulumi.dev.yaml"), "utf8"),
      `config:\n  azure-native:subscriptionId: ${subscriptionId}\n  bastion-trail-bootstrap:location: westeurope\n` +
        "  bastion-trail-bootstrap:repository: acme/access\n",
    );
  });
});
