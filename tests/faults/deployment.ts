import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { textAt, type JsonObject } from "../../sandbox/arm/json.ts";
import type { Resource } from "../../sandbox/arm/resource.ts";
import { resourceLabel } from "../../sandbox/runEvents.ts";

/** A resource as Pulumi's state keeps it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly outputs?: JsonObject;
}

interface Checkpoint {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly JsonObject[];
}

/** What Azure holds and what Pulumi knows of it, free of what differs between two deployments of one config. */
export interface Deployment {
  /** Ids of all resources in the subscription, those inside others too, with how their last operation ended. */
  readonly azure: readonly string[];
  /** `VirtualNetwork network-vnet = /subscriptions/...` of each resource. */
  readonly state: readonly string[];
  /** Operations that Pulumi does not know the end of. */
  readonly pending: number;
}

/** The checkpoint of the one stack of a sandbox. */
export function checkpoint(folder: string): Checkpoint {
  const file = join(folder, "state", ".pulumi", "stacks", "bastion-trail", "sandbox.json");
  if (!existsSync(file)) {
    return {};
  }
  const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest?: Checkpoint | null } };
  return checkpoint.latest ?? {};
}

/** Everything that the control plane holds, read from its database behind its back. */
export function storedResources(folder: string): Resource[] {
  const database = new DatabaseSync(join(folder, "arm.db"), { readOnly: true });
  try {
    const rows = database.prepare("SELECT resource FROM resources ORDER BY key").all();
    return rows.map(({ resource }) => JSON.parse(String(resource)) as Resource);
  } finally {
    database.close();
  }
}

/** What is deployed in a sandbox at this moment. */
export function deploymentOf(folder: string): Deployment {
  const { resources = [], pending_operations: pending = [] } = checkpoint(folder);
  const plain = normalizer(resources);
  return {
    azure: storedResources(folder)
      // Made by Azure Monitor once the first log arrives, which may be any time.
      .filter(({ name }) => name !== "insights-activity-logs")
      .map(({ id, body }) => `${plain(id)} ${textAt(body, "properties.provisioningState") ?? ""}`.trim())
      .sort(),
    state: resources
      .filter(({ type, id }) => id !== undefined && !type.startsWith("pulumi:") && !type.startsWith("random:"))
      .map(({ urn, id = "" }) => `${resourceLabel(urn)} = ${plain(id)}`)
      .sort(),
    pending: pending.length,
  };
}

/** Random endings of names that a state holds. */
export function randomSuffixes(resources: readonly StateResource[]): string[] {
  return resources
    .filter(({ type }) => type === "random:index/randomString:RandomString")
    .flatMap(({ outputs }) => textAt(outputs ?? {}, "result") ?? []);
}

/** Takes out of an id what is new in every deployment: the subscription, random endings, and names that Azure makes up. */
function normalizer(resources: readonly StateResource[]): (id: string) => string {
  const suffixes = randomSuffixes(resources);
  return (id) => {
    let text = id.replace(/^\/subscriptions\/[^/]+/i, "/subscriptions/S");
    for (const suffix of suffixes) {
      text = text.replaceAll(suffix, "<random>");
    }
    return (
      text
        .replace(/(JITRule_)-?\d+_[0-9A-F]{32}/, "$1<made by Defender>")
        // Named by a hash of ids, the subscription's among them.
        .replace(/(roleAssignments\/)[0-9a-f-]{36}/i, "$1<hash>")
        .replace(/(_OsDisk_1_)[0-9a-f]{32}/, "$1<made by Azure>")
    );
  };
}
