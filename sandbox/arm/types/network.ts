import type { BastionActions } from "../../bastion/sessionModel.ts";
import type { ProviderModule, TypeRules } from "../model.ts";

/** `Microsoft.Network`: what an access path of this project is made of. */
export function networkProvider(parts: { bastion: BastionActions }): ProviderModule {
  const types: TypeRules[] = [];
  return { namespace: "Microsoft.Network", types: parts.bastion ? types : types };
}
