/** The places that settings come from, in order of precedence. */
import { existsSync } from "node:fs";
import { activityLogContainerName, auditContainerName } from "@bastion-trail/core/links/archivePath";
import { subscriptionOf } from "@bastion-trail/core/links/resourceId";
import { UserError } from "../errors.ts";
import type { Environment, Io } from "../io.ts";
import type { ArchiveFolder, SettingName, SettingsFlags, SettingValues } from "./settingValues.ts";
import { namedByEnvironment, namedByFlags, requireOneDeployment, type NamedDeployment } from "./namedDeployment.ts";
import type { Profile } from "./profiles.ts";
import { profilesFile } from "../files/stateFolder.ts";
import type { OutputsOrigin } from "./stackOutputs.ts";
import { isSameIgnoringCase } from "../names/ignoringCase.ts";

/** A place in the archive. Flags and variables give only the account, not the prefix of the blobs. */
export type GivenFolder = Omit<ArchiveFolder, "blobPrefix"> & Partial<Pick<ArchiveFolder, "blobPrefix">>;

/** Settings as given; the folders may lack their prefix. */
export interface GivenValues extends Omit<SettingValues, "archive" | "activityLogArchive"> {
  readonly archive: GivenFolder;
  readonly activityLogArchive: GivenFolder;
}

/** A value with its origin: `--bastion`, `ARM_SUBSCRIPTION_ID`, `stack 'dev'`. */
export interface Located<Value> {
  readonly value: Value;
  readonly from: string;
}

type LocatedValues = { readonly [Name in SettingName]?: Located<GivenValues[Name]> };

/** The settings from one place. */
export interface Layer {
  readonly values: LocatedValues;
  /** The deployment that the user named, for messages: `stack 'dev'`. */
  readonly named?: string | undefined;
  /** The subscription of the deployment that all values belong to; `undefined` for individual values. */
  readonly deployment?: string | undefined;
  /** Values that were dropped because they belong to another subscription than `--subscription`. */
  readonly ruledOut?: LocatedValues;
  /** Why this place could not be read. Thrown only if no other place has the value. */
  readonly failure?: UserError;
}

/**
 * The layers in order of precedence, each read when it is first needed:
 * 1. the value's own flag (`--subscription`, `--bastion`, `--archive`, `--workspace`);
 * 2. the deployment that a flag names (`--outputs FILE`, `--stack NAME`, `--profile NAME`);
 * 3. the value's environment variable (`BASTION_TRAIL_...`, then Azure's own);
 * 4. the deployment that the environment names (`BASTION_TRAIL_OUTPUTS`, ...);
 * 5. the profile that `bastion-trail use` chose;
 * 6. the stack that is selected in the Pulumi project in the current folder.
 *
 * Only the first deployment counts: what it does not have, such as a workspace, must not be another one's.
 * @throws UserError if two flags name a deployment.
 */
export function layersFrom(flags: SettingsFlags, io: Io): readonly (() => Promise<Layer>)[] {
  requireOneDeployment(flags);
  const byFlag = namedByFlags(flags);
  const byVariable = byFlag === undefined ? namedByEnvironment(io.env) : undefined;
  const chosen = once(() => profileIn(io));
  const isChosen = async () => (await chosen()).named !== undefined;
  const weaker = [
    () => outputsOf(byFlag, io),
    () => Promise.resolve(fromEnvironment(io.env)),
    () => outputsOf(byVariable, io),
    ...((byFlag ?? byVariable) === undefined
      ? [chosen, async () => ((await isChosen()) ? { values: {} } : selectedStack(io))]
      : []),
  ];
  const { subscription } = flags;
  return [
    () => Promise.resolve(fromFlags(flags)),
    ...weaker.map((read) => once(async () => inSubscription(await read(), subscription))),
  ];
}

/** Removes the host and the VMs if they belong to another subscription than the requested one. */
function inSubscription(layer: Layer, asked: string | undefined): Layer {
  const isAsked = (subscription: string | undefined) => isSameIgnoringCase(subscription, asked);
  if (asked === undefined || isAsked(layer.deployment)) {
    return layer;
  }
  const { bastionHostId: host, vms, ...others } = layer.values;
  const known = vms?.value.filter(({ id }) => isAsked(subscriptionOf(id))) ?? [];
  const isHostKept = isAsked(subscriptionOf(host?.value ?? ""));
  return {
    ...layer,
    values: {
      ...others,
      ...(host && isHostKept && { bastionHostId: host }),
      ...(vms && known.length > 0 && { vms: { ...vms, value: known } }),
    },
    ruledOut: { ...(host && !isHostKept && { bastionHostId: host }), ...(vms && known.length === 0 && { vms }) },
  };
}

function fromFlags({ subscription, bastion, archive, workspace }: SettingsFlags): Layer {
  return {
    values: {
      ...given("subscriptionId", subscription, "--subscription"),
      ...given("bastionHostId", bastion, "--bastion"),
      ...folders(archive, "--archive"),
      ...given("workspaceCustomerId", workspace, "--workspace"),
    },
  };
}

/** Environment variables of each setting. The first non-empty one wins. */
export const settingVariables = {
  subscriptionId: ["BASTION_TRAIL_SUBSCRIPTION", "AZURE_SUBSCRIPTION_ID", "ARM_SUBSCRIPTION_ID"],
  tenantId: ["BASTION_TRAIL_TENANT", "AZURE_TENANT_ID", "ARM_TENANT_ID"],
  bastionHostId: ["BASTION_TRAIL_BASTION"],
  workspaceCustomerId: ["BASTION_TRAIL_WORKSPACE"],
} as const;

function fromEnvironment(env: Environment): Layer {
  const entries = Object.entries(settingVariables).flatMap(([name, names]) => {
    const variable = names.find((one) => isSet(env[one]));
    return variable === undefined ? [] : [[name, { value: env[variable], from: variable }] as const];
  });
  const archive = "BASTION_TRAIL_ARCHIVE";
  return {
    values: {
      ...(Object.fromEntries(entries) as LocatedValues),
      ...folders(isSet(env[archive]) ? env[archive] : undefined, archive),
    },
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

function given<Name extends SettingName>(
  name: Name,
  value: GivenValues[Name] | undefined,
  from: string,
): LocatedValues {
  return value === undefined ? {} : { [name]: { value, from } };
}

/** The places of both kinds of log in one account. */
function folders(url: string | undefined, from: string): LocatedValues {
  if (url === undefined) {
    return {};
  }
  const blobEndpoint = url.replace(/\/+$/, "");
  return {
    ...given("archive", { blobEndpoint, container: auditContainerName }, from),
    ...given("activityLogArchive", { blobEndpoint, container: activityLogContainerName }, from),
  };
}

/** The user did not name this stack, so a failure to read it matters only if nothing else has the value. */
async function selectedStack(io: Io): Promise<Layer> {
  try {
    return await outputsOf({ kind: "selected" }, io);
  } catch (error) {
    if (error instanceof UserError) {
      return { values: {}, failure: error };
    }
    throw error;
  }
}

async function outputsOf(origin: NamedDeployment | OutputsOrigin | undefined, io: Io): Promise<Layer> {
  if (origin === undefined) {
    return { values: {} };
  }
  if (origin.kind === "profile") {
    const { findProfile, readProfiles } = await import("./profiles.ts");
    return ofProfile(findProfile(await readProfiles(io.env), origin.name));
  }
  const { describeOrigin, readStackOutputs } = await import("./stackOutputs.ts");
  const from = describeOrigin(origin);
  const layer = layerOf(await readStackOutputs(origin, io), from);
  return origin.kind === "selected" ? layer : { ...layer, named: from };
}

/** The profile in use, if there is one. */
async function profileIn(io: Io): Promise<Layer> {
  if (!existsSync(profilesFile(io.env))) {
    return { values: {} };
  }
  const { findProfile, readProfiles } = await import("./profiles.ts");
  const profiles = await readProfiles(io.env);
  return profiles.used === null ? { values: {} } : ofProfile(findProfile(profiles, profiles.used));
}

function ofProfile({ name, values }: Profile): Layer {
  const from = `profile '${name}'`;
  return { ...layerOf(values, from), named: from };
}

function layerOf(values: Partial<SettingValues>, from: string): Layer {
  const located = Object.entries(values).map(([name, value]) => [name, { value, from }]);
  return { values: Object.fromEntries(located) as LocatedValues, deployment: values.subscriptionId };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
