import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { forSuite } from "../held.ts";
import { TestSandbox } from "./harness.ts";
import { startNodeLanguageHost } from "./nodeLanguageHost.ts";
import { copyExample, PulumiProject } from "./pulumiProject.ts";

/** The names that the minimal example leaves to the components. */
const renamed = [
  ["sku: trail.BastionSku.Basic,", 'sku: trail.BastionSku.Basic, bastionHostName: "other-host",'],
  ["login: trail.VmLogin.EntraId,", 'login: trail.VmLogin.EntraId, virtualMachineName: "other-vm",'],
] as const;

describe("a Bastion host and a VM that are replaced", () => {
  const sandbox = forSuite(() => TestSandbox.start());
  const host = forSuite(() => startNodeLanguageHost({ ...process.env, ...sandbox.environment() }));

  let project: PulumiProject;

  it("may get other names in Azure, while the archive is kept and no VM is without the rules that close its ports", async () => {
    const folder = copyExample("minimal", sandbox);
    const program = join(folder, "index.ts");
    const before = readFileSync(program, "utf8");
    project = await PulumiProject.open(folder, sandbox, { languages: { nodejs: host.port } });
    await project.up();
    const { archiveAccount } = await project.outputs();

    const after = renamed.reduce((text, [old, wanted]) => {
      assert.ok(text.includes(old), old);
      return text.replace(old, wanted);
    }, before);
    writeFileSync(program, after);
    const said = await project.succeed("up", "--yes", "--skip-preview", "--color", "never");
    const { archiveAccount: kept, bastionHostId, vmId } = await project.outputs();
    assert.equal(kept, archiveAccount);
    assert.match(bastionHostId as string, /\/bastionHosts\/other-host$/);
    assert.match(vmId as string, /\/virtualMachines\/other-vm$/);
    assert.doesNotMatch(said, /archive-account/);
    // Its old group keeps its rules as long as the VM exists.
    const order = ["compute:VirtualMachine web", "network:SecurityRule web-deny-management"].map((what) =>
      said.indexOf(`${what} deleted original`),
    );
    assert.ok(order.every((position) => position >= 0) && order[0]! < order[1]!, said);
    assert.deepEqual(Object.keys(await project.preview()), ["same"]);
  });

  it("leave the archive as it is when only the host is to be replaced", async () => {
    const type = "bastion-trail:index:BastionHost$azure-native:network:BastionHost";
    const urn = `urn:pulumi:${project.stack}::minimal::${type}::bastion-host`;
    const said = await project.succeed("up", "--yes", "--skip-preview", "--color", "never", "--replace", urn);
    assert.match(said, /network:BastionHost bastion-host deleted original/);
    assert.doesNotMatch(said, /archive-account/);
    assert.deepEqual(Object.keys(await project.preview()), ["same"]);
  });
});
