import { resolveEngine } from "../../sandbox/engine/resolve.ts";
import { readDescription, sandboxDirectory } from "../../sandbox/directory.ts";
import { messageOf } from "../../sandbox/failure.ts";
import { silentProgress } from "../../sandbox/progress.ts";
import { SandboxStack } from "../../sandbox/stack.ts";
import type { EngineAnswer, EngineRequest } from "./engineRunner.ts";

/*
 * What the command line does for `up`, `preview`, `refresh` and `destroy`, one after another in one process: loading the
 * SDK anew for each of a thousand runs would take longer than the runs. Its arguments are the sandbox's folder and the
 * stack config.
 */

const [, , folder = "", configFile = ""] = process.argv;
const directory = sandboxDirectory(folder);
let opened: Promise<SandboxStack> | undefined;

async function open(): Promise<SandboxStack> {
  const description = readDescription(directory);
  if (description === undefined) {
    throw new Error(`No sandbox in ${directory.root}.`);
  }
  const engine = await resolveEngine(silentProgress);
  return SandboxStack.open({ directory, description, engine, progress: silentProgress, configFile });
}

async function run({ operation }: EngineRequest): Promise<EngineAnswer> {
  try {
    const stack = await (opened ??= open());
    const result = await stack[operation]();
    return { ok: true, changes: "changes" in result ? result.changes : result };
  } catch (error) {
    return { ok: false, error: messageOf(error) };
  }
}

process.on("message", (request: EngineRequest) => {
  void run(request).then((answer) => process.send?.(answer));
});
process.on("disconnect", () => process.exit(0));
