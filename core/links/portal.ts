/** Links into the Azure portal, only in forms that a public source shows; each names its source. */
import { publicCloud } from "./clouds.ts";

/** Base address of the portal in the public cloud. */
export const publicPortal = publicCloud.portal;

/** The portal that links open. */
export interface PortalTarget {
  /** Entra tenant id, a GUID: the portal switches to this directory if the user is signed in to several. */
  readonly tenantId: string;
  /** Base address of another cloud's portal, such as `https://portal.azure.us`. @default {@link publicPortal} */
  readonly portal?: string;
}

/**
 * Returns a link to a resource's overview page: `/#@TENANT/resource/ID`, the form that ARM templates and `az` print.
 * @param resourceId ARM id, starting with a slash.
 */
export function resourceLink({ tenantId, portal = publicPortal }: PortalTarget, resourceId: string): string {
  return `${portal}/#@${tenantId}/resource${resourceId}`;
}

/**
 * Returns a link to a blob container's page, as the portal's own address bar shows it:
 * `/#view/Microsoft_Azure_Storage/ContainerMenuBlade/~/overview/storageAccountId/ID/path/CONTAINER`. No public source
 * shows this form with a tenant, so it has none.
 */
export function containerLink(
  { portal = publicPortal }: Pick<PortalTarget, "portal">,
  storageAccountId: string,
  containerName: string,
): string {
  const account = encodeURIComponent(storageAccountId);
  return `${portal}/#view/Microsoft_Azure_Storage/ContainerMenuBlade/~/overview/storageAccountId/${account}/path/${encodeURIComponent(containerName)}`;
}
