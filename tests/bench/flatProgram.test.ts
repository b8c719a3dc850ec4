import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { benchConfig, engineConfig } from "../../bench/benchConfig.ts";
import flat from "../../bench/flat/program.ts";
import { toUsualImports } from "../../bench/start/usualProgram.ts";
import deploy from "../../index.ts";
import { recordProgram, subscriptionId, type RegisteredResource } from "../components/recordedProgram.ts";

/** What a program registers for the stack that is measured, on mocks that answer both alike. */
async function resourcesOf(program: () => Promise<object>): Promise<readonly RegisteredResource[]> {
  const { resources } = await recordProgram(
    async () => {
      pulumi.runtime.setAllConfig(engineConfig(benchConfig(3)));
      return { ...(await program()) };
    },
    {
      outputs: (_type, inputs, name) => ({
        name: inputs.virtualNetworkName ?? inputs.accountName ?? inputs.resourceGroupName ?? name,
        result: "k3j9x2ab",
        primaryEndpoints: { blob: "https://bench.blob.core.windows.net/" },
      }),
      functions: {
        "azure-native:authorization:getClientConfig": () => ({ subscriptionId, tenantId: "t" }),
      },
    },
  );
  return resources;
}

/** What makes the engine's work: the resource, and how it is treated; not its parent, nor the hooks of a component. */
function work({ type, name, inputs, ignoreChanges, retainOnDelete, deleteBeforeReplace, protect }: RegisteredResource) {
  return { type, name, inputs, ignoreChanges, retainOnDelete, deleteBeforeReplace, protect };
}

function byName(resources: readonly RegisteredResource[]) {
  return resources
    .filter(({ type }) => !type.startsWith("bastion-trail:"))
    .map(work)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

describe("the flat program of the bench", () => {
  it("registers the same resources with the same inputs as the program, and no component", async () => {
    const ours = await resourcesOf(deploy);
    const theirs = await resourcesOf(flat);
    assert.deepEqual(byName(theirs), byName(ours));
    assert.equal(theirs.length, byName(theirs).length);
    // 15 that there are once, 6 of each VM, two passwords and an extension.
    assert.equal(theirs.length, 15 + 3 * 6 + 3);
  });

  it("declares everything that the usual program declares, with root imports", () => {
    const folder = join(import.meta.dirname, "../../bench/flat");
    const sources = readdirSync(folder)
      .filter((file) => !["azureNative.ts", "random.ts", "withoutVersionAliases.ts"].includes(file))
      .map((file) => readFileSync(join(folder, file), "utf8"));
    const imported = sources.flatMap((source) =>
      [...toUsualImports(source).matchAll(/from "([^"]+)"/g)].map(([, from]) => from),
    );
    assert.deepEqual([...new Set(imported)].sort(), [
      "../../program/inTurn",
      "./evidence",
      "./network",
      "./vm",
      "@pulumi/azure-native",
      "@pulumi/pulumi",
      "@pulumi/random",
    ]);
  });
});
