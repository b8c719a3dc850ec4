import { getStorageAccountOutput } from "@pulumi/azure-native/storage/getStorageAccount.js";
import * as pulumi from "@pulumi/pulumi";
import { parseResourceId } from "../links/resourceId.ts";
import { adoptedAccountProblems } from "./storageRules.ts";
import { refuse } from "./validate.ts";

/** A storage account, created or adopted. */
export interface StorageAccountInUse {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly blobEndpoint: pulumi.Output<string>;
}

/**
 * Reads an account that is already there, and gives it back only if logs of a Bastion host in `bastionLocation` reach it.
 * @param accountId a checked ARM id.
 */
export function adoptedStorageAccount(
  subject: string,
  accountId: pulumi.Output<string>,
  bastionLocation: pulumi.Input<string>,
  opts: { readonly parent: pulumi.Resource },
): StorageAccountInUse {
  const id = accountId.apply(parseResourceId);
  const account = getStorageAccountOutput(
    {
      resourceGroupName: id.apply((parts) => parts?.resourceGroupName ?? ""),
      accountName: id.apply((parts) => parts?.name ?? ""),
    },
    opts,
  );
  const fit = pulumi.all([account, bastionLocation]).apply(([found, location]) => {
    refuse(subject, adoptedAccountProblems(found, location));
    return found;
  });
  return {
    id: fit.id,
    name: fit.name,
    blobEndpoint: fit.primaryEndpoints.blob,
  };
}
