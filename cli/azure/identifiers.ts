/** Azure's identifiers, and checks of their form. */
import { parseResourceId } from "@bastion-trail/core/links/resourceId";
import { guid } from "@bastion-trail/core/rules/guid";
import { isSameIgnoringCase } from "../names/ignoringCase.ts";

/** Returns what a text must be, such as "a GUID", or `undefined` if it is valid. */
export type Check = (text: string) => string | undefined;

/** Checks the id of a subscription or the customer id of a workspace. */
export const checkGuid: Check = (text) =>
  guid.test(text) ? undefined : "a GUID, such as 00000000-0000-0000-0000-000000000000";

/** Returns a check for the ARM id of a resource. @param type such as `Microsoft.Network/bastionHosts`. */
function checkResourceId(type: string): Check {
  const form = `/subscriptions/ID/resourceGroups/GROUP/providers/${type}/NAME`;
  return (text) => (isSameIgnoringCase(parseResourceId(text)?.type, type) ? undefined : `an ARM id: ${form}`);
}

export const checkBastionId = checkResourceId("Microsoft.Network/bastionHosts");
export const checkWorkspaceId = checkResourceId("Microsoft.OperationalInsights/workspaces");

/** Checks the blob endpoint of a storage account. Without a shared access signature, it gets a token, which needs https. */
export const checkEndpoint: Check = (text) =>
  /^https:\/\/|^http:\/\/[^?]+\?/i.test(text) && URL.canParse(text)
    ? undefined
    : "the account's blob endpoint: https://ACCOUNT.blob.core.windows.net";
