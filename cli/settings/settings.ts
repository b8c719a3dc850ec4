/** Locates a deployment from flags, the environment, or the outputs of its Pulumi stack. */
import { blobPrefix } from "@bastion-trail/core/links/archivePath";
import { withoutSignature } from "../azure/blobEndpoint.ts";
import { UserError } from "../errors.ts";
import { checkBastionId, checkEndpoint, checkGuid, checkWorkspaceId } from "../azure/identifiers.ts";
import type { Io } from "../io.ts";
import { layersFrom, type GivenValues, type Layer, type Located } from "./settingLayers.ts";
import type { ArchiveFolder, SettingName, SettingsFlags, SettingValues } from "./settingValues.ts";
import { isSameIgnoringCase } from "../names/ignoringCase.ts";

/** A setting that locates logs. */
export type LogPlace = "archive" | "activityLogArchive" | "workspaceCustomerId";

/** The resources whose logs are wanted from a place that may hold the logs of many. */
export interface LogScope {
  /** For audit logs: the ARM id of a Bastion host or of a subscription; `undefined` for every host. */
  readonly audit: string | undefined;
  /** For the activity log: the id of a subscription; `undefined` for every subscription. */
  readonly activity: string | undefined;
}

/**
 * The settings of one call. Outputs and profiles are read at most once, and only if flags and environment do not
 * suffice.
 */
export interface Settings {
  /**
   * @param ofHost ARM id of a Bastion host; excludes the values of deployments with another host.
   * @returns `undefined` if no layer has the setting.
   * @throws `UserError` if a layer cannot be read or its value is malformed.
   */
  find<Name extends SettingName>(name: Name, ofHost?: string): Promise<SettingValues[Name] | undefined>;
  /** @throws `UserError` that explains how to give the setting. */
  need<Name extends SettingName>(name: Name): Promise<SettingValues[Name]>;
  /** Returns a setting with its origin. */
  locate<Name extends SettingName>(name: Name): Promise<Located<SettingValues[Name]> | undefined>;
  scopeIn(place: LogPlace): Promise<LogScope>;
}

/**
 * Opens the settings of `layersFrom`: the first layer with a value wins.
 *
 * A storage account or a workspace may hold the logs of many hosts and subscriptions. They are limited to the host or
 * subscription that the same layer or a stronger one names. `--subscription` rules out the values of a weaker layer's
 * deployment in another subscription: its host, its VMs and their logs.
 * @throws `UserError` if two flags name a deployment.
 */
export function openSettings(flags: SettingsFlags, io: Io): Settings {
  return new LayeredSettings(layersFrom(flags, io), flags.subscription);
}

/** A value with the index of its layer. */
interface Hit<Value> extends Located<Value> {
  readonly layer: number;
}

/** ARM id of a host or a subscription, with the index of the layer that names it. */
interface Scope {
  readonly id: string;
  readonly layer: number;
}

class LayeredSettings implements Settings {
  readonly #layers: readonly (() => Promise<Layer>)[];
  /** The subscription that a flag requests. */
  readonly #asked: string | undefined;

  constructor(layers: readonly (() => Promise<Layer>)[], asked: string | undefined) {
    this.#layers = layers;
    this.#asked = asked;
  }

  async find<Name extends SettingName>(name: Name, ofHost?: string): Promise<SettingValues[Name] | undefined> {
    return (await this.#located(name, ofHost))?.value;
  }

  locate<Name extends SettingName>(name: Name): Promise<Located<SettingValues[Name]> | undefined> {
    return this.#located(name);
  }

  async need<Name extends SettingName>(name: Name): Promise<SettingValues[Name]> {
    const value = await this.find(name);
    if (value !== undefined) return value;
    const { what, nextStep } = missing[name];
    for (const read of this.#layers) {
      const { failure, named, ruledOut } = await read();
      const other = ruledOut?.[name];
      if (other !== undefined) {
        const message = `${what} from ${other.from} is not in the subscription ${this.#asked ?? ""}.`;
        throw new UserError(message, `${nextStep} Or leave --subscription out.`);
      }
      if (named !== undefined) {
        throw new UserError(`${what} is not known: ${named} does not have it.`, nextStep);
      }
      if (failure !== undefined) {
        throw new UserError(`${what} is not known: ${failure.message}`, nextStep, { cause: failure });
      }
    }
    throw new UserError(`${what} is not known.`, nextStep);
  }

  async scopeIn(place: LogPlace): Promise<LogScope> {
    const hit = await this.#first(place);
    const last = hit?.layer ?? this.#layers.length - 1;
    return { audit: (await this.#auditScope(last))?.id, activity: (await this.#subscription(last))?.value };
  }

  async #located<Name extends SettingName>(
    name: Name,
    ofHost?: string,
  ): Promise<Located<SettingValues[Name]> | undefined> {
    const hit = await this.#first(name, ofHost);
    if (hit === undefined) return undefined;
    requireForm(name, hit);
    const isFolder = name === "archive" || name === "activityLogArchive";
    const value = isFolder ? await this.#folder(name, hit as Hit<GivenValues["archive"]>) : hit.value;
    return { value: value as SettingValues[Name], from: hit.from };
  }

  /** The layer's own prefix, unless a stronger layer limits the logs to another resource. */
  async #folder(name: "archive" | "activityLogArchive", hit: Hit<GivenValues["archive"]>): Promise<ArchiveFolder> {
    const scope = await (name === "archive" ? this.#auditScope(hit.layer) : this.#subscription(hit.layer));
    const { deployment } = await this.#layer(hit.layer);
    const isAsked = isSameIgnoringCase(deployment, this.#asked);
    const isOwn = scope === undefined || scope.layer === hit.layer || (isAsked && scope.layer === 0);
    const own = isOwn ? hit.value.blobPrefix : undefined;
    return { ...hit.value, blobPrefix: own ?? (scope === undefined ? "" : blobPrefix(scope.id)) };
  }

  /** The host named by the layers up to `last`, or the subscription that a flag requests. */
  async #auditScope(last: number): Promise<Scope | undefined> {
    const host = await this.#first("bastionHostId", undefined, last);
    if (host !== undefined) {
      requireForm("bastionHostId", host);
      return { id: host.value, layer: host.layer };
    }
    return this.#asked === undefined ? undefined : this.#subscription(0);
  }

  async #subscription(last: number): Promise<(Scope & Hit<string>) | undefined> {
    const hit = await this.#first("subscriptionId", undefined, last);
    if (hit === undefined) return undefined;
    requireForm("subscriptionId", hit);
    return { ...hit, id: `/subscriptions/${hit.value}` };
  }

  async #first<Name extends SettingName>(
    name: Name,
    ofHost?: string,
    last = this.#layers.length - 1,
  ): Promise<Hit<GivenValues[Name]> | undefined> {
    for (let layer = 0; layer <= last; layer += 1) {
      const own = await this.#layer(layer);
      const host = own.values.bastionHostId?.value;
      const isOther = ofHost !== undefined && host !== undefined && host.toLowerCase() !== ofHost.toLowerCase();
      const found = isOther ? undefined : own.values[name];
      if (found !== undefined) return { ...found, layer };
    }
    return undefined;
  }

  #layer(index: number): Promise<Layer> {
    return this.#layers[index]?.() ?? Promise.resolve({ values: {} });
  }
}

const outputsHint = "name the deployment with --stack, --outputs or --profile.";

const missing: Readonly<Record<SettingName, { readonly what: string; readonly nextStep: string }>> = {
  subscriptionId: { what: "The Azure subscription", nextStep: `Pass --subscription ID, or ${outputsHint}` },
  tenantId: { what: "The Entra tenant", nextStep: `Set AZURE_TENANT_ID, or ${outputsHint}` },
  bastionHostId: { what: "The Bastion host", nextStep: `Pass --bastion ID, or ${outputsHint}` },
  archive: { what: "The archive of the audit logs", nextStep: `Pass --archive URL, or ${outputsHint}` },
  activityLogArchive: {
    what: "The archive of the activity log",
    nextStep: `Pass --archive URL, or set activityLogExport in the stack's config and ${outputsHint}`,
  },
  flowLogArchive: {
    what: "The storage account of the flow logs",
    nextStep: `Set flowLogs in the stack's config and deploy it, then ${outputsHint}`,
  },
  workspaceId: { what: "The Log Analytics workspace", nextStep: `To choose one, ${outputsHint}` },
  workspaceCustomerId: { what: "The Log Analytics workspace", nextStep: `Pass --workspace ID, or ${outputsHint}` },
  vms: { what: "The list of VMs", nextStep: `To choose one, ${outputsHint}` },
};

/** Checks of each setting's form, for settings that have one. */
const forms: Partial<Record<SettingName, (value: never) => string | undefined>> = {
  subscriptionId: checkGuid,
  bastionHostId: checkBastionId,
  archive: ({ blobEndpoint }: ArchiveFolder) => checkEndpoint(blobEndpoint),
  activityLogArchive: ({ blobEndpoint }: ArchiveFolder) => checkEndpoint(blobEndpoint),
  flowLogArchive: ({ blobEndpoint }: ArchiveFolder) => checkEndpoint(blobEndpoint),
  workspaceId: checkWorkspaceId,
  workspaceCustomerId: checkGuid,
};

/** What is wrong with a value, as a sentence; `undefined` if it is valid. */
export function formProblem<Name extends SettingName>(
  name: Name,
  { value, from }: Located<GivenValues[Name]>,
): string | undefined {
  const wanted = forms[name]?.(value as never);
  if (wanted === undefined) return undefined;
  const text = typeof value === "string" ? value : withoutSignature((value as ArchiveFolder).blobEndpoint);
  return `${missing[name].what} '${text}' from ${from} must be ${wanted}.`;
}

/** Checks values from variables and outputs. Flags are checked when they are parsed. */
function requireForm<Name extends SettingName>(name: Name, located: Located<GivenValues[Name]>): void {
  const problem = formProblem(name, located);
  if (problem !== undefined) {
    throw new UserError(problem, `Correct it. ${missing[name].nextStep}`);
  }
}
