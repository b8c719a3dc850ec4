/** The form of a GUID: ids of subscriptions, workspaces, and users and groups in Entra. */
export const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
