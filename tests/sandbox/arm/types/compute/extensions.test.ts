import assert from "node:assert/strict";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { loginExtension, startVmCloud, vmBodies, vm } from "./vmBodies.ts";
import { forEachTest } from "../../../../held.ts";

describe("Microsoft.Compute/virtualMachines/extensions", () => {
  const cloud = forEachTest(startVmCloud);
  const bodies = vmBodies(cloud);

  const login = `${vm}/extensions/AADSSHLoginForLinux`;

  it("need their VM", async () => {
    const { status, code } = await cloud.refused("PUT", login, loginExtension());
    assert.deepEqual({ status, code }, { status: 404, code: "ParentResourceNotFound" });
  });

  it("show no protected settings, and stand in their VM's body", async () => {
    await cloud.put(vm, bodies.vm());
    const body = await cloud.put(login, loginExtension({ settings: {}, protectedSettings: { key: "secret" } }));
    assert.deepEqual(body.properties, {
      ...(loginExtension().properties as JsonObject),
      settings: {},
      provisioningState: "Succeeded",
    });
    const { resources } = await cloud.get(vm);
    assert.deepEqual(
      (resources as JsonObject[]).map(({ name }) => name),
      ["AADSSHLoginForLinux"],
    );
    await cloud.delete(vm);
    assert.equal((await cloud.send("GET", login)).status, 404);
  });

  it("exist, for the VM's operating system and in the asked version", async () => {
    await cloud.put(vm, bodies.vm());
    assert.equal(
      await cloud.refusal("PUT", login, loginExtension({ type: "AADLoginForWindows" })),
      "404 ArtifactNotFound: The VM extension with publisher 'Microsoft.Azure.ActiveDirectory' and type 'AADLoginForWindows' could not be found in location 'westeurope'.",
    );
    assert.equal(
      await cloud.refusal("PUT", login, loginExtension({ typeHandlerVersion: "7.0" })),
      "404 ArtifactVersionNotFound: No version found in the artifact repository that satisfies the requested version '7.0' for VM extension with publisher 'Microsoft.Azure.ActiveDirectory' and type 'AADSSHLoginForLinux' in location 'westeurope'.",
    );
  });

  it("stand once on a VM", async () => {
    await cloud.put(vm, bodies.vm());
    await cloud.put(login, loginExtension());
    assert.equal(
      await cloud.refusal("PUT", `${vm}/extensions/again`, loginExtension()),
      "400 BadRequest: Multiple VMExtensions per handler not supported for OS type 'Linux'. VMExtension 'AADSSHLoginForLinux' with handler 'Microsoft.Azure.ActiveDirectory.AADSSHLoginForLinux' already added or specified in input.",
    );
  });
});
