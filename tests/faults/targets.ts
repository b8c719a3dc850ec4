import { objectAt, objectsAt, textAt, type JsonObject } from "../../sandbox/arm/json.ts";
import { resourceLabel } from "../../sandbox/runEvents.ts";
import type { TestSandbox } from "../e2e/harness.ts";
import { randomSuffixes, type StateResource } from "./deployment.ts";

/** A request that a run sends to Azure: a place where something can go wrong. */
export interface Target {
  /** The Pulumi resource that sends it, e.g. `VirtualNetwork network-vnet`. */
  readonly label: string;
  /** Whether azure-native sends it, and not a provider of our own. */
  readonly azureNative: boolean;
  readonly method: string;
  /** Matches the request's path, also with the random endings of another deployment. */
  readonly path: string;
  readonly apiVersion: string;
  /** Azure answered "accepted" and went on in a long-running operation. */
  readonly longRunning: boolean;
  /** When it was sent. */
  readonly at: Date;
}

/**
 * What was written and deleted since a time, in that order, from Azure's own activity log.
 * @param resources the state that knows the resources.
 */
export async function targetsOf(
  sandbox: TestSandbox,
  resources: readonly StateResource[],
  since: Date,
): Promise<Target[]> {
  const suffixes = randomSuffixes(resources);
  const events = await activity(sandbox, since);
  const accepted = new Set(
    events
      .filter((event) => textAt(event, "status.value") === "Accepted")
      .map((event) => textAt(event, "correlationId")),
  );
  return events
    .filter((event) => textAt(event, "eventName.value") === "BeginRequest")
    .map((event): Target => {
      const method = textAt(event, "httpRequest.method") ?? "";
      const url = new URL(textAt(event, "httpRequest.uri") ?? "");
      const path = decodeURIComponent(url.pathname);
      const maker = makerOf(method, path, resources);
      return {
        label: resourceLabel(maker.urn),
        azureNative: maker.type.startsWith("azure-native:"),
        method,
        path: pathPattern(path, suffixes),
        apiVersion: url.searchParams.get("api-version") ?? "",
        longRunning: accepted.has(textAt(event, "correlationId")),
        at: new Date(textAt(event, "eventTimestamp") ?? ""),
      };
    });
}

/** What a refresh reads: every resource of azure-native. */
export function readsOf(resources: readonly StateResource[]): Target[] {
  const suffixes = randomSuffixes(resources);
  return resources
    .filter(({ type }) => type.startsWith("azure-native:"))
    .map(({ urn, id = "" }) => ({
      label: resourceLabel(urn),
      azureNative: true,
      method: "GET",
      path: pathPattern(id, suffixes),
      apiVersion: "",
      longRunning: false,
      at: new Date(),
    }));
}

function makerOf(method: string, path: string, resources: readonly StateResource[]): StateResource {
  // An action stands below the resource that it changes, and only our own providers call any.
  const action = method === "POST";
  const changed = (action ? path.slice(0, path.lastIndexOf("/")) : path).toLowerCase();
  const maker = resources.find(
    ({ id, type }) => id?.toLowerCase() === changed && (!action || type.startsWith("pulumi-nodejs:")),
  );
  if (maker === undefined) {
    throw new Error(`No resource of the state sends ${method} ${path}.`);
  }
  return maker;
}

/** A regular expression that matches the path of a resource in any sandbox, whatever its random ending. */
function pathPattern(path: string, suffixes: readonly string[]): string {
  let pattern = path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  for (const suffix of suffixes) {
    // Of its length: one account's name begins with all that comes before the ending of another one's.
    pattern = pattern.replaceAll(suffix, `[a-z0-9]{${suffix.length}}`);
  }
  // Named by a hash of ids, with random endings among them.
  pattern = pattern.replace(/(roleAssignments\/)[0-9a-f-]{36}$/i, "$1[0-9a-f-]{36}");
  return `${pattern.replace(/^\/subscriptions\/[^/]+/, "^/subscriptions/[^/]+")}$`;
}

/** The activity log from `since` until now, oldest first. */
async function activity(sandbox: TestSandbox, since: Date): Promise<JsonObject[]> {
  const filter = `eventTimestamp ge '${since.toISOString()}' and eventTimestamp le '${new Date().toISOString()}'`;
  const { subscriptionId } = sandbox.description;
  const events: JsonObject[] = [];
  let next: string | undefined =
    `/subscriptions/${subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values` +
    `?api-version=2015-04-01&$filter=${encodeURIComponent(filter)}`;
  while (next !== undefined) {
    const { status, body } = await sandbox.arm("GET", next);
    if (status !== 200) {
      throw new Error(`The activity log cannot be read: ${JSON.stringify(objectAt(body, "error"))}`);
    }
    events.push(...objectsAt(body, "value"));
    next = textAt(body, "nextLink");
  }
  return events.sort((a, b) => (textAt(a, "eventTimestamp") ?? "").localeCompare(textAt(b, "eventTimestamp") ?? ""));
}
