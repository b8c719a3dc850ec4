import type { TypeRules } from "./typeRules.ts";
import { ArmError, badRequest } from "./armError.ts";
import { resourceGroupType } from "./ids.ts";

/** The form of an api-version. */
const versionForm = /^\d{4}-\d{2}-\d{2}(-[a-z]+)?$/i;

/** A resource provider: all types of one namespace. */
export interface Provider {
  /** For example `Microsoft.Network`. */
  readonly namespace: string;
  readonly types: readonly TypeRules[];
  readonly actions: NonNullable<TypeRules["providerActions"]>;
  /** By path, in lower case. */
  readonly lists: NonNullable<TypeRules["providerLists"]>;
}

/** All resource types of the control plane, looked up case-insensitively by name. */
export class Catalog {
  readonly #types = new Map<string, TypeRules>();
  readonly #listed = new Map<string, TypeRules>();
  readonly #providers = new Map<string, Provider>();

  /** @throws Error if a type is defined twice. */
  constructor(types: readonly TypeRules[]) {
    for (const rules of types) {
      if (this.#types.has(rules.type.toLowerCase())) throw new Error(`There are two ${rules.type}.`);
      this.#types.set(rules.type.toLowerCase(), rules);
      for (const type of [rules.type, ...(rules.listedAs ?? [])]) this.#listed.set(type.toLowerCase(), rules);
      const [namespace = ""] = rules.type.split("/");
      const provider = this.provider(namespace);
      const { types: others, actions, lists } = provider ?? { types: [], actions: {}, lists: {} };
      this.#providers.set(namespace.toLowerCase(), {
        namespace: provider?.namespace ?? namespace,
        types: [...others, rules],
        actions: { ...actions, ...rules.providerActions },
        lists: { ...lists, ...rules.providerLists },
      });
    }
  }

  get providers(): readonly Provider[] {
    return [...this.#providers.values()];
  }

  /** Returns the rules of a type; undefined if no module has it. */
  rulesOf(type: string): TypeRules | undefined {
    return this.#types.get(type.toLowerCase());
  }

  /** Returns the rules of the type that a collection lists. */
  listedBy(type: string): TypeRules | undefined {
    return this.#listed.get(type.toLowerCase());
  }

  provider(namespace: string): Provider | undefined {
    return this.#providers.get(namespace.toLowerCase());
  }

  /** @throws ArmError InvalidResourceNamespace */
  requireProvider(namespace: string): Provider {
    const found = this.provider(namespace);
    if (found !== undefined) return found;
    throw new ArmError(404, "InvalidResourceNamespace", `The resource namespace '${namespace}' is invalid.`);
  }

  /**
   * Returns the rules. Refuses a namespace, type or api-version that Azure would not know, with ARM's messages.
   * @throws ArmError InvalidResourceNamespace, InvalidResourceType, NoRegisteredProviderFound,
   * InvalidApiVersionParameter
   */
  require(rules: TypeRules | undefined, type: string, apiVersion: string): TypeRules {
    const [namespace = "", ...rest] = type.split("/");
    this.requireProvider(namespace);
    if (rules === undefined) {
      throw new ArmError(
        404,
        "InvalidResourceType",
        `The resource type '${rest.join("/")}' could not be found in the namespace '${namespace}' for api version '${apiVersion}'. The supported api-versions are ''.`,
      );
    }
    if (rules.type === resourceGroupType && !includesVersion(rules.apiVersions, apiVersion)) {
      throw invalidApiVersion(apiVersion, [...rules.apiVersions].reverse());
    }
    requireKnownVersion(rest.join("/"), rules.apiVersions, apiVersion);
    return rules;
  }
}

/**
 * Refuses an api-version that a type does not have.
 * @param type without its namespace.
 * @param versions its api-versions, newest last.
 * @throws ArmError NoRegisteredProviderFound
 */
export function requireKnownVersion(type: string, versions: readonly string[], apiVersion: string): void {
  if (includesVersion(versions, apiVersion)) return;
  throw badRequest(
    "NoRegisteredProviderFound",
    `No registered resource provider found for location 'null' and API version '${apiVersion}' for type '${type}'. ` +
      `The supported api-versions are '${[...versions].reverse().join(", ")}'.`,
  );
}

function includesVersion(versions: readonly string[], apiVersion: string): boolean {
  return versions.some((version) => version.toLowerCase() === apiVersion.toLowerCase());
}

/**
 * Returns the `api-version` of a request.
 * @throws ArmError MissingApiVersionParameter, InvalidApiVersionParameter
 */
export function requireApiVersion(query: URLSearchParams): string {
  const version = [...query].find(([name]) => name.toLowerCase() === "api-version")?.[1];
  if (version === undefined || version === "") {
    throw badRequest(
      "MissingApiVersionParameter",
      "The api-version query parameter (?api-version=) is required for all requests.",
    );
  }
  if (!versionForm.test(version)) throw invalidApiVersion(version, []);
  return version;
}

function invalidApiVersion(version: string, supported: readonly string[]): ArmError {
  return badRequest(
    "InvalidApiVersionParameter",
    `The api-version '${version}' is invalid. The supported versions are '${supported.join(",")}'.`,
  );
}
