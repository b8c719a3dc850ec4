import assert from "node:assert/strict";
import type { Activity } from "../../../../cli/audit/activity/types.ts";
import { activityOptions } from "../../../../cli/commands/activity/options.ts";
import { runActivity } from "../../../../cli/commands/activity/runActivity.ts";
import type { JsonObject } from "../../../../sandbox/arm/json.ts";
import { AccessBench, given } from "../../accessBench.ts";
import { JitBench } from "../jit/jitBench.ts";
import { forSuite } from "../../../held.ts";

const open = {
  ...{ access: "Allow", direction: "Inbound", priority: 200, protocol: "Tcp", sourceAddressPrefix: "*" },
  ...{ sourcePortRange: "*", destinationAddressPrefix: "*", destinationPortRange: "22" },
};

/** With the sandbox's control plane and its activity log. */
describe("activity --vm, without the stack's outputs", () => {
  const azure = forSuite(() => AccessBench.start());
  before(async () => {
    const { plane, path } = azure.bench;
    for (const name of ["vm-app", "vm-two"]) {
      const nic = plane.store.get(path.nicId.replace("vm-app", name))!;
      const virtualMachine = { id: path.vmId.replace("vm-app", name) };
      plane.store.put({
        ...nic,
        body: { ...nic.body, properties: { ...(nic.body.properties as JsonObject), virtualMachine } },
      });
      const rule = `${path.nsgId.replace("vm-app", name)}/securityRules/OpenSsh`;
      await plane.send("PUT", rule, "2024-05-01", { properties: open });
    }
    await new JitBench(azure).request({ for: 3_600_000 }, "vm-two");
  });

  async function shown(vm: string) {
    const io = azure.io({ now: new Date().toISOString() });
    const options = given(activityOptions, { json: true, vm, source: "api" });
    assert.equal(await runActivity(options, io, azure.open), 0);
    const { activities } = JSON.parse(io.written.stdout) as { activities: Activity[] };
    const names = activities.map(
      ({ kind, origin, resource }) => `${kind} ${origin ?? "-"} ${resource?.split("/")[8] ?? ""}`,
    );
    return { names: [...new Set(names)], stderr: io.written.stderr };
  }

  it("asks Azure for the groups before the VM, and leaves out rules of others", async () => {
    const own = { names: ["rule jit nsg-vm-app", "rule outside nsg-vm-app"], stderr: "" };
    assert.deepEqual(await shown("VM-APP"), own);
    assert.deepEqual(await shown(azure.bench.path.vmId), own);
    const { names } = await shown("vm-two");
    assert.deepEqual(names, ["rule jit nsg-vm-two", "rule outside nsg-vm-two", "request - westeurope"]);
  });

  it("says that it does not know the groups of a VM that there is not", async () => {
    assert.deepEqual(await shown("vm-gone"), {
      names: [],
      stderr:
        "note: VM 'vm-gone' not found in the subscription. The network security groups of vm-gone are not known: of the rules, only those that name it or its address are shown.\n",
    });
  });
});
