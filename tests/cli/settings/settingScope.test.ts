import assert from "node:assert/strict";
import type { Environment } from "../../../cli/io.ts";
import type { SettingsFlags } from "../../../cli/settings/settingValues.ts";
import { bastion, folder, guid, hostIn, other, own, refusal, settingsFolder } from "./settingsFolder.ts";

describe("settings of a deployment, with flags that name something else,", () => {
  const { open, outputs } = settingsFolder();

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
