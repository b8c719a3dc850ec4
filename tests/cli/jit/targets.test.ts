import assert from "node:assert/strict";
import type { JitPolicy } from "../../../cli/azure/jitPolicies.ts";
import { bastionSource } from "../../../cli/jit/bastionSource.ts";
import { findTargets, targetsOf } from "../../../cli/jit/targets.ts";
import type { Settings } from "../../../cli/settings/settings.ts";
import { fixedSettings } from "../settings/fixedSettings.ts";

const id = (name: string, group = "g") =>
  `/subscriptions/s/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`;
const port = (number: number, ...sources: string[]) => ({ number, protocol: "TCP", sources, longestSeconds: 3600 });
const policy = (name: string, ...vms: JitPolicy["vms"]): JitPolicy => ({ id: `/p/${name}`, name, vms, requests: [] });
const vm = (name: string, numbers: number[], group?: string) => ({
  id: id(name, group),
  name,
  ports: numbers.map((number) => port(number, "10.0.0.0/26")),
});
const found = (policies: JitPolicy[], names: string[], number?: number) =>
  findTargets(policies, names, number).map((target) => [
    target.policy.name,
    target.vm.name,
    target.ports.map((one) => one.number),
  ]);

describe("the VMs of a command", () => {
  it("are found by name or ARM id, in any case, each once", () => {
    const policies = [policy("a", vm("web", [22, 3389])), policy("b", vm("db", [22]))];
    assert.deepEqual(found(policies, ["WEB", id("DB"), "web", id("web")]), [
      ["a", "web", [22, 3389]],
      ["b", "db", [22]],
    ]);
    assert.deepEqual(found(policies, ["web"], 3389), [["a", "web", [3389]]]);
  });

  it("are covered by a policy of their own rather than by the shared one", () => {
    const policies = [policy("default", vm("web", [22])), policy("web-jit", vm("web", [22]))];
    assert.deepEqual(found(policies, ["web"]), [["web-jit", "web", [22]]]);
  });

  it("are covered by the policy that has the port", () => {
    const policies = [policy("default", vm("web", [22, 5432])), policy("web-jit", vm("web", [22]))];
    assert.deepEqual(found(policies, ["web"], 5432), [["default", "web", [5432]]]);
  });

  it("need their resource group or id if two have the same name", () => {
    const policies = [policy("a", vm("web", [22])), policy("b", vm("web", [22], "other"))];
    assert.throws(() => found(policies, ["web"]), {
      message: `2 VMs are named 'web'. Name its resource group as well: g/web or other/web.`,
    });
    assert.deepEqual(found(policies, ["OTHER/Web"]), [["b", "web", [22]]]);
    assert.deepEqual(found(policies, [id("web", "other")]), [["b", "web", [22]]]);
  });

  it("are the deployment's if others have the same name", async () => {
    const policies = [policy("a", vm("web", [22])), policy("b", vm("web", [22], "other"))];
    const known = (...ids: string[]) =>
      fixedSettings({ vms: ids.map((one) => ({ name: "web", id: one, privateIp: "10.0.1.4", jitPolicyId: "/p" })) });
    const policyOf = async (settings: Settings, name: string) =>
      (await targetsOf(settings, policies, [name], undefined)).map((target) => target.policy.name);
    assert.deepEqual(await policyOf(known(id("WEB", "OTHER")), "web"), ["b"]);
    assert.deepEqual(await policyOf(known(id("web", "other")), id("web")), ["a"]);
    await assert.rejects(policyOf(known(id("db")), "web"), { message: /^2 VMs are named 'web'\./ });
    await assert.rejects(policyOf(known(id("web"), id("web", "other")), "web"), {
      message: /^2 VMs are named 'web'\./,
    });
  });

  it("are suggested for a mistyped name", () => {
    const policies = [policy("a", vm("payroll-03", [22])), policy("b", vm("db", [22]))];
    const nextStep = "VMs with a JIT policy: db, payroll-03.";
    assert.throws(() => found(policies, ["payrol-03"]), {
      message: "No JIT policy covers the VM 'payrol-03'. Did you mean 'payroll-03'?",
      nextStep,
    });
    assert.throws(() => found(policies, ["x", id("dbb")]), {
      message: `No JIT policy covers the VM 'x'. No JIT policy covers the VM '${id("dbb")}'. Did you mean '${id("db")}'?`,
      nextStep,
    });
  });

  it("have no policy if there is none at all", () => {
    assert.throws(() => found([], ["web"]), {
      message: "No JIT policy covers the VM 'web'.",
      nextStep: "The subscription has no JIT policy: deploy one, or check --subscription.",
    });
  });
});

describe("the source of a request", () => {
  const ranges =
    (...own: string[]) =>
    () =>
      Promise.resolve(own);
  const source = (sources: string[], ...own: string[]) => bastionSource(port(22, ...sources), "web", ranges(...own));

  it("is the policy's, verbatim, without reading the Bastion subnet", async () => {
    const never = () => Promise.reject(new Error("not asked"));
    assert.equal(await bastionSource(port(22, "10.0.0.0/26"), "web", never), "10.0.0.0/26");
  });

  it("is the Bastion subnet's if the policy allows any source, a service tag, or several", async () => {
    assert.equal(await source(["*"], "10.9.0.0/26"), "10.9.0.0/26");
    assert.equal(await source(["VirtualNetwork"], "10.9.0.0/26"), "10.9.0.0/26");
    assert.equal(await source(["10.0.0.0/26", "10.9.0.0/26"], "10.9.0.0/26"), "10.9.0.0/26");
  });

  it("is never a different one", async () => {
    await assert.rejects(source(["10.0.0.0/26", "10.1.0.0/26"], "10.9.0.0/26"), {
      message:
        "The JIT policy allows 10.0.0.0/26, 10.1.0.0/26 for port 22 of web, but not the Bastion subnet (10.9.0.0/26).",
      nextStep: "Add the range of the Bastion subnet to the policy.",
    });
  });
});
