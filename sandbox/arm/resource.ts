/** A stored resource, and what reads and writes it. */
import type { JsonObject } from "./json.ts";

/** A resource as the store keeps it. Children (subnets, security rules, containers) are resources of their own. */
export interface Resource {
  /** Full ARM id in its original case. Compare ids only with `sameId` (ARM ids are case-insensitive). */
  readonly id: string;
  /** Full type, for example `Microsoft.Network/virtualNetworks/subnets`. */
  readonly type: string;
  /** Last segment of the id. */
  readonly name: string;
  /** Wire body without `id`, `name`, `type`, `etag`: `location`, `tags`, `sku`, `properties`... */
  readonly body: JsonObject;
  /** Values that ARM accepts and never returns (`adminPassword`, `protectedSettings`). */
  readonly secrets?: JsonObject;
  /**
   * What Azure stores beside the body and shows only in views, such as a VM's power state. Kept by a write without it.
   */
  readonly state?: JsonObject;
  /** Opaque version, new on each write. */
  readonly etag: string;
  /** ISO 8601 UTC on the sandbox clock. */
  readonly createdAt: string;
  readonly changedAt: string;
}

/** Reads the resource store. Ids are matched case-insensitively. */
export interface ResourceReader {
  get(id: string): Resource | undefined;
  /** Returns direct and indirect children, by id prefix. */
  childrenOf(id: string, type?: string): Resource[];
  /** Returns all resources of a type in the subscription. */
  ofType(type: string): Resource[];
  all(): Resource[];
}

export interface ResourceStore extends ResourceReader {
  /** Creates or replaces a resource; the store sets `etag`, `createdAt` and `changedAt`. Durable once it returns. */
  put(resource: Pick<Resource, "id" | "type" | "name" | "body" | "secrets" | "state">): Resource;
  /** Deletes only the resource; the caller deletes its children first. */
  delete(id: string): void;
}
