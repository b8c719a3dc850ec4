import { getStorageAccount, type GetStorageAccountResult } from "@pulumi/azure-native/storage/getStorageAccount.js";
import type * as pulumi from "@pulumi/pulumi";
import { accepted, type Lookup, lookUp } from "../shared/lookup.ts";
import { adoptedAccountProblems } from "../shared/storageRules.ts";
import { judged } from "../shared/validate.ts";

/** A storage account, created or adopted. */
export interface StorageAccountInUse {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly blobEndpoint: pulumi.Output<string>;
}

export function lookUpAccount(id: string, opts: pulumi.InvokeOptions): Promise<Lookup<GetStorageAccountResult>> {
  return lookUp("existingStorageAccountId", id, ({ resourceGroupName, name }) =>
    getStorageAccount({ resourceGroupName, accountName: name }, opts),
  );
}

/**
 * Reads an existing account. Its properties resolve only if logs of a Bastion host in `bastionLocation` can reach it.
 * @param accountId a checked ARM id.
 */
export function adoptStorageAccount(
  subject: string,
  accountId: pulumi.Output<string>,
  bastionLocation: pulumi.Input<string>,
  opts: { readonly parent: pulumi.Resource },
): StorageAccountInUse {
  const account = judged(
    { id: accountId, location: bastionLocation },
    async ({ id, location }: { id: string; location: string }) =>
      accepted(subject, await lookUpAccount(id, opts), (live) => adoptedAccountProblems(id, live, location)),
  );
  return {
    id: account.apply((live) => live.id),
    name: account.apply((live) => live.name),
    blobEndpoint: account.apply((live) => live.primaryEndpoints.blob),
  };
}
