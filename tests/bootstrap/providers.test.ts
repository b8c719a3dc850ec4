import assert from "node:assert/strict";
import { register } from "../../bootstrap/providers.ts";
import { recordedArm } from "./recordedArm.ts";

const providerId = "/subscriptions/11111111-2222-3333-4444-555555555555/providers/Microsoft.Security";
const state = (registrationState: string) => ({ namespace: "Microsoft.Security", registrationState });
const look = ["GET", `${providerId}?api-version=2021-04-01`];

describe("a resource provider", () => {
  it("is registered and waited for", async () => {
    const { arm, sent } = recordedArm({
      [`GET ${providerId}`]: [state("NotRegistered"), state("Registered")],
      [`POST ${providerId}/register`]: state("Registering"),
    });
    await register({ providerId }, arm);
    assert.deepEqual(sent, [look, ["POST", `${providerId}/register?api-version=2021-04-01`], look]);
  });

  it("is left alone where it is registered", async () => {
    const { arm, sent } = recordedArm({ [`GET ${providerId}`]: state("Registered") });
    await register({ providerId }, arm);
    assert.deepEqual(sent, [look]);
  });
});
