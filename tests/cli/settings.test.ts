import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { UserError } from "../../cli/errors.ts";
import { readProfiles, writeProfiles } from "../../cli/profiles.ts";
import type { Environment } from "../../cli/io.ts";
import { openSettings } from "../../cli/settings.ts";
import type { SettingsFlags } from "../../cli/settingValues.ts";
import { fakeIo } from "./fakeIo.ts";

/** A GUID that tells what it stands for by its end. */
const guid = (end: string) => `00000000-0000-0000-0000-${end.padStart(12, "0")}`;
const own = guid("5");
const other = guid("6");
const hostIn = (subscription: string, name = "bst") =>
  `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/${name}`;
const bastion = hostIn(own);
const workspaceId = `/subscriptions/${own}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law`;
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
    const own = { PATH: process.env.PATH, BASTION_TRAIL_STATE: state() };
    return openSettings(flags, fakeIo({ env: { ...own, ...env }, cwd }));
  }

  const state = () => join(cwd, "state");

  /** Adds a profile to those that are there, and has one used. */
  async function keepProfile(name: string, subscriptionId: string, used: string | null = null): Promise<void> {
    const env = { BASTION_TRAIL_STATE: state() };
    const { profiles, used: usedNow } = await readProfiles(env);
    const profile = { name, from: "a test", savedAt: "2026-05-04T00:00:00.000Z", values: { subscriptionId } };
    await writeProfiles(env, { used: used ?? usedNow, profiles: [...profiles, profile] });
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
      subscriptionId: own,
      tenantId: "t",
      bastionHostId: bastion,
      archive: { ...folder, account: "trail" },
      workspaceId,
      workspaceCustomerId: guid("c"),
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
    const order = [
      "flag",
      "outputsFlag",
      "own",
      "azure",
      "arm",
      "outputsVariable",
      "profileVariable",
      "stackVariable",
      "usedProfile",
      "selected",
    ] as const;
    const ids = Object.fromEntries(order.map((place, index) => [place, guid(String(index))])) as Record<
      (typeof order)[number],
      string
    >;
    const places = {
      flag: (flags: SettingsFlags) => ({ ...flags, subscription: ids.flag }),
      outputsFlag: (flags: SettingsFlags) => ({
        ...flags,
        outputs: outputs("flag.json", { subscriptionId: ids.outputsFlag }),
      }),
    };
    const answer = (id: string) => `echo '{"subscriptionId": "${id}"}'`;
    const twoStacks = `[ "$5" = dev ] && ${answer(ids.stackVariable)} || ${answer(ids.selected)}`;
    const variables = {
      own: { BASTION_TRAIL_SUBSCRIPTION: ids.own },
      azure: { AZURE_SUBSCRIPTION_ID: ids.azure },
      arm: { ARM_SUBSCRIPTION_ID: ids.arm },
      outputsVariable: () => ({ BASTION_TRAIL_OUTPUTS: outputs("env.json", { subscriptionId: ids.outputsVariable }) }),
      profileVariable: async () => {
        await keepProfile("named", ids.profileVariable);
        return { BASTION_TRAIL_PROFILE: "named" };
      },
      stackVariable: () => ({ ...pulumi(twoStacks), PULUMI_STACK: "dev" }),
      usedProfile: async () => {
        await keepProfile("used", ids.usedProfile, "used");
        return {};
      },
      selected: () => {
        outputs("Pulumi.yaml", "name: bastion-trail");
        return pulumi(twoStacks);
      },
    };
    const names = {
      flag: "--subscription",
      outputsFlag: "outputs file flag.json",
      own: "BASTION_TRAIL_SUBSCRIPTION",
      azure: "AZURE_SUBSCRIPTION_ID",
      arm: "ARM_SUBSCRIPTION_ID",
      outputsVariable: "outputs file env.json",
      profileVariable: "profile 'named'",
      stackVariable: "stack 'dev'",
      usedProfile: "profile 'used'",
      selected: "the selected stack",
    };

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
            env = { ...env, ...(typeof variable === "function" ? await variable() : variable) };
          }
        }
        const settings = open(flags, env);
        assert.equal(await settings.need("subscriptionId"), ids[winner]);
        assert.deepEqual(await settings.locate("subscriptionId"), { value: ids[winner], from: names[winner] });
      });
    });
  });

  it("run Pulumi for the stack that is named, in the current folder", async () => {
    const env = pulumi(`echo "{\\"tenantId\\": \\"$* $(basename "$PWD")\\"}"`);
    const expected = (name: string) =>
      `stack output --json --stack ${name} --non-interactive ${cwd.split("/").at(-1) ?? ""}`;
    assert.equal(await open({ stack: "dev" }, env).need("tenantId"), expected("dev"));
    assert.equal(await open({}, { ...env, PULUMI_STACK: "prod" }).need("tenantId"), expected("prod"));
  });

  it("run Pulumi once, and not at all when flags and variables have everything", async () => {
    const env = pulumi(`echo called >> calls; echo '{"subscriptionId": "${own}", "bastionHostId": "${bastion}"}'`);
    const settings = open({ stack: "dev", subscription: own }, env);
    assert.equal(await settings.need("subscriptionId"), own);
    assert.ok(!existsSync(join(cwd, "calls")));
    assert.deepEqual(await Promise.all([settings.need("bastionHostId"), settings.find("tenantId")]), [
      bastion,
      undefined,
    ]);
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
    assert.deepEqual(await open({ archive, subscription: guid("abc") }).need("activityLogArchive"), {
      ...all,
      blobPrefix: `resourceId=/SUBSCRIPTIONS/${guid("ABC")}/`,
    });
  });

  it("of the flow logs are those of the deployment, whatever account --archive names", async () => {
    const flows = {
      blobEndpoint: "https://flows.blob.core.windows.net",
      container: "c",
      blobPrefix: "flowLogResourceID=/",
    };
    const settings = open({ outputs: outputs("outputs.json", { flowLogArchive: flows }), archive: "https://a.b" });
    assert.deepEqual(await settings.need("flowLogArchive"), flows);
    await assert.rejects(open({ outputs: outputs("outputs.json", { subscriptionId: own }) }).need("flowLogArchive"), {
      message: /^The storage account of the flow logs is not known: /,
      nextStep:
        "Set flowLogs in the stack's config and deploy it, then name the deployment with --stack, --outputs or --profile.",
    });
  });

  describe("of a deployment, beside flags that name something else", () => {
    const activityFolder = { ...folder, container: "insights-activity-logs", blobPrefix: prefixOf(own) };
    const vms = [own, other].map((subscription) => ({
      name: subscription,
      id: `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web`,
      privateIp: "10.60.1.4",
      jitPolicyId: "/jit",
    }));
    const deployment = {
      subscriptionId: own,
      bastionHostId: bastion,
      archive: folder,
      activityLogArchive: activityFolder,
      workspaceCustomerId: guid("c"),
      vms,
    };

    function prefixOf(subscription: string): string {
      return `resourceId=/SUBSCRIPTIONS/${subscription}/`;
    }

    /** The places of the logs, and whose logs are meant there. */
    async function logs(flags: SettingsFlags, env: Environment = {}, outputsOf: object = deployment) {
      const settings = open({ outputs: outputs("outputs.json", outputsOf), ...flags }, env);
      const archive = await settings.need("archive");
      const activity = await settings.need("activityLogArchive");
      return {
        audit: archive.blobPrefix,
        activity: activity.blobPrefix,
        workspace: await settings.scopeIn("workspaceCustomerId"),
      };
    }

    const stacks = {
      audit: folder.blobPrefix,
      activity: prefixOf(own),
      workspace: { audit: bastion, activity: own },
    };

    it("are the deployment's where nothing is named, or its own subscription and host", async () => {
      assert.deepEqual(await logs({}), stacks);
      assert.deepEqual(await logs({ subscription: own.toUpperCase() }), {
        ...stacks,
        workspace: { audit: bastion, activity: own },
      });
      assert.deepEqual(await logs({ bastion }), stacks);
    });

    it("are logs of that host, in the same account and workspace", async () => {
      const id = hostIn(other, "hub");
      assert.deepEqual(await logs({ bastion: id }), {
        audit: `resourceId=${id.toUpperCase()}/`,
        activity: prefixOf(own),
        workspace: { audit: id, activity: own },
      });
    });

    it("are logs of that subscription, and never the deployment's", async () => {
      assert.deepEqual(await logs({ subscription: other }), {
        audit: prefixOf(other),
        activity: prefixOf(other),
        workspace: { audit: `/subscriptions/${other}`, activity: other },
      });
    });

    it("are the deployment's where its host was adopted from another subscription", async () => {
      const hub = hostIn(other, "hub");
      const adopted = { ...deployment, bastionHostId: hub, archive: { ...folder, blobPrefix: "hub" } };
      const expected = { audit: "hub", activity: prefixOf(own), workspace: { audit: hub, activity: own } };
      assert.deepEqual(await logs({ subscription: own }, {}, adopted), expected);
      // By its own id, the host is of that subscription too.
      assert.deepEqual(await logs({ subscription: other }, {}, adopted), {
        audit: "hub",
        activity: prefixOf(other),
        workspace: { audit: hub, activity: other },
      });
    });

    it("are of every host and subscription where only the place is named", async () => {
      const settings = open({ outputs: outputs("outputs.json", deployment), workspace: guid("d") });
      assert.deepEqual(await settings.scopeIn("workspaceCustomerId"), { audit: undefined, activity: undefined });
      const url = "https://hub.blob.core.windows.net";
      const archive = open({ outputs: outputs("outputs.json", deployment), archive: url });
      assert.deepEqual(
        [(await archive.need("archive")).blobPrefix, (await archive.need("activityLogArchive")).blobPrefix],
        ["", ""],
      );
    });

    it("take a host and a subscription of the environment before those of the outputs that it names", async () => {
      const env = {
        BASTION_TRAIL_OUTPUTS: outputs("env.json", deployment),
        BASTION_TRAIL_BASTION: hostIn(own, "second"),
        BASTION_TRAIL_SUBSCRIPTION: other,
      };
      const settings = open({}, env);
      assert.deepEqual(await settings.scopeIn("workspaceCustomerId"), {
        audit: hostIn(own, "second"),
        activity: other,
      });
      assert.equal((await settings.need("activityLogArchive")).blobPrefix, prefixOf(other));
      assert.equal((await settings.need("archive")).blobPrefix, `resourceId=${hostIn(own, "second").toUpperCase()}/`);
    });

    it("have no host of another subscription, and say so where one is needed", async () => {
      const settings = open({ outputs: outputs("outputs.json", deployment), subscription: other });
      assert.equal(await settings.find("bastionHostId"), undefined);
      assert.equal(
        await refusal(() => settings.need("bastionHostId")),
        `The Bastion host from outputs file outputs.json is not in the subscription ${other}. ` +
          "Pass --bastion ID, or name the deployment with --stack, --outputs or --profile. Or leave --subscription out.",
      );
      assert.deepEqual(await settings.find("vms"), [vms[1]]);
    });

    it("leave out what a deployment with another host has, where one host is examined", async () => {
      const settings = open({ outputs: outputs("outputs.json", deployment), bastion: hostIn(other) });
      const host = await settings.need("bastionHostId");
      assert.deepEqual(await Promise.all([settings.find("vms", host), settings.find("workspaceCustomerId", host)]), [
        undefined,
        undefined,
      ]);
      assert.deepEqual(await settings.find("vms", bastion), vms);
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
      "The Bastion host is not known. Pass --bastion ID, or name the deployment with --stack, --outputs or --profile.",
    );
  });

  const without = "Without Pulumi, pass --outputs FILE, or keep such a file as a profile: bastion-trail use FILE.";

  it("say why the selected stack does not help", async () => {
    outputs("Pulumi.yaml", "name: bastion-trail");
    const env = pulumi(`echo "error: no stack selected; please use 'pulumi stack select' to choose one" >&2; exit 255`);
    assert.equal(await open({}, env).find("archive"), undefined);
    assert.equal(
      await refusal(() => open({}, env).need("archive")),
      `The archive of the audit logs is not known: No stack is selected in ${cwd}. ` +
        "Pass --archive URL, or name the deployment with --stack, --outputs or --profile.",
    );
  });

  it("say that the deployment that is named does not have a value", async () => {
    assert.equal(
      await refusal(() => open({ outputs: outputs("o.json", { subscriptionId: own }) }).need("archive")),
      "The archive of the audit logs is not known: outputs file o.json does not have it. " +
        "Pass --archive URL, or name the deployment with --stack, --outputs or --profile.",
    );
  });

  // What Pulumi 3.259 says.
  for (const [what, stderr, said] of [
    [
      "a stack that is not there",
      "error: no stack named 'dev' found",
      "Pulumi cannot find stack 'dev'. List the stacks with: pulumi stack ls --all.",
    ],
    [
      "a folder without a project",
      "error: if you're using the --stack flag, pass the fully qualified name (organization/project/stack)",
      "No Pulumi project in CWD: cannot find stack 'dev'. " +
        "Run this in the project's folder, or pass the whole name: --stack ORGANIZATION/PROJECT/STACK.",
    ],
    [
      "nobody logged in",
      "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
      "Not logged in to Pulumi; stack 'dev' cannot be read. Run `pulumi login`.",
    ],
    [
      "anything else, in Pulumi's words",
      'error: unable to open bucket "azblob://x": no credentials.\nwarning: A new version of Pulumi is available.',
      "Pulumi could not read stack 'dev': unable to open bucket \"azblob://x\": no credentials. " +
        "Check the stack and the Pulumi login.",
    ],
  ] as const) {
    it(`say in one sentence what to do about ${what}`, async () => {
      outputs("said", stderr);
      const env = pulumi(`cat '${join(cwd, "said")}' >&2; exit 255`);
      const message = await refusal(() => open({ stack: "dev" }, env).need("archive"));
      assert.equal(message, `${said.replace("CWD", cwd)} ${without}`);
    });
  }

  it("say that Pulumi is missing", async () => {
    assert.equal(
      await refusal(() => open({ stack: "dev" }, { PATH: cwd }).need("archive")),
      `Pulumi is not on PATH; stack 'dev' cannot be read without it. Install it: https://www.pulumi.com/docs/install. ${without}`,
    );
  });

  it("say which profile is not there", async () => {
    await keepProfile("prod", own);
    const said = "Profile 'prd' not found. Did you mean 'prod'? Profiles: prod. Make one with: bastion-trail use FILE.";
    assert.equal(await refusal(() => open({ profile: "prd" }).need("archive")), said);
    assert.equal(await refusal(() => open({}, { BASTION_TRAIL_PROFILE: "prd" }).need("archive")), said);
  });

  const write = "Write it with: pulumi stack output --json > FILE.";
  for (const [what, content, said] of [
    ["is missing", undefined, `Outputs file CWD/o.json not found. ${write}`],
    ["is not JSON", "oops", `No JSON document in outputs file o.json. ${write}`],
    [
      "is of another version",
      { archive: { account: "a" }, vms: [{}] },
      "Malformed outputs in outputs file o.json: archive.blobEndpoint, archive.container, archive.blobPrefix, vms.0.name, " +
        "vms.0.id, vms.0.privateIp, vms.0.jitPolicyId. Deploy the stack with this version of the program, and write its outputs again.",
    ],
    [
      "is a list",
      [],
      "Malformed outputs in outputs file o.json: the whole document. " +
        "Deploy the stack with this version of the program, and write its outputs again.",
    ],
    [
      "is not an object",
      42,
      "Malformed outputs in outputs file o.json: the whole document. " +
        "Deploy the stack with this version of the program, and write its outputs again.",
    ],
  ] as const) {
    it(`refuse an outputs file that ${what}`, async () => {
      if (content !== undefined) outputs("o.json", content);
      assert.equal(await refusal(() => open({ outputs: "o.json" }).need("archive")), said.replace("CWD", cwd));
    });
  }

  for (const [encoding, bytes] of [
    ["UTF-16, as PowerShell writes it", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
    ["UTF-16 with the other byte order", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
    ["UTF-8 with a byte order mark", (text: string) => Buffer.from(`\ufeff${text}`)],
  ] as const) {
    it(`read an outputs file in ${encoding}`, async () => {
      writeFileSync(join(cwd, "o.json"), bytes(JSON.stringify({ tenantId: "Zürich" })));
      assert.equal(await open({ outputs: "o.json" }).need("tenantId"), "Zürich");
    });
  }

  const host = "/subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.Network/bastionHosts/NAME";
  for (const [what, env, name, said] of [
    [
      "an archive that is not a URL",
      { BASTION_TRAIL_ARCHIVE: "trail?sig=secret" },
      "archive",
      "The archive of the audit logs 'trail' from BASTION_TRAIL_ARCHIVE must be the account's blob endpoint: " +
        "https://ACCOUNT.blob.core.windows.net. Correct it. Pass --archive URL, or name the deployment with --stack, --outputs or --profile.",
    ],
    [
      "a workspace that is not a GUID",
      { BASTION_TRAIL_WORKSPACE: "law" },
      "workspaceCustomerId",
      "The Log Analytics workspace 'law' from BASTION_TRAIL_WORKSPACE must be a GUID, such as " +
        "00000000-0000-0000-0000-000000000000. Correct it. Pass --workspace ID, or name the deployment with --stack, --outputs or --profile.",
    ],
    [
      "a host that is not an ARM id",
      { BASTION_TRAIL_BASTION: "bst" },
      "bastionHostId",
      `The Bastion host 'bst' from BASTION_TRAIL_BASTION must be an ARM id: ${host}. ` +
        "Correct it. Pass --bastion ID, or name the deployment with --stack, --outputs or --profile.",
    ],
    [
      "a subscription that is a name",
      { ARM_SUBSCRIPTION_ID: "prod" },
      "subscriptionId",
      "The Azure subscription 'prod' from ARM_SUBSCRIPTION_ID must be a GUID, such as 00000000-0000-0000-0000-000000000000. " +
        "Correct it. Pass --subscription ID, or name the deployment with --stack, --outputs or --profile.",
    ],
  ] as const) {
    it(`refuse ${what}`, async () => {
      assert.equal(await refusal(() => open({}, env).need(name)), said);
    });
  }

  it("refuse a malformed host that would narrow what is read", async () => {
    const env = { BASTION_TRAIL_OUTPUTS: outputs("env.json", { archive: folder }), BASTION_TRAIL_BASTION: "bst" };
    await assert.rejects(open({}, env).need("archive"), /The Bastion host 'bst' from BASTION_TRAIL_BASTION must be /);
  });

  it("refuse two deployments at once", () => {
    for (const [flags, names] of [
      [{ outputs: "o.json", stack: "dev" }, "--outputs and --stack"],
      [{ profile: "prod", stack: "dev" }, "--stack and --profile"],
    ] as const) {
      assert.throws(() => open(flags), { message: `${names} each name a deployment.`, nextStep: "Use one of them." });
    }
  });
});
