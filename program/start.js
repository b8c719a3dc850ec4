/**
 * How a program starts: keeps what Node compiles of it and its libraries, so that the next start is faster, and makes a lost call
 * to the engine an error of the run. Plain JavaScript, because Node would load its TypeScript support before the cache is there.
 * The cache goes by content and is never stale; where it cannot be written, Node goes on without it.
 *
 * Pulumi.yaml has Node load this before Pulumi's host, whose first calls to the engine come before it loads a program.
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

// Pulumi's host loads this first, so that it can trace gRPC.
await import("@pulumi/pulumi/cmd/run/instrumentation.js");
// By the package's name: a clone has it in TypeScript, the package compiled.
const { failOnLostCalls } = await import("@bastion-trail/program/lostCalls");
failOnLostCalls();

// Node ends a process that waits for nothing but promises. Pulumi's host takes that for success, and the engine deletes what the
// program had not come to. An error that nobody handles is told by the host.
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
  // Pulumi's host lets source-map-support rewrite every stack trace, and the SDK takes one for each of the thousands of promises of
  // a run (`debuggablePromise`): more than half of the program's time. Node runs the TypeScript with its lines where they are, so
  // there is nothing to map.
  Error.prepareStackTrace = undefined;
  try {
    const { default: deploy } = await load();
    const { untilAnswered } = await import("@bastion-trail/program/untilAnswered");
    return await untilAnswered(deploy);
  } finally {
    end();
  }
}
