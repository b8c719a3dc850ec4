import assert from "node:assert/strict";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { idle, textOf } from "../cloud.ts";
import { loginExtension, startVmCloud, vmBodies, nic, vm } from "./vmBodies.ts";
import { forEachTest } from "../../../../held.ts";

describe("the power state of a virtual machine", () => {
  const ended: string[] = [];
  const endSessionsOf = (id: string): Promise<void> => {
    ended.push(id);
    return Promise.resolve();
  };
  const cloud = forEachTest(() => startVmCloud({ bastion: { ...idle, endSessionsOf } }));
  const bodies = vmBodies(cloud);
  beforeEach(async () => {
    ended.length = 0;
    await cloud.put(vm, bodies.vm());
  });

  /** Runs an action to its end, which both headers tell. */
  const act = async (action: string): Promise<void> => {
    const { status: accepted, headers } = await cloud.send("POST", `${vm}/${action}`);
    assert.equal(accepted, 202);
    assert.equal((await cloud.plane.send("GET", textOf(headers.location))).status, 200);
    // What `az vm restart` shows.
    const { body: ended } = await cloud.plane.send("GET", textOf(headers["azure-asyncoperation"]));
    assert.deepEqual(
      [ended.status, Object.keys(ended)],
      ["Succeeded", ["id", "name", "status", "startTime", "endTime"]],
    );
  };
  const instanceView = (): Promise<JsonObject> => cloud.get(`${vm}/instanceView`);
  const power = async (): Promise<JsonObject> => ((await instanceView()).statuses as JsonObject[]).at(-1)!;

  it("is running from the start", async () => {
    const { computerName, osName, vmAgent, statuses } = await instanceView();
    assert.deepEqual([computerName, osName], ["vm", "Linux"]);
    assert.equal(((vmAgent as JsonObject).statuses as JsonObject[])[0]?.displayStatus, "Ready");
    assert.equal((statuses as JsonObject[])[0]?.code, "ProvisioningState/succeeded");
    assert.deepEqual(await power(), { code: "PowerState/running", level: "Info", displayStatus: "VM running" });
  });

  for (const [action, state] of [
    ["powerOff", "stopped"],
    ["deallocate", "deallocated"],
    ["DEALLOCATE", "deallocated"],
  ] as const) {
    it(`is ${state} after ${action}, which ends the sessions, until it is started`, async () => {
      await act(action);
      assert.deepEqual(await power(), { code: `PowerState/${state}`, level: "Info", displayStatus: `VM ${state}` });
      assert.deepEqual(ended, [cloud.id(vm)]);
      // Only the guest agent knows these.
      assert.deepEqual(
        Object.keys(await instanceView()).filter((member) => ["computerName", "osName", "vmAgent"].includes(member)),
        [],
      );
      const expanded = (await cloud.get(`${vm}?$expand=instanceView`)).properties as JsonObject;
      assert.deepEqual(expanded.instanceView, await instanceView());
      await act("start");
      assert.equal((await power()).code, "PowerState/running");
      assert.deepEqual(ended, [cloud.id(vm)]);
    });
  }

  it("is running after a restart, which ends the sessions", async () => {
    await act("restart");
    assert.equal((await power()).code, "PowerState/running");
    assert.deepEqual(ended, [cloud.id(vm)]);
  });

  it("lets no virtual machine restart that does not run", async () => {
    for (const action of ["powerOff", "deallocate"]) {
      await act(action);
      assert.equal(
        await cloud.refusal("POST", `${vm}/restart`),
        "409 OperationNotAllowed: The operation requires the VM to be running (or set to run).",
      );
    }
  });

  it("stays deallocated when it is powered off", async () => {
    await act("deallocate");
    await act("powerOff");
    assert.equal((await power()).code, "PowerState/deallocated");
  });

  it("is in no body, and outlives updates and a restart of the control plane", async () => {
    const before = await cloud.get(vm);
    await act("deallocate");
    const { etag, ...shown } = await cloud.get(vm);
    assert.deepEqual({ ...shown, etag: before.etag }, before);
    assert.notEqual(etag, before.etag);
    await cloud.patch(vm, { tags: { team: "access" } });
    await cloud.put(vm, bodies.vm());
    assert.equal((await power()).code, "PowerState/deallocated");
    const again = await cloud.plane.restart();
    const view = await again.send("GET", `${cloud.id(vm)}/instanceView?api-version=2024-11-01`);
    assert.equal((view.body.statuses as JsonObject[]).at(-1)?.code, "PowerState/deallocated");
    Object.assign(cloud, { remove: () => again.remove() });
  });

  it("lets nobody change an extension of a virtual machine that does not run", async () => {
    const extension = `${vm}/extensions/AADSSHLoginForLinux`;
    const body = loginExtension();
    await cloud.put(extension, body);
    await act("deallocate");
    const refused = "409 OperationNotAllowed: Cannot modify extensions in the VM when the VM is not running.";
    assert.equal(await cloud.refusal("PUT", extension, body), refused);
    assert.equal(await cloud.refusal("DELETE", extension), refused);
    await cloud.delete(vm);
  });

  it("lets nobody read the effective rules of a network interface whose VM does not run", async () => {
    const read = `${nic}/effectiveNetworkSecurityGroups`;
    assert.equal((await cloud.send("POST", read)).status, 202);
    await act("deallocate");
    assert.equal(
      await cloud.refusal("POST", read),
      `400 NicMustBeAttachedToRunningVm: Network interface ${cloud.id(nic)} must be attached to a running virtual machine to get its effective network security groups.`,
    );
  });

  it("is gone with the VM, whose sessions end", async () => {
    await act("deallocate");
    await cloud.delete(vm);
    assert.deepEqual(ended, [cloud.id(vm), cloud.id(vm)]);
    await cloud.put(vm, bodies.vm());
    assert.equal((await power()).code, "PowerState/running");
  });

  it("lets a script run while it is on, and says that the sandbox has no guest to run it in", async () => {
    const { headers } = await cloud.send("POST", `${vm}/runCommand`, { commandId: "RunShellScript", script: ["id"] });
    const { body } = await cloud.plane.send("GET", textOf(headers.location));
    assert.deepEqual(
      (body.value as JsonObject[]).map(({ code, message }) => [code, message]),
      [
        ["ComponentStatus/StdOut/succeeded", ""],
        ["ComponentStatus/StdErr/succeeded", "The sandbox has no real VM: the script was not run."],
      ],
    );
    await act("deallocate");
    assert.equal(
      await cloud.refusal("POST", `${vm}/runCommand`, { commandId: "RunShellScript" }),
      "409 OperationNotAllowed: The operation requires the VM to be running (or set to run).",
    );
  });
});
