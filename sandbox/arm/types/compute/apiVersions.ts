/** API versions of virtual machines: azure-native 3.28 sends 2024-11-01, @azure/arm-compute 24 2026-03-01, the az CLI 2022-11-01 to 2026-04-01. */
export const computeApiVersions: readonly string[] = [
  "2021-07-01",
  "2022-03-01",
  "2022-08-01",
  "2022-11-01",
  "2023-03-01",
  "2023-07-01",
  "2023-09-01",
  "2024-03-01",
  "2024-07-01",
  "2024-11-01",
  "2025-04-01",
  "2025-11-01",
  "2026-03-01",
  "2026-04-01",
];
