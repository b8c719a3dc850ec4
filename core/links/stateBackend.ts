/** Where the state of Pulumi stacks is: the bootstrap program outputs it, and the CLI looks for it. */

/** Container of the storage account. */
export const stateContainerName = "state";

/**
 * Returns the URL of a Pulumi backend. An account of a cloud with other hosts, or one with its name in the path as on
 * Azure Stack and emulators, is identified by the parameters of gocloud.dev's azureblob.URLOpener.
 * @param blobEndpoint - blob endpoint of the account, such as `https://NAME.blob.core.windows.net/`.
 */
export function stateBackendUrl(account: string, blobEndpoint: string): string {
  const { protocol, host } = new URL(blobEndpoint);
  const parameters = new URLSearchParams({ storage_account: account });
  const inHost = host.startsWith(`${account}.`);
  const domain = inHost ? host.slice(account.length + 1) : host;
  if (domain !== "blob.core.windows.net") parameters.set("domain", domain);
  if (protocol !== "https:") parameters.set("protocol", protocol.slice(0, -1));
  if (!inHost) parameters.set("localemu", "true");
  return `azblob://${stateContainerName}?${parameters.toString()}`;
}
