/**
 * Resource providers that every deployment, JIT and the logs use; a new subscription has not registered them
 * (resource-providers-and-types.md).
 */
export const resourceProviders = [
  "Microsoft.Compute",
  "Microsoft.Insights",
  "Microsoft.Network",
  "Microsoft.OperationalInsights",
  "Microsoft.Security",
  "Microsoft.Storage",
] as const;
