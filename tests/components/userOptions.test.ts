import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { AuditWorkspace, EvidenceGroup, JitVirtualMachine, VmLogin } from "../../components/index.ts";
import { acceptHooks, recordProgram, subscriptionId } from "./recordedProgram.ts";

const location = "westeurope";
const common = { resourceGroupName: "rg", location };

describe("options that a program gives to several components", () => {
  it("keep their hooks as they are, and each component has its own hooks beside them", async () => {
    let given: pulumi.ComponentResourceOptions | undefined;
    const program = await recordProgram(() => {
      acceptHooks();
      given = { hooks: { beforeUpdate: [new pulumi.ResourceHook("users", () => undefined)] } };
      new EvidenceGroup("first", { ...common, holdsEvidence: true }, given);
      new AuditWorkspace("second", common, given);
      new JitVirtualMachine(
        "third",
        {
          ...common,
          login: VmLogin.EntraId,
          bastionSubnetPrefix: "10.0.0.0/26",
          vmSubnetId: `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/vms`,
        },
        given,
      );
      return {};
    });
    const hooksOf = (type: string) => [...program.only(`bastion-trail:index:${type}`).beforeUpdate].sort();
    assert.deepEqual(hooksOf("AuditWorkspace"), ["AuditWorkspace second keeps-evidence", "users"]);
    assert.deepEqual(hooksOf("JitVirtualMachine"), ["JitVirtualMachine third keeps-vault", "users"]);
    assert.equal(
      hooksOf("EvidenceGroup")
        .filter((hook) => !hook.startsWith("EvidenceGroup first "))
        .join(),
      "users",
    );
    assert.equal(given?.hooks?.beforeUpdate?.length, 1);
  });
});
