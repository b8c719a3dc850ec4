import assert from "node:assert/strict";
import { DefenderPlan } from "../../components/defenderPlan.ts";
import { defenderPlanProvider } from "../../components/defenderPlanProvider.ts";
import { idOf, recordProgram, subscriptionId } from "./recordedProgram.ts";

const planId = `/subscriptions/${subscriptionId}/providers/Microsoft.Security/pricings/VirtualMachines`;

function deploy() {
  return recordProgram(() => new DefenderPlan("defender", { subscriptionId }).planId, {
    functions: { "azure-native:authorization:getClientToken": () => ({ token: "secret-token" }) },
  });
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

  it("keeps the token of the login a secret", async () => {
    const { token } = (await deploy()).only("pulumi-nodejs:dynamic:Resource").inputs;
    assert.deepEqual(token, {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value: "secret-token",
    });
  });

  it("stays when the stack is destroyed, because Azure cannot delete it", () => {
    assert.equal(defenderPlanProvider.delete, undefined);
  });

  describe("a later deployment", () => {
    const state = { planId, pricingTier: "Standard", subPlan: "P2" };
    const diff = (news: Partial<typeof state>) =>
      defenderPlanProvider.diff?.(planId, state, { ...state, token: "another-token", ...news });

    it("changes nothing, though it has another token", async () => {
      assert.deepEqual(await diff({}), { changes: false, replaces: [] });
    });

    it("sets the plan again after somebody else chose another one", async () => {
      assert.deepEqual(await diff({ subPlan: "P1" }), { changes: true, replaces: [] });
    });

    it("is a new resource for another subscription", async () => {
      assert.deepEqual(
        await diff({ planId: "/subscriptions/other/providers/Microsoft.Security/pricings/VirtualMachines" }),
        {
          changes: true,
          replaces: ["planId"],
        },
      );
    });
  });
});
