import { resolveEngine } from "../../sandbox/engine/resolve.ts";
import { ensureYamlHost } from "../../sandbox/engine/yamlHost.ts";
import { openProgress } from "../../sandbox/progress.ts";

/**
 * Gets the engine and its language host for YAML once before any test, and shows how far that is: the test files run side by
 * side, and each of them would otherwise find none and fetch or build one of its own.
 */
export async function mochaGlobalSetup(): Promise<void> {
  const progress = await openProgress();
  await ensureYamlHost(await resolveEngine(progress), progress);
}
