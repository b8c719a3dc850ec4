/** The azure-native plugin in front of a fake Azure Resource Manager, fresh for each test. */
import type { JsonObject } from "../../../../sandbox/arm/json.ts";
import { createArmClient, type ArmClient } from "../../../../sandbox/bridge/armClient.ts";
import { azureNativePlugin } from "../../../../sandbox/bridge/azureNative/plugin.ts";
import type { OperationContext, ResourcePlugin } from "../../../../sandbox/bridge/provider.ts";
import { identity, startFakeArm, type FakeArm } from "../fakeArm.ts";

export const group = `/subscriptions/${identity.subscriptionId}/resourceGroups/rg`;
export const networkId = `${group}/providers/Microsoft.Network`;
export const urn = (type: string, name = "x"): string => `urn:pulumi:dev::p::my:C$azure-native:${type}::${name}`;
export const vnet = {
  resourceGroupName: "rg",
  virtualNetworkName: "v",
  addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
};
export const vnetId = `${networkId}/virtualNetworks/v`;
export const nsg = { resourceGroupName: "rg", networkSecurityGroupName: "n", location: "westeurope" };
export const nsgId = `${networkId}/networkSecurityGroups/n`;
export const host = { resourceGroupName: "rg", bastionHostName: "b", location: "westeurope" };
export const hostId = `${networkId}/bastionHosts/b`;

export class PluginBench {
  arm!: FakeArm;
  client!: ArmClient;
  plugin!: ResourcePlugin;
  /** Warnings of the plugin since the test began. */
  warnings: string[] = [];
  readonly context: OperationContext = {
    signal: new AbortController().signal,
    warn: (at, message) => this.warnings.push(`${at}: ${message}`),
  };

  /** Starts and ends the parts around each test of the suite. */
  static ofSuite(): PluginBench {
    const bench = new PluginBench();
    beforeEach(async () => {
      const arm = await startFakeArm();
      bench.arm = arm;
      bench.client = createArmClient({ endpoint: arm.endpoint, ca: arm.ca, identity, retryDelayMs: 1 });
      bench.plugin = azureNativePlugin(bench.client, identity);
      bench.warnings = [];
    });
    afterEach(async () => {
      bench.client.close();
      await bench.arm.remove();
    });
    return bench;
  }

  create(type: string, inputs: JsonObject): Promise<{ id: string; state: JsonObject }> {
    return this.plugin.create({ urn: urn(type), inputs, preview: false }, this.context);
  }

  update(type: string, id: string, inputs: JsonObject, oldState: JsonObject = {}): Promise<JsonObject> {
    return this.plugin.update({ urn: urn(type), id, inputs, preview: false, oldState, oldInputs: {} }, this.context);
  }

  delete(type: string, id: string): Promise<void> {
    return this.plugin.delete({ urn: urn(type), id, oldState: {} }, this.context);
  }

  /** Every request in order: method and path. */
  requests(): string[] {
    return this.arm.seen.map(({ method, path }) => `${method} ${path}`);
  }

  /** The body of the last request with a method. */
  sent(method: string): JsonObject | undefined {
    return this.arm.seen.findLast((each) => each.method === method)?.body;
  }
}
