import assert from "node:assert/strict";
import { vmNoPublicAddress } from "../../../policies/rules/vmNoPublicAddress.ts";
import { judgeInputs, unknown } from "../stack.ts";

describe("policy vm-no-public-address", () => {
  const violation = (name: string) => [
    `IP configuration "${name}" has a public IP address. Remove it, and connect through Bastion.`,
  ];
  const judgeInterface = (...ipConfigurations: object[]) =>
    judgeInputs(vmNoPublicAddress, { type: "network:NetworkInterface", name: "nic", props: { ipConfigurations } });

  it("accepts private addresses", () => {
    assert.deepEqual(judgeInterface({ name: "internal", subnet: { id: "/s" } }), []);
  });

  it("refuses a public address, known or not", () => {
    assert.deepEqual(judgeInterface({ name: "a" }, { name: "b", publicIPAddress: { id: "/ip" } }), violation("b"));
    assert.deepEqual(judgeInterface({ name: "c", publicIPAddress: { id: unknown } }), violation("c"));
    assert.deepEqual(judgeInterface({ publicIPAddress: unknown }), violation("unnamed"));
  });

  it("refuses an address that Azure makes together with a VM or a scale set", () => {
    const networkProfile = {
      networkInterfaceConfigurations: [
        { ipConfigurations: [{ name: "made", publicIPAddressConfiguration: { name: "ip" } }] },
      ],
    };
    const vm = { type: "compute:VirtualMachine", name: "vm", props: { networkProfile } };
    assert.deepEqual(judgeInputs(vmNoPublicAddress, vm), violation("made"));
    const virtualMachineProfile = { networkProfile };
    const set = { type: "compute:VirtualMachineScaleSet", name: "set", props: { virtualMachineProfile } };
    assert.deepEqual(judgeInputs(vmNoPublicAddress, set), violation("made"));
  });

  it("says nothing of other resources and of inputs that are not there", () => {
    const publicIPAddress = { id: "/ip" };
    const host = { type: "network:BastionHost", name: "host", props: { ipConfigurations: [{ publicIPAddress }] } };
    assert.deepEqual(judgeInputs(vmNoPublicAddress, host), []);
    assert.deepEqual(judgeInputs(vmNoPublicAddress, { type: "network:NetworkInterface", name: "nic" }), []);
    assert.deepEqual(
      judgeInputs(vmNoPublicAddress, {
        type: "network:NetworkInterface",
        name: "nic",
        props: { ipConfigurations: unknown },
      }),
      [],
    );
  });
});
