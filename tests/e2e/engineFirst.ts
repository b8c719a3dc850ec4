import { join } from "node:path";
import { resolveEngine } from "../../sandbox/engine/resolve.ts";
import { ensureYamlHost } from "../../sandbox/engine/yamlHost.ts";
import { openProgress } from "../../sandbox/progress.ts";

/** The tests start the same few programs hundreds of times: Node compiles them once. */
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "../../.cache/node");

/** Each process of the engine lives for seconds: it needs no garbage collection, unless it grows large. */
process.env.GOGC ??= "off";
process.env.GOMEMLIMIT ??= "1GiB";

/**
 * Gets the engine and its language host for YAML once before any test, and shows how far that is: the test files run side by
 * side, and each of them would otherwise find none and fetch or build one of its own.
 */
export async function mochaGlobalSetup(): Promise<void> {
  const progress = await openProgress();
  await ensureYamlHost(await resolveEngine(progress), progress);
}
