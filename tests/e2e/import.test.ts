import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { presentEngine } from "../../sandbox/engine/resolve.ts";
import { stackName } from "../../sandbox/engineCommand.ts";
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

/** What the SDK's inline programs are served by; its typings do not have it. */
const require = createRequire(import.meta.url);
const { LanguageServer } = require("@pulumi/pulumi/automation/server.js") as {
  LanguageServer: new (program: () => Promise<object>) => UntypedServiceImplementation;
};
const { LanguageRuntimeService } = require("@pulumi/pulumi/proto/language_grpc_pb.js") as {
  LanguageRuntimeService: ServiceDefinition;
};

/** As somebody who has lost a state, or takes over what was deployed by other means. */
describe("what is imported into the stack", () => {
  let sandbox: TestSandbox;
  let engine: string;
  let languageHost: Server;
  let project: string;

  before(async () => {
    sandbox = await TestSandbox.start();
    engine = (await presentEngine()).engine!.command;
    // An import asks the project's language host which plugins the program needs. Pulumi's own for Node is a download; the SDK's
    // runs here, for a project of the same name.
    languageHost = new Server();
    languageHost.addService(LanguageRuntimeService, new LanguageServer(() => Promise.resolve({})));
    const port = await promisify(languageHost.bindAsync.bind(languageHost))(
      "127.0.0.1:0",
      ServerCredentials.createInsecure(),
    );
    project = join(sandbox.folder, "import");
    mkdirSync(project);
    writeFileSync(
      join(project, "Pulumi.yaml"),
      `name: bastion-trail\nruntime: {name: client, options: {address: "127.0.0.1:${port}"}}\n`,
    );
  });
  after(async () => {
    languageHost.forceShutdown();
    await sandbox.remove();
  });

  async function pulumi(...args: string[]): Promise<string> {
    const env = { ...process.env, ...sandbox.environment(), PULUMI_HOME: join(sandbox.folder, "pulumi") };
    const options = { cwd: project, env, maxBuffer: 64 * 1024 * 1024 };
    const { stdout } = await promisify(execFile)(engine, [...args, "--stack", stackName, "--non-interactive"], options);
    return stdout;
  }

  async function state(): Promise<StateResource[]> {
    const exported = JSON.parse(await pulumi("stack", "export")) as { deployment: { resources: StateResource[] } };
    return exported.deployment.resources;
  }

  /** Forgets every resource of the importable types, then imports it by its id. @returns how many. */
  async function forgetAndImport(): Promise<number> {
    const before = await state();
    const resources = before.filter(({ type }) => importable.includes(type));
    let left = new Set(before.map(({ urn }) => urn));
    for (const { urn } of resources) {
      // One that depends on an earlier one is forgotten with it.
      if (left.has(urn)) {
        await pulumi("state", "delete", urn, "--yes", "--force", "--target-dependents");
        left = new Set((await state()).map((resource) => resource.urn));
      }
    }
    assert.equal(left.size, before.length - resources.length);
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
    ["with a mutable archive and locks", { ...smallConfig, lock: "CanNotDelete" }, 10],
    ["with an immutable archive", { ...smallConfig, immutability: "unlocked", immutabilityDays: 7 }, 6],
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
