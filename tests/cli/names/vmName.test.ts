import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSettings } from "../../../cli/settings/settings.ts";
import { isVm, similarVm, suggestVm, vmsInSettings } from "../../../cli/names/vmName.ts";
import { fakeIo } from "../fakeIo.ts";

const id = (name: string) => `/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/${name}`;
const known = ["web", "payroll-03"].map((name) => ({ id: id(name), name }));
const warning = "warning: the deployment has no VM 'wbe'. Did you mean 'web'?\n";

describe("the name of a VM", () => {
  it("is its name or its ARM id, in any case", () => {
    assert.ok(isVm({ id: null, name: "web" }, "WEB"));
    assert.ok(isVm({ id: id("web"), name: null }, id("WEB")));
    assert.ok(!isVm({ id: null, name: "web" }, id("web")));
    assert.ok(!isVm({ id: id("web"), name: null }, "web"));
  });

  it("may have its resource group before it, as tables show VMs of the same name", () => {
    assert.ok(isVm({ id: id("web"), name: "web" }, "G/Web"));
    assert.ok(!isVm({ id: id("web"), name: "web" }, "h/web"));
    assert.ok(!isVm({ id: id("web"), name: "web" }, "g/db"));
    assert.ok(!isVm({ id: null, name: "web" }, "g/web"));
    const scaleSet = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/pool";
    assert.ok(isVm({ id: `${scaleSet}/virtualMachines/3`, name: "pool_3" }, "g/pool_3"));
  });

  it("gets a suggestion of the same kind if it is mistyped", () => {
    assert.equal(similarVm("payrol-03", known), "Did you mean 'payroll-03'?");
    assert.equal(similarVm(id("webb"), known), `Did you mean '${id("web")}'?`);
  });

  it("gets no suggestion if the VM exists or nothing is similar", async () => {
    const said = async (typed: string) => {
      const io = fakeIo();
      await suggestVm(io, typed, known);
      return io.written.stderr;
    };
    assert.deepEqual([await said("wbe"), await said("Web"), await said("legacy")], [warning, "", ""]);
  });

  it("is looked for in the outputs, and their absence is no error", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "vm-name-"));
    try {
      const vms = known.map((vm) => ({ ...vm, privateIp: "10.0.0.4", jitPolicyId: "/p" }));
      writeFileSync(join(cwd, "outputs.json"), JSON.stringify({ vms }));
      const io = fakeIo({ cwd });
      await suggestVm(io, "wbe", await vmsInSettings(openSettings({ outputs: "outputs.json" }, io)));
      await suggestVm(io, "wbe", await vmsInSettings(openSettings({ outputs: "missing.json" }, io)));
      await suggestVm(io, "wbe", await vmsInSettings(openSettings({}, io)));
      assert.equal(io.written.stderr, warning);
    } finally {
      rmSync(cwd, { recursive: true });
    }
  });
});
