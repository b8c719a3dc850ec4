/** The API versions of Microsoft.KeyVault. */
export const keyVaultApiVersions: readonly string[] = [
  "2019-09-01",
  "2021-06-01-preview",
  "2021-10-01",
  "2021-11-01-preview",
  "2022-07-01",
  "2022-11-01",
  "2023-02-01",
  "2023-07-01",
  "2024-04-01-preview",
  "2024-11-01",
  "2024-12-01-preview",
  "2025-05-01",
];
