import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { presentEngine } from "../../sandbox/engine/resolve.ts";
import { projectFolder, stackName } from "../../sandbox/engineCommand.ts";
import { smallConfig, TestSandbox, unchanged, type StackConfig } from "./harness.ts";

interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly parent?: string;
}

/** Extension resources and policies, each of a kind whose inputs an import reads in its own spelling. */
const importable = [
  "azure-native:monitor:DiagnosticSetting",
  "azure-native:authorization:ManagementLockByScope",
  "azure-native:security:JitNetworkAccessPolicy",
  "azure-native:storage:BlobContainerImmutabilityPolicy",
  "azure-native:storage:ManagementPolicy",
];

/** As somebody who has lost a state, or takes over what was deployed by other means. */
describe("what is imported into the stack", () => {
  let sandbox: TestSandbox;
  let engine: string;

  before(async () => {
    sandbox = await TestSandbox.start();
    engine = (await presentEngine()).engine!.command;
  });
  after(async () => {
    await sandbox.end();
  });

  async function pulumi(...args: string[]): Promise<string> {
    const env = { ...process.env, ...sandbox.environment(), PULUMI_HOME: join(sandbox.folder, "pulumi") };
    const options = { cwd: projectFolder, env, maxBuffer: 64 * 1024 * 1024 };
    const { stdout } = await promisify(execFile)(engine, [...args, "--stack", stackName, "--non-interactive"], options);
    return stdout;
  }

  async function state(): Promise<StateResource[]> {
    const exported = JSON.parse(await pulumi("stack", "export")) as { deployment: { resources: StateResource[] } };
    return exported.deployment.resources;
  }

  /** Forgets every resource of the importable types, then imports it by its id. @returns how many. */
  async function forgetAndImport(): Promise<number> {
    const resources = (await state()).filter(({ type }) => importable.includes(type));
    for (const { urn } of resources) await pulumi("state", "delete", urn, "--yes", "--force", "--target-dependents");
    const left = new Set((await state()).map(({ urn }) => urn));
    const nameOf = (urn: string): string => urn.split("::").at(-1)!;
    const parents = [...new Set(resources.flatMap(({ parent }) => parent ?? []))];
    const key = (urn: string): string => `parent-${nameOf(urn)}`;
    const file = join(sandbox.folder, "import.json");
    writeFileSync(
      file,
      JSON.stringify({
        nameTable: Object.fromEntries(parents.filter((urn) => left.has(urn)).map((urn) => [key(urn), urn])),
        resources: resources.map(({ urn, type, id, parent }) => ({
          type,
          id,
          name: nameOf(urn),
          ...(parent !== undefined &&
            left.has(parent) &&
            !parent.includes("pulumi:pulumi:Stack") && { parent: key(parent) }),
        })),
      }),
    );
    await pulumi("import", "--file", file, "--yes", "--protect=false", "--generate-code=false", "--skip-preview");
    return resources.length;
  }

  const configs: readonly (readonly [string, StackConfig, number])[] = [
    ["with a mutable archive and locks", { ...smallConfig, lock: "CanNotDelete" }, 8],
    ["with an immutable archive", { ...smallConfig, immutability: "unlocked", immutabilityDays: 7 }, 5],
  ];
  for (const [what, config, count] of configs) {
    it(`${what} is neither created nor replaced by the next deployment`, async () => {
      await sandbox.up(config);
      assert.equal(await forgetAndImport(), count);
      const { create, replace, delete: deleted } = await sandbox.preview(config);
      assert.deepEqual({ create, replace, deleted }, { create: 0, replace: 0, deleted: 0 });
      const { changes } = await sandbox.up(config);
      assert.equal(changes.replace, 0);
      const { same } = await sandbox.preview(config);
      assert.deepEqual(await sandbox.preview(config), unchanged(same));
      // A lock that was imported goes before what it locks, as one that was deployed.
      await sandbox.destroy(config);
      assert.deepEqual(await sandbox.resourceIds(), []);
    });
  }
});
