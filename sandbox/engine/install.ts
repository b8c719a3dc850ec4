/** `npm run sandbox:engine`: installs the sandbox's Pulumi engine and its language host for YAML, unless they exist. */
import { openProgress } from "../progress.ts";
import { resolveEngine } from "./resolve.ts";
import { ensureYamlHost } from "./yamlHost.ts";

try {
  const progress = await openProgress();
  const engine = await resolveEngine(progress);
  await ensureYamlHost(engine, progress);
  console.log(engine.command);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
