/** Previews the plain deployment in the sandbox of a folder, with the project's policies, and prints what is refused. */
import { readDescription, sandboxDirectory } from "../../sandbox/directory.ts";
import { resolveEngine } from "../../sandbox/engine/resolve.ts";
import { messageOf } from "../../sandbox/failure.ts";
import { silentProgress } from "../../sandbox/progress.ts";
import { SandboxStack } from "../../sandbox/stack.ts";
import { deployPlainly } from "./plainDeployment.ts";

const [, , folder = "", ...policyPackConfigs] = process.argv;
const directory = sandboxDirectory(folder);
const stack = await SandboxStack.open({
  directory,
  description: readDescription(directory)!,
  engine: await resolveEngine(silentProgress),
  progress: silentProgress,
  program: deployPlainly,
  policyPacks: ["policies"],
  policyPackConfigs,
});
try {
  await stack.preview();
} catch (error) {
  process.stdout.write(messageOf(error));
}
