/**
 * Names that commands have seen in Azure: VMs with a JIT policy, and open sessions. They are cached for a short time so
 * that shell completion can offer them at once, without a call to Azure.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { makeFolders } from "./files/makeFolders.ts";
import { makePrivateFolder, ownerOnlyFile, ownerOnlyFolder } from "./files/privateFolder.ts";
import { cacheFolder } from "./files/cacheFolder.ts";
import type { Environment, Io } from "./io.ts";
import { namedByEnvironment, namedByFlags, type NamedDeployment } from "./settings/namedDeployment.ts";
import { settingVariables } from "./settings/settingLayers.ts";
import type { SettingsFlags } from "./settings/settingValues.ts";
import { profilesFile } from "./files/stateFolder.ts";
import { dayMs, minuteMs } from "./time.ts";

export type NameKind = "vm" | "session";
/** Kinds of names that completion can offer in addition to choices and files. */
export type OfferedKind = NameKind | "profile";

export interface SeenName {
  readonly name: string;
  /** Shown by some shells beside the name. */
  readonly hint: string;
}

/** The part of `Io` that determines the deployment. */
export type Place = Pick<Io, "env" | "cwd" | "now">;

/** Milliseconds after which a name is no longer offered. */
const lifetimes: Readonly<Record<NameKind, number>> = { vm: dayMs, session: 15 * minuteMs };

/** Stores names for completion. A failure to store them does not fail the command. */
export async function rememberNames(
  kind: NameKind,
  names: readonly SeenName[],
  flags: SettingsFlags,
  place: Place,
): Promise<void> {
  const file = fileOf(kind, flags, place);
  const temporary = `${file}.${process.pid}`;
  try {
    makeFolders(cacheFolder(place.env), ownerOnlyFolder);
    makePrivateFolder(folderOf(place.env));
    await writeFile(temporary, JSON.stringify({ at: place.now().toISOString(), names }), { mode: ownerOnlyFile });
    await rename(temporary, file);
  } catch {
    // Completion works without the stored names.
  }
}

/** Profiles; or the VMs in the deployment's outputs or profile, and the names of VMs or sessions seen recently. */
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
  const deployment = deploymentOf(flags, env);
  const { vms }: Deployment =
    deployment?.kind === "file" ? readJson(resolve(cwd, deployment.path)) : (profileOf(deployment, env)?.values ?? {});
  return Array.isArray(vms) ? vms.flatMap(nameFrom) : [];
}

interface Deployment {
  readonly vms?: unknown;
}

interface KeptProfile {
  readonly name?: unknown;
  readonly values?: Deployment;
}

/** The deployment of a command, unless that is found only by Pulumi. */
function deploymentOf(flags: SettingsFlags, env: Environment): NamedDeployment | undefined {
  const { used } = profilesIn(env);
  return namedByFlags(flags) ?? namedByEnvironment(env) ?? (isSet(used) ? { kind: "profile", name: used } : undefined);
}

function profileOf(deployment: NamedDeployment | undefined, env: Environment): KeptProfile | undefined {
  return deployment?.kind === "profile"
    ? profilesIn(env).profiles.find(({ name }) => name === deployment.name)
    : undefined;
}

/** Reads the profiles unchecked, because they only supply names to type. */
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

/** Drops names that a shell could take for an option or for code. */
function nameFrom(value: unknown): SeenName[] {
  const { name, hint = "" } = (value ?? {}) as { name?: unknown; hint?: unknown };
  return typeof name === "string" && /^\w[\w.()-]*$/.test(name)
    ? [{ name, hint: String(hint).replaceAll(/[^\p{L}\p{N}@ ._-]/gu, "?") }]
    : [];
}

function folderOf(env: Environment): string {
  return join(cacheFolder(env), "completion");
}

/**
 * One file for each deployment, identified by flags, variables or the current folder: asking Pulumi would take seconds.
 */
function fileOf(kind: NameKind, flags: SettingsFlags, { env, cwd }: Place): string {
  const { subscription, bastion } = flags;
  const ofValues = [...settingVariables.subscriptionId, ...settingVariables.bastionHostId].map((name) => env[name]);
  const named = [subscription, bastion, ...Object.values(deploymentOf(flags, env) ?? {}), ...ofValues];
  const parts = named.some(isSet) ? named : [cwd];
  const key = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 24);
  return join(folderOf(env), `${key}-${kind}.json`);
}

/** @returns an empty object if there is no such document. */
function readJson(file: string): object {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
