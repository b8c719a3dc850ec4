import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { UserError } from "../../cli/errors.ts";
import type { Environment } from "../../cli/io.ts";
import { openSettings, type SettingsFlags } from "../../cli/settings.ts";
import { fakeIo } from "./fakeIo.ts";

const bastion = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/bst";
const folder = {
  blobEndpoint: "https://trail.blob.core.windows.net",
  container: "insights-logs-bastionauditlogs",
  blobPrefix: `resourceId=${bastion.toUpperCase()}/`,
};

describe("settings", () => {
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), "settings-"));
  });
  afterEach(() => {
    rmSync(cwd, { recursive: true });
  });

  function open(flags: SettingsFlags, env: Environment = {}) {
    return openSettings(flags, fakeIo({ env: { PATH: process.env.PATH, ...env }, cwd }));
  }

  function outputs(name: string, content: unknown): string {
    writeFileSync(join(cwd, name), typeof content === "string" ? content : JSON.stringify(content));
    return name;
  }

  /** A `pulumi` that answers `stack output` and says what it was called with. */
  function pulumi(script: string): Environment {
    const path = join(cwd, "pulumi");
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return { PATH: [cwd, process.env.PATH].join(delimiter) };
  }

  it("come from the stack's outputs as Pulumi prints them, and only what the CLI knows of them", async () => {
    const all = {
      links: { bastionHost: "https://portal.azure.com/" },
      subscriptionId: "s",
      tenantId: "t",
      bastionHostId: bastion,
      archive: { ...folder, account: "trail" },
      workspaceId: "/w",
      workspaceCustomerId: "c",
      vms: [{ name: "web", id: "/vm", privateIp: "10.60.1.4", jitPolicyId: "/jit" }],
      adminPasswords: "[secret]",
    };
    const settings = open({ outputs: outputs("outputs.json", all) });
    assert.equal(await settings.need("bastionHostId"), bastion);
    assert.deepEqual(await settings.need("archive"), folder);
    assert.deepEqual(await settings.need("vms"), all.vms);
    assert.equal(await settings.find("activityLogArchive"), undefined);
  });

  describe("the command line beats the environment, and a single value beats a stack's outputs", () => {
    const places = {
      flag: (flags: SettingsFlags) => ({ ...flags, subscription: "flag" }),
      outputsFlag: (flags: SettingsFlags) => ({
        ...flags,
        outputs: outputs("flag.json", { subscriptionId: "outputsFlag" }),
      }),
    };
    const variables = {
      own: { BASTION_TRAIL_SUBSCRIPTION: "own" },
      azure: { AZURE_SUBSCRIPTION_ID: "azure" },
      arm: { ARM_SUBSCRIPTION_ID: "arm" },
      outputsVariable: () => ({ BASTION_TRAIL_OUTPUTS: outputs("env.json", { subscriptionId: "outputsVariable" }) }),
      selected: () => {
        outputs("Pulumi.yaml", "name: bastion-trail");
        return pulumi(`echo '{"subscriptionId": "selected"}'`);
      },
    };
    const order = ["flag", "outputsFlag", "own", "azure", "arm", "outputsVariable", "selected"] as const;

    order.forEach((winner, index) => {
      it(`${index + 1}. ${winner}`, async () => {
        const given = order.slice(index);
        let flags: SettingsFlags = {};
        let env: Environment = {};
        for (const place of given) {
          if (place === "flag" || place === "outputsFlag") {
            flags = places[place](flags);
          } else {
            const variable = variables[place];
            env = { ...env, ...(typeof variable === "function" ? variable() : variable) };
          }
        }
        assert.equal(await open(flags, env).need("subscriptionId"), winner);
      });
    });
  });

  it("run Pulumi for the stack that is named, in the current folder", async () => {
    const env = pulumi(`echo "{\\"subscriptionId\\": \\"$* $(basename "$PWD")\\"}"`);
    const expected = (name: string) =>
      `stack output --json --non-interactive --stack ${name} ${cwd.split("/").at(-1) ?? ""}`;
    assert.equal(await open({ stack: "dev" }, env).need("subscriptionId"), expected("dev"));
    assert.equal(await open({}, { ...env, PULUMI_STACK: "prod" }).need("subscriptionId"), expected("prod"));
  });

  it("run Pulumi once, and not at all when flags and variables have everything", async () => {
    const env = pulumi(`echo called >> calls; echo '{"subscriptionId": "s", "bastionHostId": "b"}'`);
    const settings = open({ stack: "dev", subscription: "flag" }, env);
    assert.equal(await settings.need("subscriptionId"), "flag");
    assert.ok(!existsSync(join(cwd, "calls")));
    assert.deepEqual(await Promise.all([settings.need("bastionHostId"), settings.find("tenantId")]), ["b", undefined]);
    assert.equal(readFileSync(join(cwd, "calls"), "utf8"), "called\n");
  });

  it("take an archive by its endpoint: of one host, or of all", async () => {
    const url = "https://trail.blob.core.windows.net/";
    assert.deepEqual(await open({ archive: url, bastion }).need("archive"), folder);
    assert.deepEqual(await open({}, { BASTION_TRAIL_ARCHIVE: url }).need("archive"), { ...folder, blobPrefix: "" });
  });

  it("take the same endpoint for the activity log: of one subscription, or of all", async () => {
    const all = { blobEndpoint: folder.blobEndpoint, container: "insights-activity-logs", blobPrefix: "" };
    const archive = folder.blobEndpoint;
    assert.deepEqual(await open({ archive, bastion }).need("activityLogArchive"), all);
    assert.deepEqual(await open({ archive, subscription: "abc" }).need("activityLogArchive"), {
      ...all,
      blobPrefix: "resourceId=/SUBSCRIPTIONS/ABC/",
    });
  });

  async function refusal(attempt: () => Promise<unknown>): Promise<string> {
    try {
      await attempt();
    } catch (error) {
      assert.ok(error instanceof UserError);
      return `${error.message} ${error.nextStep}`;
    }
    throw new assert.AssertionError({ message: "It was not refused." });
  }

  it("say how a value that nobody knows can be given", async () => {
    assert.equal(
      await refusal(() => open({}).need("bastionHostId")),
      "The Bastion host is not known. Give --bastion ID, or name the stack with --stack or its outputs with --outputs.",
    );
  });

  it("say why the selected stack does not help", async () => {
    outputs("Pulumi.yaml", "name: bastion-trail");
    const env = pulumi(`echo "error: no stack selected; please use 'pulumi stack select'" >&2; exit 255`);
    assert.equal(await open({}, env).find("archive"), undefined);
    assert.equal(
      await refusal(() => open({}, env).need("archive")),
      "The archive of the audit logs is not known: Pulumi cannot read the outputs of the selected stack: no stack selected; " +
        "please use 'pulumi stack select'. Give --archive URL, or name the stack with --stack or its outputs with --outputs.",
    );
  });

  it("say what Pulumi said of a stack that is not there", async () => {
    const env = pulumi(`echo "error: no stack named 'nope' found" >&2; exit 255`);
    assert.equal(
      await refusal(() => open({ stack: "nope" }, env).need("archive")),
      "Pulumi cannot read the outputs of the stack 'nope': no stack named 'nope' found. " +
        "Check the stack's name and the Pulumi login, give the settings with flags, or name a file of outputs with --outputs.",
    );
  });

  it("say that Pulumi is missing", async () => {
    assert.equal(
      await refusal(() => open({ stack: "dev" }, { PATH: cwd }).need("archive")),
      "To read the outputs of the stack 'dev', Pulumi has to be on PATH. " +
        "Install it, give the settings with flags, or name a file of outputs with --outputs.",
    );
  });

  for (const [what, content, said] of [
    [
      "is missing",
      undefined,
      /^The outputs file \/.*\/o\.json cannot be read\. Write it with `pulumi stack output --json`/,
    ],
    ["is no JSON", "oops", /^There is no JSON document in the outputs file o\.json\. /],
    [
      "is of another version",
      { archive: { account: "a" } },
      /^In the outputs file o\.json, archive\.blobEndpoint is not what/,
    ],
    ["is no object", 42, /^In the outputs file o\.json, the document is not what/],
  ] as const) {
    it(`refuse an outputs file that ${what}`, async () => {
      if (content !== undefined) outputs("o.json", content);
      assert.match(await refusal(() => open({ outputs: "o.json" }).need("archive")), said);
    });
  }

  it("refuse an archive that is no URL", async () => {
    assert.equal(
      await refusal(async () => await open({ archive: "trail" }).need("archive")),
      "The archive 'trail' is no URL. Give the account's blob endpoint: https://ACCOUNT.blob.core.windows.net",
    );
  });
});
