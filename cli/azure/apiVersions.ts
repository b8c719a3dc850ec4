/** API versions that several requests share: those that azure-native deploys with. */

/** Microsoft.Network */
export const networkApiVersion = "2024-05-01";
/** Microsoft.Compute */
export const computeApiVersion = "2024-07-01";
/** Microsoft.Storage */
export const storageApiVersion = "2024-01-01";
