/**
 * Names that commands saw in Azure: VMs with a JIT policy, open sessions. They are kept for a short time so that shell
 * completion can offer them at once, without a call to Azure.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { makePrivateFolder, ownerOnlyFile, ownerOnlyFolder } from "./audit/privateFolder.ts";
import { cacheFolder } from "./cacheFolder.ts";
import type { Environment, Io } from "./io.ts";
import type { SettingsFlags } from "./settingValues.ts";
import { profilesFile } from "./stateFolder.ts";

export type NameKind = "vm" | "session";
/** What completion can offer beside choices and files. */
export type OfferedKind = NameKind | "profile";

export interface SeenName {
  readonly name: string;
  /** What a shell can show beside it. */
  readonly hint: string;
}

/** The part of `Io` that says which deployment is meant. */
export type Place = Pick<Io, "env" | "cwd" | "now">;

const minute = 60_000;
/** Milliseconds after which names are offered no more. */
const lifetimes: Readonly<Record<NameKind, number>> = { vm: 24 * 60 * minute, session: 15 * minute };

/** Variables that say which deployment a command is for. */
const variables = [
  "BASTION_TRAIL_OUTPUTS",
  "PULUMI_STACK",
  "BASTION_TRAIL_SUBSCRIPTION",
  "AZURE_SUBSCRIPTION_ID",
  "ARM_SUBSCRIPTION_ID",
  "BASTION_TRAIL_BASTION",
];

/** Keeps names for completion. A command does not fail because they cannot be kept. */
export async function rememberNames(
  kind: NameKind,
  names: readonly SeenName[],
  flags: SettingsFlags,
  place: Place,
): Promise<void> {
  const file = fileOf(kind, flags, place);
  const temporary = `${file}.${process.pid}`;
  try {
    await mkdir(cacheFolder(place.env), { recursive: true, mode: ownerOnlyFolder });
    await makePrivateFolder(folderOf(place.env));
    await writeFile(temporary, JSON.stringify({ at: place.now().toISOString(), names }), { mode: ownerOnlyFile });
    await rename(temporary, file);
  } catch {
    // Completion offers what there is.
  }
}

/** Profiles; or the VMs of the deployment's outputs or profile, and the names of VMs or sessions that were seen lately. */
export function recallNames(kind: OfferedKind, flags: SettingsFlags, place: Place): SeenName[] {
  if (kind === "profile") {
    return profilesIn(place.env).profiles.flatMap(nameFrom);
  }
  const { at, names } = readJson(fileOf(kind, flags, place)) as { at?: unknown; names?: unknown };
  const age = place.now().getTime() - Date.parse(String(at));
  const seen = age >= 0 && age < lifetimes[kind] && Array.isArray(names) ? names.flatMap(nameFrom) : [];
  const all = kind === "vm" ? [...namesInOutputs(flags, place), ...seen] : seen;
  return [...new Map(all.map((one) => [one.name, one])).values()];
}

function namesInOutputs(flags: SettingsFlags, { env, cwd }: Place): SeenName[] {
  const { outputs, stack, profile } = flags;
  const file = outputs ?? (stack === undefined && profile === undefined ? env.BASTION_TRAIL_OUTPUTS : undefined);
  const { vms }: Deployment = (isSet(file) ? readJson(resolve(cwd, file)) : profileOf(flags, env)?.values) ?? {};
  return Array.isArray(vms) ? vms.flatMap(nameFrom) : [];
}

interface Deployment {
  readonly vms?: unknown;
}

interface KeptProfile {
  readonly name?: unknown;
  readonly values?: Deployment;
}

function profileOf({ profile, outputs, stack }: SettingsFlags, env: Environment): KeptProfile | undefined {
  const { used, profiles } = profilesIn(env);
  const isOther = [outputs, stack, env.BASTION_TRAIL_OUTPUTS].some(isSet);
  const named = isSet(env.BASTION_TRAIL_PROFILE) ? env.BASTION_TRAIL_PROFILE : isSet(env.PULUMI_STACK) ? null : used;
  const wanted = profile ?? (isOther ? null : named);
  return profiles.find(({ name }) => typeof name === "string" && name === wanted);
}

/** Read without a check: what is in them are names to type, and nothing else. */
function profilesIn(env: Environment): { readonly used: unknown; readonly profiles: readonly KeptProfile[] } {
  const { used, profiles } = readJson(profilesFile(env)) as { used?: unknown; profiles?: unknown };
  return {
    used,
    profiles: Array.isArray(profiles) ? profiles.filter((one) => typeof one === "object" && one !== null) : [],
  };
}

function isSet(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** Names that a shell could take for an option or for code are not offered. */
function nameFrom(value: unknown): SeenName[] {
  const { name, hint = "" } = (value ?? {}) as { name?: unknown; hint?: unknown };
  return typeof name === "string" && /^\w[\w.()-]*$/.test(name)
    ? [{ name, hint: String(hint).replaceAll(/[^\p{L}\p{N}@ ._-]/gu, "?") }]
    : [];
}

function folderOf(env: Environment): string {
  return join(cacheFolder(env), "completion");
}

/** One file for each deployment, as flags, variables or the folder name it: asking Pulumi would take seconds. */
function fileOf(kind: NameKind, flags: SettingsFlags, { env, cwd }: Place): string {
  const { stack, outputs, subscription, bastion } = flags;
  const named = [
    stack,
    outputs,
    subscription,
    bastion,
    profileOf(flags, env)?.name,
    ...variables.map((name) => env[name]),
  ];
  const parts = named.some(isSet) ? named : [cwd];
  const key = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 24);
  return join(folderOf(env), `${key}-${kind}.json`);
}

/** @returns an empty object where there is no document. */
function readJson(file: string): object {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
