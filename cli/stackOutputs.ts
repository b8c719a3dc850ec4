/** The stack's outputs, from a file or from Pulumi, checked. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import * as v from "valibot";
import { UserError } from "./errors.ts";
import type { Io } from "./io.ts";
import { runPulumi, type PulumiRun } from "./pulumi.ts";
import type { SettingValues } from "./settingValues.ts";

/** Where outputs are read. `selected`: the selected stack of the Pulumi project in the current folder, if there is one. */
export type OutputsOrigin =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "stack"; readonly name: string }
  | { readonly kind: "selected" };

const folder = v.object({ blobEndpoint: v.pipe(v.string(), v.url()), container: v.string(), blobPrefix: v.string() });

/** Those that the CLI goes by. Each is missing where it does not apply to the stack's config. */
const outputs = v.object({
  subscriptionId: v.optional(v.string()),
  tenantId: v.optional(v.string()),
  bastionHostId: v.optional(v.string()),
  archive: v.optional(folder),
  activityLogArchive: v.optional(folder),
  workspaceId: v.optional(v.string()),
  workspaceCustomerId: v.optional(v.string()),
  vms: v.optional(
    v.array(
      v.object({
        name: v.string(),
        id: v.string(),
        privateIp: v.string(),
        jitPolicyId: v.string(),
        nsgId: v.optional(v.string()),
      }),
    ),
  ),
});

/** @throws `UserError` that says what cannot be read, and what to do. */
export async function readStackOutputs(origin: OutputsOrigin, io: Io): Promise<Partial<SettingValues>> {
  if (origin.kind === "selected" && !["Pulumi.yaml", "Pulumi.yml"].some((name) => existsSync(join(io.cwd, name)))) {
    return {};
  }
  const text = origin.kind === "file" ? await fromFile(resolve(io.cwd, origin.path)) : await fromPulumi(origin, io);
  const place = describeOrigin(origin);
  const nextStep = "Deploy the stack with this version of the program, and write its outputs anew.";
  const parsed = v.safeParse(outputs, parseJson(text, place));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new UserError(`In ${place}, ${v.getDotPath(issue) ?? "the document"} is not what it should be.`, nextStep, {
      cause: new v.ValiError(parsed.issues),
    });
  }
  return Object.fromEntries(Object.entries(parsed.output).filter(([, value]) => value !== undefined));
}

/** Where values come from, for a sentence: `the outputs file o.json`. */
export function describeOrigin(origin: OutputsOrigin): string {
  switch (origin.kind) {
    case "file":
      return `the outputs file ${origin.path}`;
    case "stack":
      return `the outputs of the stack '${origin.name}'`;
    case "selected":
      return "the outputs of the selected stack";
  }
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const nextStep = "Write it with: pulumi stack output --json > FILE";
    throw new UserError(`There is no JSON document in ${place}.`, `${nextStep}.`, { cause: error });
  }
}

async function fromFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UserError(
      `The outputs file ${path} cannot be read.`,
      "Write it with `pulumi stack output --json`, or name the stack itself with --stack.",
      { cause: error },
    );
  }
}

async function fromPulumi(origin: OutputsOrigin & { kind: "stack" | "selected" }, io: Io): Promise<string> {
  const stack = origin.kind === "stack" ? ["--stack", origin.name] : [];
  const run = await runPulumi(["stack", "output", "--json", ...stack], io);
  io.signal.throwIfAborted();
  if (run.failure !== undefined) {
    throw explained(run, describeOrigin(origin));
  }
  return run.stdout;
}

/** What went wrong with Pulumi, in its own words. */
function explained({ failure: cause, isMissing, stderr }: PulumiRun, place: string): UserError {
  const others = "give the settings with flags, or name a file of outputs with --outputs.";
  if (isMissing) {
    return new UserError(`To read ${place}, Pulumi has to be on PATH.`, `Install it, ${others}`, { cause });
  }
  const said = (stderr.trim().split("\n").at(-1) ?? "").replace(/^error: /, "") || "no reason given";
  return new UserError(
    `Pulumi cannot read ${place}: ${said.replace(/\.$/, "")}.`,
    `Check the stack's name and the Pulumi login, ${others}`,
    { cause },
  );
}
