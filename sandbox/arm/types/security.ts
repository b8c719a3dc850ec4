import type { ProviderModule } from "../model.ts";

/** `Microsoft.Security`: Defender plans and just-in-time network access. */
export function securityProvider(): ProviderModule {
  return { namespace: "Microsoft.Security", types: [] };
}
