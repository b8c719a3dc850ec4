/**
 * One `up` of a fresh sandbox with one program, in a separate process as on the command line. Starts and stops the
 * sandbox; only the `up` is measured.
 *
 * The only argument is the JSON of `{program, folder, configFile}`.
 */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { call, callOrFail } from "@bastion-trail/sandbox/adminClient";
import { textAt } from "@bastion-trail/sandbox/arm/json";
import { sandboxDirectory, type SandboxDescription } from "@bastion-trail/sandbox/directory";
import { resolveEngine } from "@bastion-trail/sandbox/engine/resolve";
import { startSandbox, stopSandbox } from "@bastion-trail/sandbox/lifecycle";
import { silentProgress } from "@bastion-trail/sandbox/progress";
import { SandboxStack } from "@bastion-trail/sandbox/stack";

interface UpArgument {
  readonly program: string;
  readonly folder: string;
  readonly configFile: string;
}

const { program: file, folder, configFile } = JSON.parse(process.argv[2] ?? "") as UpArgument;
const directory = sandboxDirectory(folder);
const { description } = await startSandbox(directory);
try {
  await switchDefenderPlanOn(description);
  const program: PulumiFn = async () => {
    const { default: deploy } = (await import(pathToFileURL(file).href)) as { default: PulumiFn };
    return { ...(await deploy()) };
  };
  const engine = await resolveEngine(silentProgress);
  const stack = await SandboxStack.open({
    directory,
    description,
    engine,
    progress: silentProgress,
    configFile,
    program,
  });
  const started = performance.now();
  const before = process.cpuUsage();
  await stack.up();
  const wall = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  const memory = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(`${JSON.stringify({ wall, cpuTime: (user + system) / 1000, memory })}\n`);
} catch (error) {
  process.stderr.write(readFileSync(directory.logFile, "utf8").slice(-2000));
  throw error;
} finally {
  await stopSandbox(directory);
}

/** Required by the config: Azure refuses a JIT policy without the plan. */
async function switchDefenderPlanOn(sandbox: SandboxDescription): Promise<void> {
  const signedIn = await callOrFail(sandbox, "POST", "/sandbox/token", {
    body: { user: "bench@example.com" },
  });
  const plan = `/subscriptions/${sandbox.subscriptionId}/providers/Microsoft.Security/pricings/VirtualMachines`;
  const answer = await call(sandbox, "PUT", `${plan}?api-version=2024-01-01`, {
    token: textAt(signedIn, "access_token") ?? "",
    body: { properties: { pricingTier: "Standard", subPlan: "P2" } },
  });
  if (answer.status !== 200) {
    throw new Error(`The Defender plan could not be switched on: ${JSON.stringify(answer.body)}`);
  }
}
