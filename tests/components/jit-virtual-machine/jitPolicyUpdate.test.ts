import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { keepsLiveRequests, refuseStaleRequests } from "../../../components/jit-virtual-machine/jitPolicyUpdate.ts";
import { acceptHooks } from "../recordedProgram.ts";

const ada = { requestor: "ada", startTimeUtc: "2026-01-01T00:00:00Z", virtualMachines: [] };
const eve = { requestor: "eve", startTimeUtc: "2026-01-01T00:10:00Z", virtualMachines: [] };
const refusal =
  'JitVirtualMachine "web": the JIT requests in the stack\'s state are not those in Azure, and this update of the policy ' +
  'would write them back. Run "pulumi up --refresh".';

describe("the requests of an update of a JIT policy", () => {
  it("may be those that Azure has, whatever the order of their members", () => {
    refuseStaleRequests("it", [ada], [{ virtualMachines: [], startTimeUtc: ada.startTimeUtc, requestor: "ada" }]);
    refuseStaleRequests("it", [], []);
  });

  it("may not lack a newer one, bring back an older one, or show one in another state", () => {
    for (const [recorded, live] of [
      [[ada], [ada, eve]],
      [[ada], []],
      [[], [eve]],
      [[{ ...ada, virtualMachines: [{ id: "/vm", ports: [] }] }], [ada]],
    ]) {
      assert.throws(
        () => {
          refuseStaleRequests('JitVirtualMachine "web"', recorded, live);
        },
        { message: refusal },
      );
    }
  });
});

describe("the hook of a JIT policy", () => {
  const calls: unknown[] = [];

  /** The hook, with these requests in Azure. */
  async function hook(live: unknown[] | undefined): Promise<pulumi.ResourceHook> {
    calls.length = 0;
    await pulumi.runtime.setMocks({
      newResource: ({ inputs }) => ({ id: "", state: inputs as object }),
      call: ({ token, inputs }) => {
        calls.push([token, inputs]);
        return { requests: live };
      },
    });
    acceptHooks();
    return keepsLiveRequests('JitVirtualMachine "web"', {});
  }
  const about = {
    urn: "urn" as pulumi.URN,
    id: "" as pulumi.ID,
    name: "web-jit",
    type: "azure-native:security:JitNetworkAccessPolicy",
  };
  const policy = { resourceGroupName: "rg", ascLocation: "westeurope", jitNetworkAccessPolicyName: "web-jit" };

  it("runs in preview as well", async () => {
    assert.deepEqual((await hook([])).opts, { onDryRun: true });
  });

  it("asks Azure nothing about an update that sends no requests", async () => {
    const { callback } = await hook([ada]);
    await callback({ ...about, newInputs: policy });
    assert.deepEqual(calls, []);
  });

  it("lets an update with Azure's own list pass", async () => {
    const { callback } = await hook([ada]);
    await callback({ ...about, newInputs: { ...policy, requests: [ada] } });
    assert.deepEqual(calls, [["azure-native:security:getJitNetworkAccessPolicy", policy]]);
  });

  it("asks with the provider of the component", async () => {
    const providers: unknown[] = [];
    await pulumi.runtime.setMocks({
      newResource: ({ inputs, name }) => ({ id: `id-of-${name}`, state: inputs as object }),
      call: ({ provider }) => {
        providers.push(provider?.split("::").slice(-2));
        return { requests: [ada] };
      },
    });
    class Azure extends pulumi.ProviderResource {}
    const { callback } = keepsLiveRequests('JitVirtualMachine "web"', {
      provider: new Azure("azure-native", "other", {}),
    });
    await callback({ ...about, newInputs: { ...policy, requests: [ada] } });
    assert.deepEqual(providers, [["other", "id-of-other"]]);
  });

  it("refuses any other one", async () => {
    for (const live of [[ada, eve], undefined]) {
      const { callback } = await hook(live);
      await assert.rejects(async () => callback({ ...about, newInputs: { ...policy, requests: [ada] } }), {
        message: refusal,
      });
    }
  });
});
