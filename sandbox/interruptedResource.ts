import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { textAt, type JsonObject } from "./arm/json.ts";
import { ArmRequestError, createArmClient } from "./bridge/armClient.ts";
import { armOperations } from "./bridge/armOperations.ts";
import { createConverter } from "./bridge/azureNative/convert.ts";
import { armId } from "./bridge/azureNative/crud.ts";
import { isMade } from "./bridge/azureNative/made.ts";
import { resourceTypes } from "./bridge/azureNative/resourceTypes.ts";
import { openSdkTypings } from "./bridge/azureNative/sdkTypings.ts";
import type { SandboxDescription } from "./directory.ts";
import { Failure } from "./failure.ts";

/** A resource in a state whose creation was interrupted. */
export interface PendingResource {
  readonly urn: string;
  readonly type: string;
  /** Known if only Azure's response was lost. */
  readonly id?: string;
  readonly inputs?: JsonObject;
}

/** Milliseconds to wait for Azure to end an interrupted creation. */
const patience = 120_000;
const settled = new Set(["succeeded", "failed", "canceled"]);

/**
 * Returns the ARM id of a resource whose creation was interrupted, if it exists in Azure: the creation then continues
 * without its requester, and is awaited. Looks only for azure-native's resources; others can be created again, as can
 * resources that Azure always shows.
 */
export async function findInterruptedResource(
  description: SandboxDescription,
  resource: PendingResource,
): Promise<string | undefined> {
  if (!resource.type.startsWith("azure-native:")) return undefined;
  const client = createArmClient({
    endpoint: description.armEndpoint,
    ca: readFileSync(description.caFile, "utf8"),
    identity: description,
  });
  try {
    const types = resourceTypes(openSdkTypings());
    const type = types.byToken(resource.type);
    const id = resource.id ?? armId(type.path, resource.inputs ?? {}, description.subscriptionId);
    const end = Date.now() + patience;
    for (;;) {
      const body = await armOperations(client).get(id, type.apiVersion, AbortSignal.timeout(patience));
      if (isSettled(body)) return isMade(createConverter(types.typings), type, body) ? id : undefined;
      if (Date.now() > end) {
        throw new Failure(`${id} is still being created after ${patience / 1000} s. Run the same command again later.`);
      }
      await delay(500);
    }
  } catch (error) {
    if (error instanceof ArmRequestError && error.status === 404) return undefined;
    throw error;
  } finally {
    client.close();
  }
}

function isSettled(body: JsonObject): boolean {
  const state = textAt(body, "properties.provisioningState");
  return state === undefined || settled.has(state.toLowerCase());
}
