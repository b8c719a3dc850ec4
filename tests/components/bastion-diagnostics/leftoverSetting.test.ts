import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { refusesLeftover } from "../../../components/bastion-diagnostics/leftoverSetting.ts";
import { acceptHooks, recordProgram, subscriptionId } from "../recordedProgram.ts";

const host = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/trail`;

/** Runs the hook of a setting. @returns what it asked Azure for. */
async function create(newInputs: object, find: () => Record<string, unknown>): Promise<unknown[]> {
  const { calls } = await recordProgram(
    async () => {
      acceptHooks();
      await refusesLeftover('BastionDiagnostics "trail"', {}).callback({ newInputs } as pulumi.ResourceHookArgs);
      return {};
    },
    { functions: { "azure-native:monitor:getDiagnosticSetting": find } },
  );
  return calls.map(({ inputs }) => inputs);
}

describe("a new diagnostic setting of a Bastion host", () => {
  const inputs = { resourceUri: host, name: "bastion-audit-logs" };
  const found = () => ({ id: `${host}/providers/Microsoft.Insights/diagnosticSettings/bastion-audit-logs` });
  const missing = (): Record<string, unknown> => {
    throw new Error("Status=404 Code=ResourceNotFound");
  };

  it("is refused while the host has one of that name, such as one that outlived an earlier host", async () => {
    await assert.rejects(create(inputs, found), {
      message:
        `BastionDiagnostics "trail": bastionHostId is "${host}"; the host already has the diagnostic setting bastion-audit-logs, ` +
        "such as that of a deleted host of the same name; delete it (az monitor diagnostic-settings delete --name bastion-audit-logs " +
        "--resource ID) and repeat the deployment, or import it if an earlier deployment of this stack created it.",
    });
  });

  it("is created otherwise", async () => {
    assert.deepEqual(await create(inputs, missing), [{ resourceUri: host.slice(1), name: "bastion-audit-logs" }]);
  });

  it("asks nothing about a host whose id is not known", async () => {
    assert.deepEqual(await create({ ...inputs, resourceUri: {} }, found), []);
  });
});
