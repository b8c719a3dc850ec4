import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { stateFileFailure } from "./stateFile.ts";

/** Where everything of one sandbox lies. Nothing outside of this folder is written. */
export interface SandboxDirectory {
  readonly root: string;
  /** Shell exports that point any client at the sandbox. */
  readonly envFile: string;
  /** What the running (or last) daemon says of itself: `SandboxDescription`. */
  readonly descriptionFile: string;
  readonly logFile: string;
  /** Process id of whoever holds `daemonLock`. */
  readonly pidFile: string;
  /** Held by the daemon as long as it lives. */
  readonly daemonLock: string;
  /** Held by the command that runs the engine, one at a time. */
  readonly runLock: string;
  /** Creations that Azure may have carried out though they failed: `LostCreate[]`. */
  readonly lostCreatesFile: string;
  /** Pulumi's file backend. */
  readonly stateFolder: string;
  /** Pulumi's own home: its workspace settings and plugins. */
  readonly pulumiHome: string;
  /** The outputs of the stack as it stands, secrets masked. There since the first `up`. */
  readonly outputsFile: string;
  /** The Azure CLI's settings for this sandbox, apart from a person's own. */
  readonly azureCliConfig: string;
  /** What the `bastion-trail` CLI keeps of the archive. */
  readonly cliCache: string;
  /** Its record of what was done with it. */
  readonly cliState: string;
  /** The stack config of the last run, as it was given to the engine. */
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

/** How to reach a sandbox. Written once it is ready; stays after it stopped, so that the next start reuses its ports. */
export interface SandboxDescription {
  readonly armEndpoint: string;
  readonly armPort: number;
  readonly blobPort: number;
  /** Of the azure-native and random provider bridge. */
  readonly bridgePort: number;
  /** Of Pulumi's dynamic provider. */
  readonly dynamicProviderPort: number;
  readonly caFile: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly storageConnectionString: string;
  /** Opens the sandbox's own endpoints, `/sandbox/*`. New at each start. */
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

/** The description in the folder, or `undefined` where no sandbox was ever ready or the file is not one of ours. */
export function readDescription(directory: SandboxDirectory): SandboxDescription | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(directory.descriptionFile, "utf8"));
    return isDescription(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isDescription(value: unknown): value is SandboxDescription {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const member = (name: string): unknown => Reflect.get(value, name);
  return (
    numbers.every((name) => typeof member(name) === "number") && texts.every((name) => typeof member(name) === "string")
  );
}

/** Writes the description; only its owner may read it, because it holds the client secret and the admin token. */
export function writeDescription(directory: SandboxDirectory, description: SandboxDescription): void {
  writePrivate(directory.descriptionFile, `${JSON.stringify(description, null, 2)}\n`);
}

/**
 * Writes a file that only its owner may read; it appears complete or not at all.
 * @throws Failure when it cannot be written, for example because the disk is full.
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
