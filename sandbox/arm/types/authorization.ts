import type { ProviderModule } from "../model.ts";
import { locks } from "./authorization/locks.ts";
import { roleAssignments } from "./authorization/roleAssignments.ts";
import { roleDefinitions } from "./authorization/roleDefinitions.ts";

/** `Microsoft.Authorization`: locks, role assignments and role definitions. Locks are enforced by the core. */
export function authorizationProvider(): ProviderModule {
  return { namespace: "Microsoft.Authorization", types: [locks, roleAssignments, roleDefinitions] };
}
