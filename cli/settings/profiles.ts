/**
 * Profiles: the settings of a deployment under a name, for users without access to its Pulumi state. They are stored in
 * one file in the user's state folder. No secret is stored: only the outputs that the CLI uses.
 */
import { constants } from "node:fs";
import { open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import * as v from "valibot";
import { makeFolders } from "../files/makeFolders.ts";
import { makePrivateFolder, NotPrivateError, ownerOnlyFile, ownerOnlyFolder } from "../files/privateFolder.ts";
import { didYouMean, listNames } from "../names/didYouMean.ts";
import { fileProblem } from "../files/fileProblem.ts";
import { UserError } from "../errors.ts";
import { diskReason, errorCode } from "../files/fileErrors.ts";
import type { Environment } from "../io.ts";
import { outputsSchema } from "./outputsSchema.ts";
import type { SettingValues } from "./settingValues.ts";
import { profilesFile, stateFolder } from "../files/stateFolder.ts";
import { jsonValue } from "../jsonValue.ts";

export interface Profile {
  readonly name: string;
  /** Where the settings were read: `outputs file /home/ada/prod.json`. */
  readonly from: string;
  /** ISO 8601 UTC. */
  readonly savedAt: string;
  readonly values: Partial<SettingValues>;
}

export interface Profiles {
  /** Name of the profile that commands use by default; null if there is none. */
  readonly used: string | null;
  /** Sorted by name. */
  readonly profiles: readonly Profile[];
}

const schema = v.object({
  used: v.nullable(v.string()),
  profiles: v.array(v.object({ name: v.string(), from: v.string(), savedAt: v.string(), values: outputsSchema })),
});

/** Whether a text can be typed in any shell and is not a path. */
export function isProfileName(text: string): boolean {
  return /^\w[\w.-]{0,63}$/.test(text);
}

/** @throws `UserError` if the file is damaged or not owned by the user. */
export async function readProfiles(env: Environment): Promise<Profiles> {
  const path = profilesFile(env);
  const text = await readOwn(path);
  if (text === undefined) {
    return { used: null, profiles: [] };
  }
  const parsed = v.safeParse(schema, jsonValue(text));
  if (!parsed.success) {
    throw new UserError(
      `The profiles file ${path} is damaged.`,
      "Remove it, and create the profiles again with: bastion-trail use FILE.",
    );
  }
  const { used, profiles } = parsed.output;
  return { used, profiles: profiles.map((one) => ({ ...one, values: one.values })) };
}

/** @throws `UserError` if it cannot be written. */
export async function writeProfiles(env: Environment, { used, profiles }: Profiles): Promise<void> {
  const path = profilesFile(env);
  const temporary = `${path}.${process.pid}`;
  const sorted = profiles.toSorted((a, b) => a.name.localeCompare(b.name));
  try {
    makeFolders(stateFolder(env), ownerOnlyFolder);
    makePrivateFolder(dirname(path));
    await rm(temporary, { force: true });
    const text = `${JSON.stringify({ used, profiles: sorted }, undefined, 2)}\n`;
    await writeFile(temporary, text, { mode: ownerOnlyFile, flag: "wx" });
    await rename(temporary, path);
  } catch (error) {
    const disk = diskReason(error);
    const reason = error instanceof NotPrivateError ? `. ${error.message}` : disk === undefined ? "." : `: ${disk}.`;
    throw new UserError(
      `The profile cannot be saved in ${path}${reason}`,
      "Make its folder writable for you alone, or set BASTION_TRAIL_STATE to another one.",
      { cause: error },
    );
  }
}

/** @throws `UserError` with a suggestion if there is no profile of this name. */
export function findProfile({ profiles }: Profiles, name: string): Profile {
  const found = profiles.find((one) => one.name === name);
  if (found === undefined) {
    const names = profiles.map((one) => one.name);
    const known = names.length === 0 ? "There are no profiles." : `Profiles: ${listNames(names)}.`;
    throw new UserError(
      `Profile '${name}' not found.`,
      [didYouMean(name, names), known, "Make one with: bastion-trail use FILE."]
        .filter((part) => part !== "")
        .join(" "),
    );
  }
  return found;
}

const noFollow = process.platform === "win32" ? 0 : constants.O_NOFOLLOW;

/**
 * Reads the file if it is the user's own and nobody else can change it: whoever can change it decides whose logs are
 * shown and where requests go.
 */
async function readOwn(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | noFollow);
    try {
      const { uid, mode } = await file.stat();
      if (process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o022) !== 0)) {
        throw new NotPrivateError(`Other users can change the profiles file ${path}.`);
      }
      return await readFile(file, "utf8");
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw new UserError(
      error instanceof NotPrivateError
        ? error.message
        : `The profiles file ${path} cannot be read: ${problemOf(error)}.`,
      "Remove it, and create the profiles again with: bastion-trail use FILE.",
      { cause: error },
    );
  }
}

/** The file itself may not be a link, wherever it leads. */
function problemOf(error: unknown): string {
  return errorCode(error) === "ELOOP" ? "it is a symbolic link" : fileProblem(error);
}
