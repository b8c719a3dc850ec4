/**
 * Where the engine enters: keeps what Node compiles of the program and its libraries, so that the next start is faster, then
 * runs the program, index.ts. Plain JavaScript, because Node would load its TypeScript support before the cache is there.
 * The cache goes by content and is never stale; where it cannot be written, Node goes on without it.
 */
import nodeModule from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// Nothing above and in this check may need a newer Node than the oldest that Pulumi's host runs on.
if (!process.features.typescript) {
  throw new Error(
    `Node is ${process.version}; 22.18 or newer is needed, which runs TypeScript itself. It is the first node on the PATH that counts.`,
  );
}

// Not in Node's default place, the shared folder for temporary files, where others could put code.
nodeModule.enableCompileCache(join(dirname(fileURLToPath(import.meta.url)), ".cache", "node"));

// Pulumi's host lets source-map-support rewrite every stack trace, and the SDK takes one for each of the thousands of promises of
// a run (`debuggablePromise`): more than half of the program's time. Node runs the TypeScript with its lines where they are, so
// there is nothing to map.
Error.prepareStackTrace = undefined;

export default async function start() {
  const { default: deploy } = await import("./index.ts");
  return deploy();
}
