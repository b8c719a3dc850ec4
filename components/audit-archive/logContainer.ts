import type * as pulumi from "@pulumi/pulumi";
import type { ArmClient } from "../shared/armClient.ts";
import { unlessMissing, withRetries } from "../shared/armRequest.ts";
import { ArmTask } from "../shared/armTask.ts";

/** Arguments of a log container. */
export interface LogContainerArgs {
  /** ARM id: `.../storageAccounts/ACCOUNT/blobServices/default/containers/CONTAINER`. */
  readonly containerId: string;
}

/**
 * Creates a container unless it exists: Azure Monitor may have created it with its first record, in which case
 * azure-native's `BlobContainer` would fail. Deleting the resource only removes it from the state, so that no log is
 * deleted.
 */
export function createLogContainer(
  name: string,
  containerId: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): ArmTask<LogContainerArgs> {
  return new ArmTask<LogContainerArgs>({ id: "containerId", work: ensureContainer }, name, { containerId }, opts);
}

/** Creates the container if it does not exist. */
export async function ensureContainer({ containerId }: LogContainerArgs, arm: ArmClient): Promise<void> {
  const path = `${containerId}?api-version=2024-01-01`;
  await withRetries(async () => {
    const present = await arm.send("GET", path).catch(unlessMissing);
    if (present === undefined) await arm.send("PUT", path, { body: { properties: { publicAccess: "None" } } });
  });
}
