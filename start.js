/**
 * Where the engine enters: keeps what Node compiles of the program and its libraries, so that the next start is faster, then
 * runs the program, index.ts. Plain JavaScript, because Node would load its TypeScript support before the cache is there.
 * The cache goes by content and is never stale; where it cannot be written, Node goes on without it.
 */
import { enableCompileCache } from "node:module";
import { join } from "node:path";

// Not in Node's default place, the shared folder for temporary files, where others could put code.
enableCompileCache(join(import.meta.dirname, ".cache", "node"));

// Pulumi's host lets source-map-support rewrite every stack trace, and the SDK takes one for each of the thousands of promises of
// a run (`debuggablePromise`): more than half of the program's time. Node runs the TypeScript with its lines where they are, so
// there is nothing to map.
Error.prepareStackTrace = undefined;

export default async function start() {
  const { default: deploy } = await import("./index.ts");
  return deploy();
}
