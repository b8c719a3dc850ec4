import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { stateFileFailure } from "./stateFile.ts";

/** The files of one sandbox. Nothing is written outside this folder. */
export interface SandboxDirectory {
  readonly root: string;
  /** Shell exports that configure any client for the sandbox. */
  readonly envFile: string;
  /** Description of the running or last daemon: `SandboxDescription`. */
  readonly descriptionFile: string;
  readonly logFile: string;
  /** Process id of the holder of `daemonLock`. */
  readonly pidFile: string;
  /** Held by the daemon as long as it runs. */
  readonly daemonLock: string;
  /** Held by the command that runs the engine, one at a time. */
  readonly runLock: string;
  /** Creations that Azure may have carried out although they failed: `LostCreate[]`. */
  readonly lostCreatesFile: string;
  /** Pulumi's file backend. */
  readonly stateFolder: string;
  /** Pulumi's home folder: its workspace settings and plugins. */
  readonly pulumiHome: string;
  /** Current outputs of the stack, with masked secrets. Exists after the first `up`. */
  readonly outputsFile: string;
  /** The Azure CLI's settings for this sandbox, separate from the user's. */
  readonly azureCliConfig: string;
  /** The `bastion-trail` CLI's cache of the archive. */
  readonly cliCache: string;
  /** The `bastion-trail` CLI's record of its actions. */
  readonly cliState: string;
  /** The stack config of the last run, as passed to the engine. */
  readonly configFile: string;
}

export function sandboxDirectory(directory: string): SandboxDirectory {
  const root = resolve(directory);
  return {
    root,
    envFile: join(root, "env"),
    descriptionFile: join(root, "sandbox.json"),
    logFile: join(root, "sandbox.log"),
    pidFile: join(root, "daemon.pid"),
    daemonLock: join(root, "daemon.lock"),
    runLock: join(root, "run.lock"),
    lostCreatesFile: join(root, "lost-creates.json"),
    stateFolder: join(root, "state"),
    pulumiHome: join(root, "pulumi"),
    outputsFile: join(root, "outputs.json"),
    azureCliConfig: join(root, "azure"),
    cliCache: join(root, "cache"),
    cliState: join(root, "record"),
    configFile: join(root, "Pulumi.sandbox.yaml"),
  };
}

/**
 * The addresses and credentials of a sandbox. Written once it is ready, and kept after it stops, so that the next start
 * reuses its ports.
 */
export interface SandboxDescription {
  readonly armEndpoint: string;
  readonly armPort: number;
  readonly blobPort: number;
  /** Port of the bridge for the azure-native and random providers. */
  readonly bridgePort: number;
  /** Port of Pulumi's dynamic provider. */
  readonly dynamicProviderPort: number;
  readonly caFile: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly storageConnectionString: string;
  /** Token for the sandbox's own endpoints, `/sandbox/*`. New at each start. */
  readonly adminToken: string;
}

const numbers = ["armPort", "blobPort", "bridgePort", "dynamicProviderPort"] as const;
const texts = [
  "armEndpoint",
  "caFile",
  "subscriptionId",
  "tenantId",
  "clientId",
  "clientSecret",
  "storageConnectionString",
  "adminToken",
] as const;

/** Reads the description in the folder; `undefined` if no sandbox was ever ready or the file is not valid. */
export function readDescription(directory: SandboxDirectory): SandboxDescription | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(directory.descriptionFile, "utf8"));
    return isDescription(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isDescription(value: unknown): value is SandboxDescription {
  if (typeof value !== "object" || value === null) return false;
  const member = (name: string): unknown => Reflect.get(value, name);
  return (
    numbers.every((name) => typeof member(name) === "number") && texts.every((name) => typeof member(name) === "string")
  );
}

/** Writes the description, readable only by its owner, because it contains the client secret and the admin token. */
export function writeDescription(directory: SandboxDirectory, description: SandboxDescription): void {
  writePrivate(directory.descriptionFile, `${JSON.stringify(description, null, 2)}\n`);
}

/**
 * Writes a file that only its owner can read; it appears complete or not at all.
 * @throws Failure if it cannot be written, for example because the disk is full.
 */
export function writePrivate(file: string, content: string): void {
  const unfinished = `${file}.${process.pid}`;
  try {
    writeFileSync(unfinished, content, { mode: 0o600 });
    renameSync(unfinished, file);
  } catch (error) {
    if (existsSync(unfinished)) rmSync(unfinished);
    throw stateFileFailure(file, "", error);
  }
}
