import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { engineVersion } from "../../sandbox/engine/version.ts";
import { type ComponentPlugin, startComponentPlugin } from "../../tools/componentPlugin.ts";
import { cached, ensureEnvironment } from "../../sandbox/pythonEnvironment.ts";
import { forSuite } from "../held.ts";
import { TestSandbox } from "./harness.ts";
import { startNodeLanguageHost } from "./nodeLanguageHost.ts";
import { type Changes, copyExample, PulumiProject } from "./pulumiProject.ts";

/** A program in one language. */
interface Program {
  readonly project: PulumiProject;
  up(): Promise<void>;
  preview(): Promise<Changes>;
  /** Runs a preview that has to fail. @returns all that it says. */
  refusedPreview(): Promise<string>;
}

interface Language {
  readonly name: string;
  /** File of the program, and what makes it forget the argument of `DefenderPlan`. */
  readonly file: string;
  readonly withPlan: string;
  readonly withoutPlan: string;
  readonly program: (project: PulumiProject) => Program;
}

/** As the engine's Python SDK; both have one version. */
const packages = { pulumi: engineVersion };
const pythonFolder = cached("pulumi-python");

/** The engine calls a process of the Automation API: see the file that it runs. */
function pythonProgram(project: PulumiProject): Program {
  const python = ensureEnvironment({ folder: pythonFolder, packages });
  const script = join(import.meta.dirname, "python/automation.py");
  const run = async (command: string): Promise<{ changes?: Changes; error?: string }> => {
    const args = [script, project.folder, "python-access", project.stack, command];
    const { stdout } = await promisify(execFile)(python, args, { env: project.env, maxBuffer: 64 * 1024 * 1024 });
    return JSON.parse(stdout) as { changes?: Changes; error?: string };
  };
  const succeed = async (command: string): Promise<Changes> => {
    const { changes, error } = await run(command);
    assert.equal(error, undefined);
    return changes!;
  };
  return {
    project,
    up: async () => {
      await succeed("up");
    },
    preview: () => succeed("preview"),
    refusedPreview: async () => (await run("preview")).error!,
  };
}

const languages: readonly Language[] = [
  {
    name: "python",
    file: "__main__.py",
    withPlan: 'trail.DefenderPlan("defender", subscriptionId=subscription_id)',
    withoutPlan: 'trail.DefenderPlan("defender")',
    program: pythonProgram,
  },
  {
    name: "yaml",
    file: "Pulumi.yaml",
    withPlan: "DefenderPlan\n    properties:\n      subscriptionId: ${subscriptionId}\n",
    withoutPlan: "DefenderPlan\n",
    program: (project) => ({
      project,
      up: () => project.up(),
      preview: () => project.preview(),
      refusedPreview: () => project.refusedPreview(),
    }),
  },
];

/** Two components with one type and name, each below a parent of its own type. */
const twins = `
for side in ("Left", "Right"):
    parent = pulumi.ComponentResource(f"test:index:{side}", side)
    trail.AuditWorkspace("twin", pulumi.ResourceOptions(parent=parent), **common, workspaceName=f"{side}-logs")
`;

describe("programs in other languages on the components", () => {
  const sandbox = forSuite(() => TestSandbox.start());
  let plugin: ComponentPlugin;

  before(async () => {
    plugin = await startComponentPlugin(sandbox.environment());
  });
  after(() => plugin.process.kill());

  for (const { name, file, withPlan, withoutPlan, program } of languages) {
    describe(name, () => {
      let own: Program;

      before(async () => {
        const { subscriptionId } = sandbox.description;
        const attached = { providers: { "bastion-trail": plugin.port } };
        own = program(await PulumiProject.open(copyExample(name, sandbox), sandbox, attached, { subscriptionId }));
      });

      it("is refused an argument, in preview", async () => {
        await own.project.configure({ retentionDays: "0" });
        const said = await own.refusedPreview();
        assert.match(
          said,
          /AuditArchive "archive": retentionDays is 0; must be a whole number of days from 1 to 36500\./,
        );
        await own.project.configure({ retentionDays: "365" });
      });

      it("gets an error that names the missing argument", async () => {
        const path = join(own.project.folder, file);
        const text = readFileSync(path, "utf8");
        writeFileSync(path, text.replace(withPlan, withoutPlan));
        const said = await own.refusedPreview();
        writeFileSync(path, text);
        assert.match(said, /DefenderPlan "defender": subscriptionId is missing; it is required\./);
      });

      if (name === "yaml") {
        it("complies with the policy pack, in preview", async () => {
          await own.project.succeed("preview", "--policy-pack", join(import.meta.dirname, "../../policies"));
        });
      }

      it("deploys a Bastion host with archive, diagnostics and a JIT VM, and previews clean after that", async () => {
        await own.up();
        const { archiveAccount, ...outputs } = await own.project.outputs();
        const group = `/subscriptions/${sandbox.description.subscriptionId}/resourceGroups/rg-${name}/providers`;
        assert.deepEqual(outputs, {
          bastionHostId: `${group}/Microsoft.Network/bastionHosts/bastion`,
          vmId: `${group}/Microsoft.Compute/virtualMachines/web`,
        });
        assert.match(archiveAccount as string, /^audit[a-z0-9]{8}$/);
        assert.deepEqual(Object.keys(await own.preview()), ["same"]);
      });

      if (name === "python") {
        it("can have components of one type and name below parents of different types", async () => {
          const path = join(own.project.folder, file);
          const text = readFileSync(path, "utf8");
          writeFileSync(path, `${text}\n${twins}`);
          const changes = await own.preview().finally(() => {
            writeFileSync(path, text);
          });
          assert.equal(changes.create, 6);
        });
      }

      it("is refused a shorter retention, in preview, with what would go", async () => {
        await own.project.configure({ retentionDays: "30" });
        const said = await own.refusedPreview();
        assert.match(
          said,
          /AuditArchive "archive": retentionDays is 30; it was 365: the archive would delete logs after 30 days instead of 365 days\./,
        );
      });

      it("is destroyed", async () => {
        await own.project.succeed("destroy", "--yes", "--skip-preview");
      });
    });
  }

  it("need nothing but the path of the components: the engine starts them as a plugin", async () => {
    const host = await startNodeLanguageHost({ ...process.env, ...sandbox.environment() });
    try {
      const { subscriptionId } = sandbox.description;
      const attached = { languages: { nodejs: host.port } };
      const folder = copyExample("yaml", sandbox);
      const project = await PulumiProject.open(folder, sandbox, attached, { subscriptionId }, "second");
      assert.deepEqual(await project.preview(), { create: 34 });
    } finally {
      host.remove();
    }
  });
});
