import { computeTypes } from "./types/compute.ts";
import { keyVaultTypes } from "./types/keyVault.ts";
import { monitorTypes } from "./types/monitor.ts";
import { networkTypes } from "./types/network.ts";
import { resourcesTypes } from "./types/resources.ts";
import { storageTypes } from "./types/storage.ts";
import type { DiffRules } from "./diff.ts";
import type { SdkMembers, SdkTypings } from "./sdkTypings.ts";
import type { WireShape } from "./wireShape.ts";
import type { ResourceTypeRow } from "./resourceTypeRow.ts";

/** A row combined with the SDK's schema. */
export interface ResourceType extends ResourceTypeRow {
  /** Pulumi's token without a version, for example `azure-native:network:BastionHost`. */
  readonly token: string;
  readonly apiVersion: string;
  /** Arguments in the path, except the subscription. */
  readonly pathArgs: readonly PathArg[];
  /** Arguments in the body. */
  readonly bodyArgs: SdkMembers;
  readonly outputs: SdkMembers;
  readonly argShape: WireShape;
  readonly outputShape: WireShape;
  readonly diffRules: DiffRules;
  /** Members whose live list is kept by an update if the program sets none. */
  readonly standaloneLists: readonly string[];
}

export interface PathArg {
  readonly name: string;
  /** Whether the value is a whole id: its slashes are kept, except leading and trailing ones. */
  readonly whole: boolean;
  readonly required: boolean;
}

export interface ResourceTypes {
  readonly typings: SdkTypings;
  /**
   * Returns the type of a Pulumi token, with or without a version (`azure-native:network/v20240501:BastionHost`).
   * @throws Error for any other token, naming the token and the known types.
   */
  byToken(token: string): ResourceType;
  readonly all: readonly ResourceType[];
}

const rows: readonly ResourceTypeRow[] = [
  ...resourcesTypes,
  ...networkTypes,
  ...computeTypes,
  ...storageTypes,
  ...monitorTypes,
  ...keyVaultTypes,
];

/** Combines every row with the schema of the installed SDK. */
export function resourceTypes(typings: SdkTypings): ResourceTypes {
  const all = rows.map((row) => resourceType(row, typings));
  const byToken = new Map(all.map((type) => [type.token.toLowerCase(), type]));
  return {
    typings,
    all,
    byToken: (token) => {
      const { plain, version } = splitVersion(token);
      const type = byToken.get(plain.toLowerCase());
      if (type === undefined) {
        const known = all.map((each) => each.token).sort();
        throw new Error(`The sandbox does not know the resource type "${token}". It knows: ${known.join(", ")}.`);
      }
      if (version !== undefined && version !== versionSegment(type.apiVersion)) {
        throw new Error(
          `The sandbox does not know "${token}": it knows ${type.token} with the API version ${type.apiVersion} only.`,
        );
      }
      return type;
    },
  };
}

/** Removes the version from a token: `azure-native:network/v20240501:BastionHost`. */
export function splitVersion(token: string): { plain: string; version: string | undefined } {
  const match = /^(azure-native:[^:/]+)\/(v\w+)(:[^:]+)$/.exec(token);
  return match === null ? { plain: token, version: undefined } : { plain: `${match[1]}${match[3]}`, version: match[2] };
}

function versionSegment(apiVersion: string): string {
  return `v${apiVersion.replaceAll("-", "")}`;
}

function resourceType(row: ResourceTypeRow, typings: SdkTypings): ResourceType {
  const args = typings.args(row.type);
  const pathArgs = [...row.path.matchAll(/\{(\+?)(\w+)\}/g)]
    .map(([, plus, name = ""]) => ({ name, whole: plus === "+", required: args.get(name)?.required ?? false }))
    .filter(({ name }) => name !== "subscriptionId");
  const inPath = new Set(pathArgs.map(({ name }) => name));
  const outputShape: WireShape = { flattened: true, ...row.shape };
  return {
    ...row,
    token: `azure-native:${row.type.replace(".", ":")}`,
    apiVersion: typings.apiVersion(row.type),
    pathArgs,
    bodyArgs: new Map([...args].filter(([name]) => !inPath.has(name))),
    outputs: typings.outputs(row.type),
    outputShape,
    argShape: { ...outputShape, ...row.inputShape },
    diffRules: { forceNew: new Set([...inPath, ...(row.forceNew ?? [])]), sets: row.sets ?? {} },
    standaloneLists: [...args].filter(([, { standaloneToo }]) => standaloneToo).map(([name]) => name),
  };
}
