import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { requiresWatcher } from "../../../components/flow-logs/networkWatcher.ts";
import { acceptHooks, recordProgram, subscriptionId } from "../recordedProgram.ts";

const group = `/subscriptions/${subscriptionId}/resourceGroups/ops/providers/Microsoft.Network`;
const watcherId = `${group}/networkWatchers/central`;
const flowLog = {
  targetResourceId: `${group}/virtualNetworks/net/subnets/vms`,
  location: "westeurope",
  networkWatcherName: "central",
};

/** Runs the hook of a flow log. @returns which watchers it asked Azure for. */
async function ask(id: pulumi.Input<string | undefined>, inputs: object): Promise<unknown[]> {
  const { calls } = await recordProgram(
    async () => {
      acceptHooks();
      const hook = requiresWatcher('FlowLogs "flows"', id, {});
      await hook.callback({ newInputs: inputs } as pulumi.ResourceHookArgs);
      return {};
    },
    {
      functions: {
        "azure-native:network:getNetworkWatcher": ({ networkWatcherName }) => ({
          id: `${group}/networkWatchers/${String(networkWatcherName)}`,
          location: "westeurope",
        }),
      },
    },
  );
  return calls.map(({ inputs: { networkWatcherName } }) => networkWatcherName);
}

describe("the Network Watcher of a flow log", () => {
  it("is the one that is named, also where its id comes from a resource or from another stack", async () => {
    for (const id of [watcherId, pulumi.output(watcherId), Promise.resolve(watcherId)]) {
      assert.deepEqual(await ask(id, flowLog), ["central"]);
    }
  });

  it("is the one that Azure creates, where none is named", async () => {
    assert.deepEqual(await ask(undefined, flowLog), ["NetworkWatcher_westeurope"]);
  });

  it("is not asked for in a preview that does not know it, or the target, yet", async () => {
    const later = new Promise<string>(() => undefined);
    assert.deepEqual(await ask(later, { ...flowLog, networkWatcherName: {} }), []);
    assert.deepEqual(await ask(watcherId, { ...flowLog, targetResourceId: {} }), []);
  });
});
