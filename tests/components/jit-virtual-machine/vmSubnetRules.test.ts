import assert from "node:assert/strict";
import { networkMoveProblems } from "../../../components/jit-virtual-machine/vmSubnetRules.ts";
import { describeProblem } from "../../../components/shared/problem.ts";

const networks = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks";

describe("an update of a VM's network interface", () => {
  const inputs = (id: unknown) => ({ ipConfigurations: [{ name: "internal", subnet: { id } }] });
  const move = (was: unknown, wanted: unknown): string[] =>
    networkMoveProblems(inputs(was), inputs(wanted)).map(describeProblem);

  it("may change the subnet in its virtual network, and how its id is spelled", () => {
    assert.deepEqual(move(`${networks}/hub/subnets/a`, `${networks}/hub/subnets/b`), []);
    assert.deepEqual(move(`${networks}/hub/subnets/a`, `${networks}/hub/subnets/A`.toUpperCase()), []);
  });

  it("never changes the virtual network", () => {
    assert.deepEqual(move(`${networks}/hub/subnets/vms`, `${networks}/spoke/subnets/vms`), [
      `vmSubnetId is "${networks}/spoke/subnets/vms"; the VM is in ${networks}/hub, and Azure cannot move it to another virtual network; ` +
        "set it back, or remove the VM before adding it again",
    ]);
  });

  it("is not judged by a subnet that is not known yet", () => {
    assert.deepEqual(move(`${networks}/hub/subnets/vms`, {}), []);
    assert.deepEqual(networkMoveProblems({}, inputs(`${networks}/hub/subnets/vms`)), []);
  });
});
