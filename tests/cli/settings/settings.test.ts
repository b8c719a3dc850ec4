import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../../cli/io.ts";
import type { SettingsFlags } from "../../../cli/settings/settingValues.ts";
import { bastion, folder, guid, own, settingsFolder, workspaceId } from "./settingsFolder.ts";

describe("settings", () => {
  const { cwd, open, keepProfile, outputs, pulumi } = settingsFolder();

  it("come from the stack's outputs as Pulumi prints them; unknown outputs are ignored", async () => {
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

  it("lack an output that depends on a resource that was not created", async () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const web = { name: "web", id: "/vm", privateIp: "10.60.1.4", jitPolicyId: "/jit" };
    const partial = { subscriptionId: own, archive: folder, workspaceId: unknown, vms: [web, unknown] };
    const settings = open({ outputs: outputs("partial.json", partial) });
    assert.deepEqual(await settings.need("archive"), folder);
    assert.equal(await settings.find("workspaceId"), undefined);
    assert.deepEqual(await settings.need("vms"), [web]);
    // One value of a whole list, as earlier versions of the program put it out.
    const older = open({ outputs: outputs("older.json", { ...partial, vms: unknown }) });
    assert.equal(await older.find("vms"), undefined);
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

  describe("what the first deployment does not have is never another one's:", () => {
    const without = { subscriptionId: own };
    const other = { ...without, workspaceCustomerId: guid("c") };
    const find = (flags: SettingsFlags, env: Environment = {}) => open(flags, env).find("workspaceCustomerId");

    it("not of one that the environment names", async () => {
      const env = { BASTION_TRAIL_OUTPUTS: outputs("other.json", other) };
      assert.equal(await find({}, env), guid("c"));
      assert.equal(await find({ outputs: outputs("first.json", without) }, env), undefined);
    });

    it("not of the profile in use", async () => {
      await keepProfile("used", own, "used", { workspaceCustomerId: guid("c") });
      assert.equal(await find({}), guid("c"));
      assert.equal(await find({}, { BASTION_TRAIL_OUTPUTS: outputs("first.json", without) }), undefined);
    });

    it("not of the selected stack", async () => {
      outputs("Pulumi.yaml", "name: bastion-trail");
      const env = pulumi(`echo '${JSON.stringify(other)}'`);
      assert.equal(await find({}, env), guid("c"));
      await keepProfile("used", own, "used");
      assert.equal(await find({}, env), undefined);
    });

    it("but an individual variable", async () => {
      const env = { BASTION_TRAIL_WORKSPACE: guid("d") };
      assert.equal(await find({ outputs: outputs("first.json", without) }, env), guid("d"));
    });
  });

  it("run Pulumi for the stack that is named, in the current folder", async () => {
    const env = pulumi(`echo "{\\"tenantId\\": \\"$* $(basename "$PWD")\\"}"`);
    const expected = (name: string) =>
      `stack output --json --stack ${name} --non-interactive ${cwd().split("/").at(-1) ?? ""}`;
    assert.equal(await open({ stack: "dev" }, env).need("tenantId"), expected("dev"));
    assert.equal(await open({}, { ...env, PULUMI_STACK: "prod" }).need("tenantId"), expected("prod"));
  });

  it("run Pulumi once, or not at all if flags and variables have every value", async () => {
    const env = pulumi(`echo called >> calls; echo '{"subscriptionId": "${own}", "bastionHostId": "${bastion}"}'`);
    const settings = open({ stack: "dev", subscription: own }, env);
    assert.equal(await settings.need("subscriptionId"), own);
    assert.ok(!existsSync(join(cwd(), "calls")));
    assert.deepEqual(await Promise.all([settings.need("bastionHostId"), settings.find("tenantId")]), [
      bastion,
      undefined,
    ]);
    assert.equal(readFileSync(join(cwd(), "calls"), "utf8"), "called\n");
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
});
