/** `init` */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Handler } from "../../command.ts";
import { confirm } from "../../confirm.ts";
import { exitCodes, Interrupted } from "../../errors.ts";
import { isDumb, note, type Io } from "../../io.ts";
import { answersOf, unusedFlags, type Answers, type InitOptions, type Place } from "./answers.ts";
import { nextSteps } from "./nextSteps.ts";
import type { initOptions } from "./options.ts";
import { planFiles, programProblems, projectFiles, type Files, type Plan } from "./plan.ts";
import { projectIn, templateProject } from "./project.ts";
import { show } from "./show.ts";
import { stackFileName } from "../../pulumi.ts";
import { stackFile } from "./stackFile.ts";
import { writeFiles } from "./writeFiles.ts";

export const runInit: Handler<typeof initOptions> = async (options, io) => {
  const existing = projectIn(io.cwd);
  const place: Place = {
    project: existing ?? templateProject(),
    isNew: existing === undefined,
    hasConfig: (stack) => existsSync(join(io.cwd, stackFileName(stack))),
    problems: existing === undefined ? programProblems(io.cwd) : [],
  };
  const answers = await answersOf(options, place, io);
  const plan = planFiles(filesFor(answers, place), io.cwd);
  if (!options.dryRun) {
    await agree(plan, options, io);
    writeFiles(plan.create, io.cwd);
  }
  await show(io, options, plan, nextSteps(plan, answers, place.isNew));
  const unused = unusedFlags(options, place, answers);
  if (unused.length > 0) {
    await note(io, `No effect, because the files exist: ${unused.join(", ")}.`);
  }
  return exitCodes.fine;
};

function filesFor({ stack, values, ci }: Answers, { project, isNew }: Place): Files {
  return {
    [stackFileName(stack)]: stackFile(values ?? {}, { project, stack }),
    ...(isNew ? projectFiles(ci) : {}),
  };
}

/** On a terminal, shows the files and asks for confirmation before writing them. */
async function agree({ create }: Plan, { yes }: InitOptions, io: Io): Promise<void> {
  const paths = Object.keys(create);
  if (yes || !io.isTty.stdin || paths.length === 0) return;
  const question = `Create ${paths.join(", ")}?`;
  const { Questions } = await import("./questions.ts");
  if (!(isDumb(io.env) ? await confirm(io, question) : await new Questions(io).agree(question))) {
    throw new Interrupted("The files were not wanted.");
  }
}
