import assert from "node:assert/strict";
import { DefenderPlan, setPlan } from "../../../components/defender-plan/defenderPlan.ts";
import { dynamicInputs, idOf, recordProgram, subscriptionId } from "../recordedProgram.ts";

const planId = `/subscriptions/${subscriptionId}/providers/Microsoft.Security/pricings/VirtualMachines`;

function deploy() {
  return recordProgram(() => new DefenderPlan("defender", { subscriptionId }).planId);
}

describe("DefenderPlan", () => {
  it("is Defender for Servers Plan 2 on the whole subscription", async () => {
    const { only, result } = await deploy();
    const { inputs, parent } = only("pulumi-nodejs:dynamic:Resource");
    assert.deepEqual(
      { planId: inputs.planId, pricingTier: inputs.pricingTier, subPlan: inputs.subPlan, parent },
      { planId, pricingTier: "Standard", subPlan: "P2", parent: "defender" },
    );
    assert.equal(result, idOf("defender"));
  });

  it("records no token", async () => {
    const { only, calls } = await deploy();
    assert.deepEqual(dynamicInputs(only("pulumi-nodejs:dynamic:Resource")), {
      planId,
      pricingTier: "Standard",
      subPlan: "P2",
    });
    assert.deepEqual(calls, []);
  });

  it("is set by one request, which Azure also accepts where it is on already", async () => {
    const sent: unknown[] = [];
    const send = (...request: unknown[]): Promise<unknown> => Promise.resolve(sent.push(request));
    await setPlan({ planId, pricingTier: "Standard", subPlan: "P2" }, { send });
    assert.deepEqual(sent, [
      ["PUT", `${planId}?api-version=2024-01-01`, { body: { properties: { pricingTier: "Standard", subPlan: "P2" } } }],
    ]);
  });
});
