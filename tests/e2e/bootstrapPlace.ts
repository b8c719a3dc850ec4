/** A project on a machine with Pulumi's own CLI, from which `bastion-trail bootstrap` is run against a sandbox. */
import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { presentEngine } from "../../sandbox/engine/resolve.ts";
import { cliBin } from "../cliBin.ts";
import type { CiMachine } from "./ciMachine.ts";
import type { TestSandbox } from "./harness.ts";
import { installStoppedPulumi, lastStop, stopAt, type Stop } from "./stoppedPulumi.ts";

const repository = join(import.meta.dirname, "../..");

export interface BootstrapRun {
  /** `null` where it was killed. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class BootstrapPlace {
  /** The user's project. */
  readonly folder: string;
  /** The machine's, signed in to the state backend too. */
  readonly env: NodeJS.ProcessEnv;
  readonly #sandbox: TestSandbox;
  readonly #programs: string;

  private constructor({ sandbox, programs, env }: CiMachine) {
    this.#sandbox = sandbox;
    this.#programs = programs;
    this.folder = join(sandbox.folder, "project");
    this.env = {
      ...env,
      // It leads to the account that shows the archive, and comes before a login.
      AZURE_STORAGE_CONNECTION_STRING: undefined,
      // Azure's client for Go takes the sandbox's login for that of AD FS, whose address is not looked up on the internet.
      AZURE_AUTHORITY_HOST: env.SANDBOX_ARM_ENDPOINT,
      AZURE_TENANT_ID: "adfs",
    };
    const scope = join(this.folder, "node_modules/@bastion-trail");
    mkdirSync(scope, { recursive: true });
    symlinkSync(join(repository, "bootstrap"), join(scope, "bootstrap"));
    writeFileSync(join(this.folder, "Pulumi.yaml"), "name: trail\nruntime: nodejs\n");
  }

  static async open(machine: CiMachine): Promise<BootstrapPlace> {
    installStoppedPulumi(machine.programs, (await presentEngine()).engine!.command);
    return new BootstrapPlace(machine);
  }

  /** Runs the command without questions, with the secrets provider for which the sandbox has a passphrase. */
  run(args: readonly string[], stops: readonly Stop[] = [], env: object = {}): Promise<BootstrapRun> {
    const words = [cliBin, "bootstrap", "--yes", "--secrets-provider", "passphrase", ...args];
    const options = { cwd: this.folder, env: { ...this.env, ...stopAt(...stops), ...env } };
    return new Promise((resolve) => {
      execFile(process.execPath, words, options, (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : null;
        resolve({ exitCode, stdout, stderr });
      });
    });
  }

  /** Runs one that has to be killed. @returns the call of Pulumi that was. */
  async killed(args: readonly string[], ...stops: readonly Stop[]): Promise<string> {
    const run = await this.run(args, stops);
    if (run.exitCode !== null) throw unexpected(run);
    return lastStop(this.#programs);
  }

  /** Runs one that has to succeed. */
  async succeed(args: readonly string[], env: object = {}): Promise<BootstrapRun> {
    const run = await this.run(args, [], env);
    if (run.exitCode !== 0) throw unexpected(run);
    return run;
  }

  /**
   * Ids of all that a bootstrap may create, in lower case. Those of role assignments without their names, which follow from the object id
   * of who got the role: an identity that is created again has another one.
   */
  async everything(): Promise<string[]> {
    const subscription = `/subscriptions/${this.#sandbox.description.subscriptionId}`;
    const authorization = `${subscription}/providers/Microsoft.Authorization`;
    const resources = await this.#sandbox.resourceIds();
    const identities = resources.filter((id) => /\/userAssignedIdentities\/[^/]+$/i.test(id));
    const parts = await Promise.all([
      this.#list(`${subscription}/resourceGroups?api-version=2021-04-01`),
      this.#list(`${authorization}/roleAssignments?api-version=2022-04-01`),
      this.#list(`${authorization}/roleDefinitions?api-version=2022-04-01&$filter=type eq 'CustomRole'`),
      this.#list(`${authorization}/locks?api-version=2020-05-01`),
      ...identities.map((id) => this.#list(`${id}/federatedIdentityCredentials?api-version=2023-01-31`)),
    ]);
    return [...resources, ...parts.flat()]
      .map((id) => id.toLowerCase().replace(/(?<=\/roleassignments\/).*/, "*"))
      .sort();
  }

  async #list(path: string): Promise<string[]> {
    const { status, body } = await this.#sandbox.arm("GET", path);
    if (status !== 200) throw new Error(`GET ${path} answers ${status}: ${JSON.stringify(body)}`);
    return (body.value as { id: string }[]).map(({ id }) => id);
  }
}

function unexpected({ exitCode, stdout, stderr }: BootstrapRun): Error {
  return new Error(`bootstrap ended with ${exitCode ?? "a signal"}\n${stdout}\n${stderr}`);
}
