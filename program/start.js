/**
 * Starts a program: caches what Node compiles of it and its libraries, so that the next start is faster, and turns a
 * lost call to the engine into an error of the run. Plain JavaScript, because Node would otherwise load its TypeScript
 * support before the cache is enabled. The cache is keyed by content and is never stale; if it cannot be written, Node
 * continues without it.
 *
 * Pulumi.yaml makes Node load this before Pulumi's host, whose first calls to the engine happen before it loads a
 * program.
 */
import nodeModule from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// Nothing above and in this check may need a newer Node than the oldest that Pulumi's host supports.
if (!process.features.typescript) {
  throw new Error(
    `Node is ${process.version}; 22.18 or newer is needed, which runs TypeScript itself. It is the first node on the PATH that counts.`,
  );
}

// Not in Node's default location, the shared folder for temporary files, where others could add code.
nodeModule.enableCompileCache(join(dirname(fileURLToPath(import.meta.url)), ".cache", "node"));

// Pulumi's host loads this first, so that it can trace gRPC.
await import("@pulumi/pulumi/cmd/run/instrumentation.js");
// By package name: it is TypeScript in a clone, and compiled in the package.
const { failOnLostCalls } = await import("@bastion-trail/program/lostCalls");
failOnLostCalls();
const { dropPromiseTraces } = await import("@bastion-trail/program/promiseTraces");
dropPromiseTraces();

// Node ends a process that only waits for promises. Pulumi's host takes that for success, and the engine deletes what
// the program had not yet registered. The host reports unhandled errors.
let over = false;
const end = () => {
  over = true;
};
process.on("unhandledRejection", end);
process.once("beforeExit", () => {
  if (!over) {
    console.error("The program waits for something that never happens. The run stops before it deletes anything.");
    process.exitCode = 1;
  }
});

/** @type {typeof import("./start.d.ts").start} */
export async function start(load) {
  // Pulumi's host lets source-map-support rewrite every stack trace, and the SDK takes one for each resource. Node runs
  // the TypeScript with unchanged line numbers, so there is nothing to map.
  Error.prepareStackTrace = undefined;
  try {
    const { default: deploy } = await load();
    const { untilAnswered } = await import("@bastion-trail/program/untilAnswered");
    return await untilAnswered(deploy);
  } finally {
    end();
  }
}
