import type * as pulumi from "@pulumi/pulumi";
import type { ArmClient } from "../shared/armClient.ts";
import { unlessMissing, withRetries } from "../shared/armRequest.ts";
import { ArmTask } from "../shared/armTask.ts";

/** A container of logs. */
export interface LogContainerArgs {
  /** ARM id: `.../storageAccounts/ACCOUNT/blobServices/default/containers/CONTAINER`. */
  readonly containerId: string;
}

/**
 * A container that Azure Monitor may have created already, at its first record: it is created only if it is missing, which
 * azure-native's `BlobContainer` would refuse. Deleting the resource only forgets the container, so that no log goes with it.
 */
export function logContainer(
  name: string,
  containerId: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): ArmTask<LogContainerArgs> {
  return new ArmTask<LogContainerArgs>({ id: "containerId", work: ensureContainer }, name, { containerId }, opts);
}

/** Creates the container if there is none. */
export async function ensureContainer({ containerId }: LogContainerArgs, arm: ArmClient): Promise<void> {
  const path = `${containerId}?api-version=2024-01-01`;
  await withRetries(async () => {
    const present = await arm.send("GET", path).catch(unlessMissing);
    if (present === undefined) await arm.send("PUT", path, { body: { properties: { publicAccess: "None" } } });
  });
}
