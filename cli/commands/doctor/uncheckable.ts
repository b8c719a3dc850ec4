import { subscriptionOf } from "@bastion-trail/core/links/resourceId";
import { isForbidden } from "../../azure/failure.ts";
import { explain } from "../../presentError.ts";
import { quoted } from "../../shell.ts";
import { found, type FoundByCheck } from "./finding.ts";
import type { Identity } from "./identity.ts";
import { roleDefinitionOf } from "./roleDefinition.ts";

/** The permission that a read needs. */
export interface Need {
  /** Such as `Microsoft.Network/networkSecurityGroups/read`. */
  readonly permission: string;
  /** ARM id at which it must be granted. */
  readonly scope: string;
  /** A role that includes it. Default: Reader. */
  readonly role?: string;
}

/** A failed read, with the permission that it needs. */
export class Uncheckable extends Error {
  override readonly name = "Uncheckable";
  readonly need: Need;

  constructor(need: Need, cause: unknown) {
    super(explain(cause).message, { cause });
    this.need = need;
  }
}

/** Turns a failed read into a finding, so that no gap in the checks goes unnoticed. */
export function unread(error: unknown, check: string, resource: string, identity: Identity): FoundByCheck {
  const cause = error instanceof Uncheckable ? error.cause : error;
  const { message, nextStep } = explain(cause);
  if (error instanceof Uncheckable && isRefused(cause)) {
    const { permission, scope, role = "Reader" } = error.need;
    return found("permission-denied", scope, `Not checked: this needs ${permission}. Azure says: ${message}`, {
      subscription: subscriptionOf(scope) ?? "",
      definition: roleDefinitionOf(role, scope),
      assignee: identity.assignee,
      role: quoted(role),
      scope,
      permission,
    });
  }
  const step = nextStep === "" || nextStep.includes("--debug") ? "" : ` ${nextStep}`;
  const scope = error instanceof Uncheckable ? error.need.scope : resource;
  return found("could-not-check", scope, `Not checked: ${message}${step}`, { check });
}

/** Whether Azure Resource Manager, the blob service or the query service refused access. */
function isRefused(error: unknown): boolean {
  return isForbidden(error) || (error instanceof Error && "status" in error && error.status === 403);
}
