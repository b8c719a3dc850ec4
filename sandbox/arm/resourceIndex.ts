import type { Resource } from "./resource.ts";

/**
 * The resources in memory, indexed by id, by type, and by any id above them. Ids and types are matched
 * case-insensitively. A thousand VMs are about ten thousand resources, so no lookup scans all of them.
 */
export class ResourceIndex {
  readonly #byId = new Map<string, Resource>();
  readonly #byType = new Map<string, Map<string, Resource>>();
  /** The ids below every prefix of an id that ends before a `/`. */
  readonly #below = new Map<string, Set<string>>();

  get(id: string): Resource | undefined {
    return this.#byId.get(id.toLowerCase());
  }

  /** Adds the resource, replacing the one with the same id. */
  add(resource: Resource): void {
    const key = resource.id.toLowerCase();
    const before = this.#byId.get(key);
    this.#byId.set(key, resource);
    if (before !== undefined && before.type !== resource.type) this.#byType.get(before.type.toLowerCase())?.delete(key);
    const type = resource.type.toLowerCase();
    const ofType = this.#byType.get(type) ?? new Map<string, Resource>();
    this.#byType.set(type, ofType.set(key, resource));
    if (before !== undefined) return;
    for (const prefix of prefixesOf(key)) {
      const ids = this.#below.get(prefix) ?? new Set<string>();
      this.#below.set(prefix, ids.add(key));
    }
  }

  remove(id: string): void {
    const key = id.toLowerCase();
    const resource = this.#byId.get(key);
    if (resource === undefined) return;
    this.#byId.delete(key);
    this.#byType.get(resource.type.toLowerCase())?.delete(key);
    for (const prefix of prefixesOf(key)) {
      const ids = this.#below.get(prefix);
      ids?.delete(key);
      if (ids?.size === 0) this.#below.delete(prefix);
    }
  }

  below(id: string, type?: string): Resource[] {
    const ids = this.#below.get(id.toLowerCase());
    if (ids === undefined) return [];
    if (type === undefined) return [...ids].flatMap((key) => this.#byId.get(key) ?? []);
    const ofType = this.#byType.get(type.toLowerCase());
    if (ofType === undefined) return [];
    if (ofType.size < ids.size) return [...ofType].flatMap(([key, resource]) => (ids.has(key) ? [resource] : []));
    return [...ids].flatMap((key) => ofType.get(key) ?? []);
  }

  ofType(type: string): Resource[] {
    return [...(this.#byType.get(type.toLowerCase())?.values() ?? [])];
  }

  all(): Resource[] {
    return [...this.#byId.values()];
  }
}

function prefixesOf(key: string): string[] {
  const prefixes: string[] = [];
  for (let end = key.lastIndexOf("/"); end > 0; end = key.lastIndexOf("/", end - 1)) prefixes.push(key.slice(0, end));
  return prefixes;
}
