import type { ProviderModule } from "../model.ts";

/** `Microsoft.ManagedIdentity`: user-assigned identities. */
export function managedIdentityProvider(): ProviderModule {
  return { namespace: "Microsoft.ManagedIdentity", types: [] };
}
