import assert from "node:assert/strict";
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { presentEngine } from "../../sandbox/engine/resolve.ts";
import { forSuite } from "../held.ts";
import { AzureClients } from "./azureClients.ts";
import { TestSandbox } from "./harness.ts";
import { startNodeLanguageHost } from "./nodeLanguageHost.ts";
import { PackedPackages, type Published } from "./packedPackages.ts";
import { PulumiProject } from "./pulumiProject.ts";

describe("a repository of one's own, from the packages alone", () => {
  const packages = forSuite(() => new PackedPackages());
  const sandbox = forSuite(() => TestSandbox.start());
  const host = forSuite(() => startNodeLanguageHost({ ...packages.env, ...sandbox.environment() }));
  let folder: string;

  before(() => {
    folder = join(packages.folder, "access");
    mkdirSync(folder);
  });

  function bastionTrail(bin: string, ...args: string[]) {
    const { status, stdout, stderr } = spawnSync(bin, args, { cwd: folder, env: packages.env, encoding: "utf8" });
    return { status, stdout, stderr };
  }

  const installed = () => join(folder, "node_modules/.bin/bastion-trail");
  const open = (stack: string) => PulumiProject.open(folder, sandbox, { languages: { nodejs: host.port } }, {}, stack);

  const listed = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
      .sort();
  const listedOwn = () => listed().filter((name) => !name.startsWith("node_modules/"));

  it("is scaffolded by `npx bastion-trail init`, in an empty folder", () => {
    const npx = packages.project("npx", {}, packages.tarball("core"), packages.tarball("cli"));
    const flags = ["--location", "westeurope", "--vm", "web", "--defender-plan", "manage"];
    const { status, stdout, stderr } = bastionTrail(
      join(npx, "node_modules/.bin/bastion-trail"),
      "init",
      ...flags,
      "--json",
    );
    assert.equal(status, 0, stderr);
    const { files } = JSON.parse(stdout) as { files: { file: string; state: string }[] };
    assert.deepEqual(
      files.filter(({ state }) => state !== "created"),
      [],
    );
    assert.deepEqual(files.map(({ file }) => file).sort(), listed());
    assert.equal(
      readFileSync(join(folder, "index.ts"), "utf8"),
      readFileSync(join(import.meta.dirname, "../../index.ts"), "utf8"),
    );
  });

  it("refuses what the deployment would refuse, in its words", () => {
    const npx = join(packages.folder, "npx/node_modules/.bin/bastion-trail");
    const { status, stderr } = bastionTrail(npx, "init", "--stack", "prod", "--location", "West Europe", "--vm", "_");
    assert.equal(status, 2);
    assert.equal(
      stderr,
      'error: bastion-trail:location is "West Europe"; must be the short name of an Azure region, such as "westeurope" (did you mean westeurope?). Correct --location.\n' +
        'error: bastion-trail:vms[0].name is "_"; must be letters, digits and hyphens, starting and ending with a letter or digit. Correct --vm.\n',
    );
  });

  it("installs with the ranges of its package.json, and passes its type check", () => {
    const file = join(folder, "package.json");
    const manifest = JSON.parse(readFileSync(file, "utf8")) as { dependencies: Record<string, string> };
    const names: Record<Published, string> = {
      core: "@bastion-trail/core",
      components: "@bastion-trail/components",
      policies: "@bastion-trail/policies",
      program: "@bastion-trail/program",
      bootstrap: "@bastion-trail/bootstrap",
      cli: "bastion-trail",
    };
    // In place of the registry, which has none of them yet.
    const overrides = Object.fromEntries(
      Object.entries(names).map(([name, full]) => [full, `file:${packages.tarball(name as Published)}`]),
    );
    const named = Object.entries(manifest.dependencies).map(
      ([name, range]) => [name, overrides[name] ?? range] as const,
    );
    writeFileSync(file, JSON.stringify({ ...manifest, dependencies: Object.fromEntries(named), overrides }, null, 2));
    packages.install(folder);
    assert.equal(packages.npm(folder, "run", "--silent", "typecheck"), "");
  });

  it("previews and deploys, and a second preview finds nothing to change", async () => {
    const dev = await open("dev");
    const { create = 0, ...others } = await dev.preview();
    assert.ok(create > 20, String(create));
    assert.deepEqual(others, {});
    await dev.up();
    assert.deepEqual(Object.keys(await dev.preview()), ["same"]);
    const { vms, links } = (await dev.outputs()) as { vms: { name: string }[]; links: object };
    assert.deepEqual(
      vms.map(({ name }) => name),
      ["web"],
    );
    assert.deepEqual(Object.keys(links), [
      "archiveContainer",
      "auditLogQuery",
      "bastionHost",
      "jitActivityQuery",
      "virtualMachines",
    ]);
  });

  it("is changed by no second `init`", () => {
    const contents = () => execFileSync("sha256sum", ["-b", ...listedOwn()], { cwd: folder, encoding: "utf8" });
    const before = contents();
    const { status, stdout, stderr } = bastionTrail(installed(), "init", "--location", "westeurope", "--vm", "web");
    assert.deepEqual([status, stderr], [0, "No effect, because the files exist: --location, --vm.\n"]);
    assert.equal(stdout, "FILE             STATE\nPulumi.dev.yaml  exists, left as it is\n");
    assert.equal(contents(), before);
  });

  it("gets one more stack, which deploys beside the first", async () => {
    const before = listedOwn();
    const flags = ["--stack", "prod", "--location", "westeurope", "--sku", "Standard", "--vm", "db"];
    const { status, stderr } = bastionTrail(installed(), "init", ...flags, "--json");
    assert.equal(status, 0, stderr);
    assert.deepEqual(listedOwn(), [...before, "Pulumi.prod.yaml"].sort());
    const prod = await open("prod");
    await prod.up();
    assert.deepEqual(Object.keys(await prod.preview()), ["same"]);
    const dev = await prod.succeed("stack", "output", "bastionHostId", "--stack", "dev");
    const { bastionHostId } = await prod.outputs();
    assert.match(String(bastionHostId), /\/resourceGroups\/bastion-trail-prod\//);
    assert.match(dev, /\/resourceGroups\/bastion-trail-dev\//);
  });

  it("gets a spoke, which takes the Bastion host from the first stack by a stack reference", async () => {
    const azure = new AzureClients(sandbox);
    const location = "westeurope";
    await azure.resources.resourceGroups.createOrUpdate("network", { location });
    const { id } = await azure.network.virtualNetworks.beginCreateOrUpdateAndWait(
      "network",
      "spoke",
      {
        location,
        addressSpace: { addressPrefixes: ["10.61.0.0/16"] },
        subnets: [{ name: "vms", addressPrefix: "10.61.0.0/24" }],
      },
      { updateIntervalInMs: 50 },
    );
    const { status, stderr } = bastionTrail(
      installed(),
      "init",
      "--stack",
      "spoke",
      "--location",
      location,
      "--vm",
      "app",
    );
    assert.equal(status, 0, stderr);
    const spoke = await open("spoke");
    const hub = "organization/bastion-trail/dev";
    await spoke.configure({ hubStack: "organization/bastion-trail/none" });
    assert.match(
      await spoke.refusedPreview(),
      /bastion-trail:hubStack is "organization\/bastion-trail\/none"; cannot be read: unknown stack/,
    );
    await spoke.configure({ hubStack: hub, existingVmSubnetId: `${id}/subnets/vms` });
    assert.match(
      await spoke.refusedPreview(),
      /bastion-trail:audit is true; the stack of the hub collects the audit logs of its host; set it to false\./,
    );
    await spoke.configure({ audit: "false", activityLogExport: "false" });
    await spoke.up();
    assert.deepEqual(Object.keys(await spoke.preview()), ["same"]);
    const { engine } = await presentEngine();
    const env = { ...spoke.env, PATH: [dirname(engine!.command), spoke.env.PATH].join(delimiter) };
    const drift = await promisify(execFile)(installed(), ["drift", "--stack", "spoke"], { cwd: folder, env });
    assert.equal(drift.stdout, "No drift.\n");
    const { bastionHostId, bastionSubnetId, vms } = await spoke.outputs();
    assert.match(
      String(bastionHostId),
      /\/resourceGroups\/bastion-trail-dev\/.*\/bastionHosts\/bastion-trail-dev-bastion$/,
    );
    assert.match(String(bastionSubnetId), /\/virtualNetworks\/bastion-trail-dev-vnet\/subnets\/AzureBastionSubnet$/);
    assert.deepEqual(
      (vms as { name: string }[]).map(({ name }) => name),
      ["app"],
    );
    const hosts = (await sandbox.resourceIds()).filter((one) => /\/bastionHosts\/[^/]+$/.test(one));
    assert.deepEqual(hosts.map((one) => one.split("/").at(-1)).sort(), [
      "bastion-trail-dev-bastion",
      "bastion-trail-prod-bastion",
    ]);
  });
});
