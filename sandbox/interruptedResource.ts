import { setTimeout as delay } from "node:timers/promises";
import { call, callOrFail, isObject } from "./adminClient.ts";
import type { JsonObject } from "./arm/model.ts";
import { armId } from "./bridge/azureNative/crud.ts";
import { resourceTypes } from "./bridge/azureNative/resourceTypes.ts";
import { openSdkTypings } from "./bridge/azureNative/sdkTypings.ts";
import type { SandboxDescription } from "./directory.ts";
import { Failure } from "./failure.ts";

/** What a state keeps of a resource whose creation was interrupted. */
export interface PendingResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: JsonObject;
}

/** Milliseconds that Azure may take to end a creation whose requester is gone. */
const patience = 120_000;
const settled = new Set(["succeeded", "failed", "canceled"]);

/**
 * The ARM id of a resource whose creation was interrupted, if Azure has it: then the creation went on without its
 * requester, and is waited for. Only azure-native's resources are looked for; the other ones are free to be made again.
 */
export async function findInterruptedResource(
  description: SandboxDescription,
  resource: PendingResource,
): Promise<string | undefined> {
  if (!resource.type.startsWith("azure-native:")) {
    return undefined;
  }
  const type = resourceTypes(openSdkTypings()).byToken(resource.type);
  const id = armId(type.path, resource.inputs ?? {}, description.subscriptionId);
  const token = await applicationToken(description);
  for (const end = Date.now() + patience; ;) {
    const answer = await call(description, "GET", `${id}?api-version=${type.apiVersion}`, { token });
    if (answer.status === 404) {
      return undefined;
    }
    if (answer.status < 300 && isSettled(answer.body)) {
      return id;
    }
    if (Date.now() > end) {
      throw new Failure(`${id} is still being created after ${patience / 1000} s. Run the same command again later.`);
    }
    await delay(500);
  }
}

function isSettled({ properties }: JsonObject): boolean {
  const state = isObject(properties) ? properties["provisioningState"] : undefined;
  return typeof state !== "string" || settled.has(state.toLowerCase());
}

/** A token of the application that deploys, as the provider gets it. */
async function applicationToken(description: SandboxDescription): Promise<string> {
  const answer = await callOrFail(description, "POST", "/sandbox/token", { body: {} });
  const token = answer["access_token"];
  if (typeof token !== "string") {
    throw new Failure("The sandbox gave no access token.");
  }
  return token;
}
