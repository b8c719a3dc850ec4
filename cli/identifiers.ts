/** Ids as Azure has them, and what a text must be to be one. */
import { parseResourceId } from "@bastion-trail/core/links/resourceId";

/** What a text must be, such as "a GUID"; `undefined` where it is that. */
export type Check = (text: string) => string | undefined;

/** A subscription's id, or a workspace's customer id. */
export const checkGuid: Check = (text) =>
  /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(text)
    ? undefined
    : "a GUID, such as 00000000-0000-0000-0000-000000000000";

/** The ARM id of a resource. @param type such as `Microsoft.Network/bastionHosts`. */
export function checkResourceId(type: string): Check {
  const form = `/subscriptions/ID/resourceGroups/GROUP/providers/${type}/NAME`;
  return (text) =>
    parseResourceId(text)?.type.toLowerCase() === type.toLowerCase() ? undefined : `an ARM id: ${form}`;
}

export const checkBastionId = checkResourceId("Microsoft.Network/bastionHosts");
export const checkWorkspaceId = checkResourceId("Microsoft.OperationalInsights/workspaces");

/** Blob endpoint of a storage account; it may carry a shared access signature. */
export const checkEndpoint: Check = (text) =>
  /^https?:\/\//i.test(text) && URL.canParse(text)
    ? undefined
    : "the account's blob endpoint: https://ACCOUNT.blob.core.windows.net";
