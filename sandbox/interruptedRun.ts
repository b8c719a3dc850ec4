import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import type { JsonObject } from "./arm/json.ts";
import type { SandboxDescription, SandboxDirectory } from "./directory.ts";
import { projectName, stackName } from "./engineCommand.ts";
import { Failure } from "./failure.ts";
import { findInterruptedResource, type PendingResource } from "./interruptedResource.ts";
import { forgetLostCreates, keptLostCreates } from "./lostCreates.ts";
import type { Progress } from "./progress.ts";
import { resourceLabel } from "./runEvents.ts";

/** Milliseconds that an engine may take to end by itself after its command was killed. */
const patience = 60_000;

export interface Interrupted {
  readonly stack: Stack;
  readonly directory: SandboxDirectory;
  readonly description: SandboxDescription;
  readonly progress: Progress;
}

interface StateResource extends PendingResource {
  readonly outputs?: JsonObject;
  /** Whether it was replaced and waits for its deletion. */
  readonly delete?: boolean;
}

/** The parts of an exported deployment that a killed run leaves unfinished. */
interface Deployment {
  resources?: StateResource[];
  pending_operations?: { resource: PendingResource; type: string }[];
}

/**
 * Repairs the stack after a run that was killed or lost its connection, so that the next one completes without orphans
 * or duplicates: releases the run's lock, and adds the resources it was creating to the state if they exist in Azure by
 * now (as `pulumi cancel`, `pulumi refresh --import-pending-creates` and `pulumi import` do manually).
 */
export async function settleInterruptedRun(run: Interrupted): Promise<void> {
  await releaseStaleLock(run);
  const stored = storedDeployment(run.directory);
  if (stored !== undefined && isComplete(stored, run.directory)) return;
  const exported = await run.stack.exportStack();
  const deployment = exported.deployment as Deployment;
  if (isComplete(deployment, run.directory)) return;
  const creates = createsIn(deployment, run.directory);
  const resources = [...(deployment.resources ?? [])];
  const known = new Set(resources.filter((resource) => resource.delete !== true).map(({ urn }) => urn));
  const step = run.progress.step("Looking for what the interrupted run was creating");
  for (const resource of creates) {
    // An operation that failed after Azure had accepted it left a resource that is in the state.
    if (known.has(resource.urn)) continue;
    step.update(resourceLabel(resource.urn));
    const id = await findInterruptedResource(run.description, resource);
    if (id !== undefined) resources.push({ ...resource, id, outputs: {} });
  }
  const pendingStill = (deployment.pending_operations ?? []).filter(({ type }) => type !== "creating");
  await run.stack.importStack({
    ...exported,
    deployment: { ...deployment, resources, pending_operations: pendingStill },
  });
  forgetLostCreates(run.directory);
  const found = resources.filter(isUnread).map(({ urn }) => urn);
  if (found.length > 0) {
    // The state now has the ids; the provider reads the rest.
    await run.stack.refresh({ target: found, color: "never", showSecrets: false });
  }
  const names = found.map(resourceLabel).join(", ");
  step.succeed(
    found.length === 0
      ? "The interrupted run had created nothing that the state does not know"
      : `Took over what the interrupted run had created: ${names}`,
  );
}

/** Returns the resources that a run was creating when it ended. */
function createsIn({ pending_operations: pending = [] }: Deployment, directory: SandboxDirectory): PendingResource[] {
  return [
    ...pending.filter(({ type }) => type === "creating").map(({ resource }) => resource),
    ...keptLostCreates(directory),
  ];
}

function isComplete(deployment: Deployment, directory: SandboxDirectory): boolean {
  return createsIn(deployment, directory).length === 0 && !(deployment.resources ?? []).some(isUnread);
}

/**
 * Reads the deployment from the file backend, which saves the process of an export before each run. Its secrets are
 * encrypted.
 * @returns `undefined` if the file cannot be read; an export then gives the reason.
 */
function storedDeployment({ stateFolder }: SandboxDirectory): Deployment | undefined {
  const file = join(stateFolder, ".pulumi", "stacks", projectName, `${stackName}.json`);
  try {
    const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as { checkpoint?: { latest?: Deployment | null } };
    return checkpoint?.latest ?? undefined;
  } catch {
    return undefined;
  }
}

/** Whether the state knows only the id of an Azure resource. */
function isUnread({ type, id, outputs = {} }: StateResource): boolean {
  return id !== undefined && type.startsWith("azure-native:") && Object.keys(outputs).length === 0;
}

async function releaseStaleLock({ stack, directory, progress }: Interrupted): Promise<void> {
  const holders = lockHolders(join(directory.stateFolder, ".pulumi", "locks"));
  if (holders.length === 0) return;
  const end = Date.now() + patience;
  for (const pid of holders) {
    while (await isEngine(pid)) {
      if (Date.now() > end) {
        throw new Failure(
          `Another Pulumi run (process ${pid}) holds the stack in ${directory.root}. Wait until it is done, or end it.`,
        );
      }
      await delay(250);
    }
  }
  await stack.cancel();
  progress.note("The last run was killed; released the lock that it left on the stack.");
}

/** Returns the process ids in the lock files of Pulumi's file backend. */
function lockHolders(folder: string): number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .map((name) => {
      const lock = JSON.parse(readFileSync(join(folder, name), "utf8")) as { pid?: number };
      return lock.pid ?? 0;
    });
}

/** Whether the process is still a Pulumi CLI, not another one that got its id later. */
async function isEngine(pid: number): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)("ps", ["-p", String(pid), "-o", "comm="]);
    return stdout.includes("pulumi");
  } catch {
    return false;
  }
}
