import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { hook, type HookCall } from "../../../components/shared/hook.ts";
import { refuse } from "../../../components/shared/validate.ts";
import { acceptHooks, recordProgram } from "../recordedProgram.ts";

/** Runs the callback of a hook in a program, with the inputs as Pulumi's SDK passes them: each secret is an Output. */
async function call(callback: (args: HookCall) => void, inputs: Partial<pulumi.ResourceHookArgs>): Promise<void> {
  await recordProgram(async () => {
    acceptHooks();
    const made = hook('Thing "t"', "test", callback);
    await made.callback(inputs as pulumi.ResourceHookArgs);
    return {};
  });
}

class Later extends pulumi.CustomResource {
  constructor(name: string) {
    super("test:index:Later", name);
  }
}

describe("a hook", () => {
  it("gets the values of secrets, and everything else unchanged", async () => {
    const seen: HookCall[] = [];
    const oldInputs = { location: "westeurope", sku: pulumi.secret({ name: "Basic" }) };
    const newInputs = { location: pulumi.secret("northeurope"), zones: ["1"] };
    await call((args) => seen.push(args), { oldInputs, newInputs });
    assert.deepEqual(seen, [
      {
        oldInputs: { location: "westeurope", sku: { name: "Basic" } },
        newInputs: { location: "northeurope", zones: ["1"] },
      },
    ]);
  });

  it("has no inputs where the engine gives none", async () => {
    const seen: HookCall[] = [];
    await call((args) => seen.push(args), {});
    assert.deepEqual(seen, [{}]);
  });

  it("repeats no secret in its refusal", async () => {
    const refused = call(
      ({ newInputs = {} }) => {
        const { location, days } = newInputs;
        refuse('Thing "t"', [
          {
            key: "location",
            value: location,
            reason: `deploy ${String(location)} as a stack of its own, not northeurope2`,
          },
          { key: "days", value: days, reason: "it was 365: deleted after 30 days" },
        ]);
      },
      { newInputs: { location: pulumi.secret("northeurope"), days: pulumi.secret(30) } },
    );
    await assert.rejects(refused, {
      message:
        'Thing "t" has 2 problems:\n' +
        '  - location is "[secret]"; deploy [secret] as a stack of its own, not northeurope2.\n' +
        '  - days is "[secret]"; it was 365: deleted after [secret] days.',
    });
  });

  it("leaves a secret that is not known yet as it is", async () => {
    const seen: HookCall[] = [];
    await recordProgram(
      async () => {
        acceptHooks();
        const later = new Later("later");
        const id = pulumi.secret(later.id);
        await hook('Thing "t"', "test", (args) => void seen.push(args)).callback({
          newInputs: { id },
        } as unknown as pulumi.ResourceHookArgs);
        assert.deepEqual(seen, [{ newInputs: { id } }]);
        return {};
      },
      { leftOut: ["later"] },
    );
  });
});
