import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { projectFolder } from "../../sandbox/engineCommand.ts";
import { AzureClients } from "./azureClients.ts";
import { forSuite } from "../held.ts";
import { type StackConfig, TestSandbox, unchanged } from "./harness.ts";

/**
 * The state of Pulumi.sandbox.yaml's stack as an earlier version left it, with `SUBSCRIPTION` and `TENANT` for what is another in each
 * sandbox. tools/recordState.ts writes another one, before a release that changes names, types or parents.
 */
const recorded = ["2026-11-26.json.gz"];

/** What this version has by default and the recorded ones had not. */
const added = [
  "azure-native:authorization:RoleAssignment flows-may-write",
  "azure-native:managedidentity:UserAssignedIdentity flows-writer",
  "azure-native:network:FlowLog flows-vms-flow-log",
  "azure-native:storage:BlobServiceProperties flows-blob-service",
  "azure-native:storage:ManagementPolicy flows-retention",
  "azure-native:storage:StorageAccount flows-account",
  "bastion-trail:index:FlowLogs flows",
  "random:index/randomString:RandomString flows-account-suffix",
];

/** What records more than it did: the network, and which evidence there is. Nothing in Azure changes. */
const recording = ["bastion-trail:index:BastionNetwork network", "bastion-trail:index:EvidenceGroup group"];

/** The config that the stack was deployed with: without shareable links, which it has now. */
function recordedConfig(): StackConfig {
  const { config } = parse(readFileSync(join(projectFolder, "Pulumi.sandbox.yaml"), "utf8")) as { config: StackConfig };
  const settings = Object.entries(config).map(([key, value]) => [key.slice(key.indexOf(":") + 1), value] as const);
  return { ...Object.fromEntries(settings), shareableLink: false };
}

describe("a stack that an earlier version deployed", () => {
  for (const file of recorded) {
    const preview = async (settings: StackConfig) => {
      const { changes, resources } = await sandbox.succeed("preview", ...sandbox.config(settings));
      const listed = resources as { change: string; type: string; name: string }[];
      const of = (wanted: string) =>
        listed.flatMap(({ change, type, name }) => (change === wanted ? [`${type} ${name}`] : [])).sort();
      return { changes, created: of("create"), updated: of("update") };
    };

    const sandbox = forSuite(() => TestSandbox.start());
    before(async () => {
      const { AZURE_SUBSCRIPTION_ID = "", AZURE_TENANT_ID = "" } = sandbox.environment();
      const text = gunzipSync(readFileSync(join(import.meta.dirname, "recorded", file))).toString("utf8");
      const state = join(sandbox.folder, "state/.pulumi/stacks/bastion-trail/sandbox.json");
      mkdirSync(dirname(state), { recursive: true });
      writeFileSync(
        state,
        text.replaceAll("SUBSCRIPTION", AZURE_SUBSCRIPTION_ID).replaceAll("TENANT", AZURE_TENANT_ID),
      );
      // Azure made it with the stack's virtual network.
      const azure = new AzureClients(sandbox);
      const location = "westeurope";
      await azure.resources.resourceGroups.createOrUpdate("NetworkWatcherRG", { location });
      await azure.network.networkWatchers.createOrUpdate("NetworkWatcherRG", "NetworkWatcher_westeurope", { location });
    });

    it(`is left as it is by this version without what is new: ${file}`, async () => {
      const { changes, updated } = await preview({ ...recordedConfig(), flowLogs: "off" });
      assert.deepEqual(changes, { ...unchanged(47), update: 2 });
      assert.deepEqual(updated, recording);
    });

    it(`gets the flow logs by default, and is left as it is otherwise: ${file}`, async () => {
      const { changes, created, updated } = await preview(recordedConfig());
      assert.deepEqual(changes, { ...unchanged(47), create: added.length, update: 2 });
      assert.deepEqual([created, updated], [added, recording]);
    });
  }
});
