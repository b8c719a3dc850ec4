/** GUIDs of the built-in roles that this project assigns (Azure RBAC, built-in-roles.md). */
export const builtInRoles = {
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  keyVaultCryptoUser: "12338af0-0e69-4776-bea7-57ae8d297424",
  logAnalyticsReader: "73c42c96-874c-492b-b04d-ab87d138a893",
  storageBlobDataContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  storageBlobDataReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
} as const;

/** Resource type of role definitions. The id of a role is `SCOPE/providers/`, this type, and the role's GUID. */
export const roleDefinitionType = "Microsoft.Authorization/roleDefinitions";
