/**
 * Runs one program to its end on Pulumi's mocks, as `@pulumi/pulumi/cmd/run` runs it on the engine, and reports what the
 * process took. Plain JavaScript, so that what Node does for TypeScript counts for the programs that are written in it.
 *
 * The one argument is the JSON of `{program, config, typeScript?}`: the path of the program, the config that the engine
 * would hand over, and the tsconfig.json for ts-node where it is to compile the program.
 */
import { writeSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";

const { program, config, typeScript } = JSON.parse(process.argv[2]);
const require = createRequire(import.meta.url);

const subscriptionId = "11111111-2222-3333-4444-555555555555";

/** What the process took until the program came to its first resource. */
let start;

/** Answers as Azure would where the program reads on from an answer. */
const mocks = {
  newResource: ({ type, name, inputs, custom }) => ({
    id: custom === false ? "" : `/subscriptions/${subscriptionId}/resourceGroups/bench/providers/Bench.${type}/${name}`,
    state: {
      ...inputs,
      name,
      result: "k3j9x2ab",
      primaryEndpoints: { blob: "https://bench.blob.core.windows.net/" },
    },
  }),
  call: () => ({ subscriptionId, tenantId: "0", clientId: "0", objectId: "0" }),
};

pulumi.runtime.setAllConfig(config);
await pulumi.runtime.setMocks(mocks, "bastion-trail", "bench", false);
// The mocks say that they know resource hooks, and have no method for them (3.259).
Object.getPrototypeOf(pulumi.runtime.getMonitor()).registerResourceHook ??= (_request, answer) => {
  answer(null, {});
};

await pulumi.runtime.runInPulumiStack(async () => {
  pulumi.runtime.registerStackTransformation(() => {
    start ??= taken();
    return undefined;
  });
  const { default: made } = typeScript === undefined ? await import(pathToFileURL(program).href) : compiled();
  return { ...(await made()) };
});
// A program without resources has started when it is done.
start ??= taken();
await pulumi.runtime.disconnect();

writeSync(1, JSON.stringify({ start, end: taken(), memory: process.resourceUsage().maxRSS * 1024 }));

/** Milliseconds since the start of Node, and milliseconds of processor time. */
function taken() {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), processor: (user + system) / 1000 };
}

/** The program by way of ts-node, type-checked, with the options of `@pulumi/pulumi/cmd/run`. */
function compiled() {
  const { tsnodeRequire, typescriptRequire } = require("@pulumi/pulumi/tsutils").typeScriptRequireStrings();
  const compilerOptions = { target: "es2022", module: "nodenext", moduleResolution: "nodenext", sourceMap: "true" };
  require(tsnodeRequire).register({ compiler: typescriptRequire, project: typeScript, compilerOptions });
  return require(program);
}
