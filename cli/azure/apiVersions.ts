/** API versions that several requests share. Those of resources are the ones that azure-native deploys with. */

/** Microsoft.Network */
export const networkApiVersion = "2024-05-01";
/** Microsoft.Compute */
export const computeApiVersion = "2024-07-01";
/** Microsoft.Storage */
export const storageApiVersion = "2024-01-01";
/** Subscriptions and their regions. */
export const subscriptionsApiVersion = "2022-12-01";
