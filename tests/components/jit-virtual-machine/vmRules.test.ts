import assert from "node:assert/strict";
import { describeProblem } from "../../../components/shared/problem.ts";
import {
  type VirtualMachineSettings,
  virtualMachineProblems,
} from "../../../components/jit-virtual-machine/vmRules.ts";

describe("a virtual machine as a whole", () => {
  const whole: VirtualMachineSettings = {
    name: "web",
    os: "linux",
    login: "entraId",
    size: "Standard_B2s_v2",
    image: "ubuntu-24.04",
    adminUsername: "azureuser",
    jitPorts: [22],
    jitMaxDuration: "3h",
  };
  const arm64Image = "Canonical:ubuntu-24_04-lts:server-arm64:latest";
  const refusals = (vm: Partial<VirtualMachineSettings>) =>
    virtualMachineProblems({ ...whole, ...vm }).map(describeProblem);

  it("has an image for the processor of its size", () => {
    assert.deepEqual(refusals({ size: "Standard_D2ps_v6" }), [
      'size is "Standard_D2ps_v6"; is an Arm64 size, and the image ubuntu-24.04 is for x64; choose an x64 size, or an Arm64 image as publisher:offer:sku:version',
    ]);
    assert.deepEqual(refusals({ image: arm64Image }), [
      `image is "${arm64Image}"; is an Arm64 image, and Standard_B2s_v2 is an x64 size; Arm64 sizes have a "p" after the number of vCPUs, such as Standard_D2ps_v6`,
    ]);
    assert.deepEqual(refusals({ size: "Standard_D2ps_v6", image: arm64Image }), []);
    assert.deepEqual(refusals({ size: "Standard_ND128isr_NDR_GB200_v6", image: arm64Image }), []);
    assert.deepEqual(refusals({ size: "Standard_D2ps_v6", image: "almalinux:almalinux-arm:9-arm-gen2:latest" }), []);
  });

  it("reports all its problems together", () => {
    const vm: VirtualMachineSettings = {
      name: "",
      os: "linux",
      login: "sshKey",
      size: "B2s",
      image: "",
      zone: "0",
      adminUsername: "azureuser",
      jitPorts: [],
      jitMaxDuration: "",
    };
    assert.deepEqual(
      virtualMachineProblems(vm).map((problem) => problem.key),
      ["name", "size", "image", "zone", "sshPublicKey", "jitPorts", "jitMaxDuration"],
    );
  });
});
