import type { ProviderModule } from "../model.ts";

/** `Microsoft.Compute`: virtual machines, their extensions and disks. */
export function computeProvider(): ProviderModule {
  return { namespace: "Microsoft.Compute", types: [] };
}
