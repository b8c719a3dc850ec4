import assert from "node:assert/strict";
import { DefenderPlan } from "../../../components/defender-plan/defenderPlan.ts";
import { JitVirtualMachine } from "../../../components/jit-virtual-machine/jitVirtualMachine.ts";
import {
  vm,
  networkInterface,
  securityGroup,
  securityRule,
  jitPolicy,
  component,
  subnet,
  minimal,
  deploy,
} from "./jitVm.ts";
import { idOf, recordProgram, subscriptionId } from "../recordedProgram.ts";

describe("access to a JitVirtualMachine", () => {
  describe("its network", () => {
    it("has no public IP address", async () => {
      const { inputs } = (await deploy()).only(networkInterface);
      assert.deepEqual(inputs, {
        resourceGroupName: "rg",
        location: "westeurope",
        networkInterfaceName: "web-nic",
        networkSecurityGroup: { id: idOf("web-nsg") },
        ipConfigurations: [
          { name: "internal", primary: true, privateIPAllocationMethod: "Dynamic", subnet: { id: subnet } },
        ],
      });
    });

    it("has a security group of its own without inline rules, whose rules are left to Defender for Cloud", async () => {
      const group = (await deploy()).only(securityGroup);
      assert.deepEqual(group.inputs, {
        resourceGroupName: "rg",
        location: "westeurope",
        networkSecurityGroupName: "web-nsg",
      });
      assert.deepEqual(group.ignoreChanges, []);
    });

    const denied = {
      resourceGroupName: "rg",
      networkSecurityGroupName: "web-nsg",
      direction: "Inbound",
      access: "Deny",
      protocol: "*",
      sourcePortRange: "*",
      destinationAddressPrefix: "*",
    };

    it("denies the management ports at a priority clear of JIT's, and allows nothing by itself", async () => {
      const [management, ...others] = (await deploy({ ...minimal, jitPorts: [22, 8443] })).ofType(securityRule);
      assert.deepEqual(management!.inputs, {
        ...denied,
        securityRuleName: "DenyManagementPorts",
        description: "Management ports are shut unless a JIT request opens them.",
        priority: 4000,
        sourceAddressPrefix: "*",
        destinationPortRanges: ["22", "3389", "8443"],
      });
      assert.ok(others.every(({ inputs }) => inputs.access === "Deny"));
    });

    it("denies the Bastion subnet every port, since a native client's tunnel goes to any", async () => {
      const [, bastion, ...others] = (await deploy()).ofType(securityRule);
      assert.deepEqual(bastion!.inputs, {
        ...denied,
        securityRuleName: "DenyBastionSubnet",
        description: "Through Bastion, no port is reached unless a JIT request opens it.",
        priority: 4010,
        sourceAddressPrefix: "10.60.0.0/26",
        destinationPortRange: "*",
      });
      assert.ok(bastion!.dependsOn.includes("web-deny-management"));
      assert.deepEqual(others, []);
    });

    it("leaves the Developer host's address the other ports, from which health probes come as well", async () => {
      const bastionSubnetPrefix = "168.63.129.16/32";
      const [, bastion] = (await deploy({ ...minimal, bastionSubnetPrefix })).ofType(securityRule);
      assert.deepEqual(bastion!.inputs, {
        ...denied,
        securityRuleName: "DenyBastionSubnet",
        description: "Through Bastion, no port is reached unless a JIT request opens it.",
        priority: 4010,
        sourceAddressPrefix: bastionSubnetPrefix,
        destinationPortRanges: ["22", "3389"],
      });
    });

    it("is closed before the VM exists", async () => {
      const { dependsOn } = (await deploy()).only(vm);
      assert.ok(["web-deny-management", "web-deny-bastion"].every((rule) => dependsOn.includes(rule)));
    });
  });

  describe("its JIT policy", () => {
    it("is one of its own, with the Bastion subnet as the only source", async () => {
      const policy = (
        await deploy({ ...minimal, location: "northeurope", jitPorts: [22, 8443], jitMaxDuration: "90m" })
      ).only(jitPolicy);
      const port = {
        protocol: "TCP",
        allowedSourceAddressPrefix: "10.60.0.0/26",
        maxRequestAccessDuration: "PT1H30M",
      };
      assert.deepEqual(policy.inputs, {
        resourceGroupName: "rg",
        ascLocation: "northeurope",
        jitNetworkAccessPolicyName: "web-jit",
        kind: "Basic",
        virtualMachines: [
          {
            id: idOf("web"),
            ports: [
              { number: 22, ...port },
              { number: 8443, ...port },
            ],
          },
        ],
      });
    });

    it("leaves the current requests alone, and checks before an update that it does not send old ones", async () => {
      const policy = (await deploy()).only(jitPolicy);
      assert.deepEqual(policy.ignoreChanges, ["requests"]);
      assert.deepEqual(policy.beforeUpdate, ["JitVirtualMachine web jit-update"]);
    });

    it("waits for the Defender plan on which the VM depends", async () => {
      const { resources } = await recordProgram(
        () => {
          const plan = new DefenderPlan("defender", { subscriptionId });
          return new JitVirtualMachine("web", minimal, { dependsOn: plan }).jitPolicyId;
        },
        { functions: { "azure-native:authorization:getClientToken": () => ({ token: "secret-token" }) } },
      );
      // Pulumi registers a component after what it depends on is there, and its children after the component.
      assert.ok(resources.find(({ type }) => type === component)?.dependsOn.includes("defender"));
      const order = resources.map(({ type }) => type);
      assert.ok(order.indexOf("pulumi-nodejs:dynamic:Resource") < order.indexOf(jitPolicy));
    });
  });
});
