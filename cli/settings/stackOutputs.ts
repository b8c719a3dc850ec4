/** A stack's outputs, from a file or from Pulumi. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileProblem } from "../files/fileProblem.ts";
import { UserError } from "../errors.ts";
import { errorCode } from "../files/fileErrors.ts";
import type { Io } from "../io.ts";
import { valuesFrom } from "./outputsSchema.ts";
import { knownProblem, errorLineIn, runPulumi, type PulumiRun } from "../pulumi.ts";
import { readText } from "../files/readText.ts";
import type { SettingValues } from "./settingValues.ts";

/**
 * Where outputs are read. `selected` is the selected stack of the Pulumi project in the current folder, if there is
 * one.
 */
export type OutputsOrigin =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "stack"; readonly name: string }
  | { readonly kind: "selected" };

/** @throws `UserError` naming what cannot be read, and what to do. */
export async function readStackOutputs(origin: OutputsOrigin, io: Io): Promise<Partial<SettingValues>> {
  if (origin.kind === "selected" && !["Pulumi.yaml", "Pulumi.yml"].some((name) => existsSync(join(io.cwd, name)))) {
    return {};
  }
  const text = origin.kind === "file" ? fromFile(resolve(io.cwd, origin.path)) : await fromPulumi(origin, io);
  const place = describeOrigin(origin);
  return valuesFrom(parseJson(text, place), place);
}

/** The origin of values, for a sentence: `outputs file o.json`. */
export function describeOrigin(origin: OutputsOrigin): string {
  switch (origin.kind) {
    case "file":
      return `outputs file ${origin.path}`;
    case "stack":
      return `stack '${origin.name}'`;
    case "selected":
      return "the selected stack";
  }
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`No JSON document in ${place}.`, `${writeOutputs}.`, { cause: error });
  }
}

const writeOutputs = "Write it with: pulumi stack output --json > FILE";

function fromFile(path: string): string {
  try {
    return readText(path);
  } catch (error) {
    const reason = errorCode(error) === "ENOENT" ? "not found" : `cannot be read: ${fileProblem(error)}`;
    throw new UserError(`Outputs file ${path} ${reason}.`, `${writeOutputs}.`, { cause: error });
  }
}

async function fromPulumi(origin: OutputsOrigin & { kind: "stack" | "selected" }, io: Io): Promise<string> {
  const stack = origin.kind === "stack" ? ["--stack", origin.name] : [];
  const run = await runPulumi(["stack", "output", "--json", ...stack], io);
  io.signal.throwIfAborted();
  if (run.failure !== undefined) {
    throw explained(run, origin, io);
  }
  return run.stdout;
}

const withoutPulumi = "Without Pulumi, pass --outputs FILE, or keep such a file as a profile: bastion-trail use FILE";

function explained(run: PulumiRun, origin: OutputsOrigin, io: Io): UserError {
  const place = describeOrigin(origin);
  const { message, nextStep } = knownProblem(run, place, io) ?? {
    message: `Pulumi could not read ${place}: ${errorLineIn(run.stderr)}.`,
    nextStep: "Check the stack and the Pulumi login.",
  };
  return new UserError(message, `${nextStep} ${withoutPulumi}.`, { cause: run.failure });
}
