/** Assigns roles to identities and groups. */
import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import { RoleDefinition } from "@pulumi/azure-native/authorization/roleDefinition.js";
import * as pulumi from "@pulumi/pulumi";
import { keptByScope } from "@bastion-trail/components/shared/extensionScope";
import { guidOf } from "@bastion-trail/components/shared/guidOf";
import { builtInRoles, roleDefinitionType } from "@bastion-trail/core/roles/builtInRoles";
import type { Role } from "@bastion-trail/core/roles/role";
import type { Place } from "./place.ts";

/** A user, group or service principal that gets a right. */
export interface Principal {
  /** Prefix of the Pulumi names of its role assignments. */
  readonly name: string;
  /** Entra object id. */
  readonly id: pulumi.Input<string>;
  readonly type: "Group" | "ServicePrincipal" | "User";
}

/** A built-in role, by its name in {@link builtInRoles}, or a custom role. */
export type RoleToGive = keyof typeof builtInRoles | RoleDefinition;

/** Defines and assigns roles in one subscription. */
export class Rights {
  readonly #subscription: string;
  readonly #unique: string;
  readonly #defined = new Map<string, RoleDefinition>();

  constructor({ subscriptionId, names }: Place) {
    this.#subscription = `/subscriptions/${subscriptionId}`;
    this.#unique = names.unique;
  }

  /**
   * Defines a custom role of the subscription, once for all who get it. Its name in Azure ends with the unique name of
   * this bootstrap, because role names are unique in a tenant.
   */
  define(name: string, { name: roleName, description, actions, dataActions }: Role): RoleDefinition {
    const defined = this.#defined.get(name);
    if (defined !== undefined) return defined;
    const definition = new RoleDefinition(`${name}-role`, {
      scope: this.#subscription,
      roleDefinitionId: guidOf([this.#subscription, this.#unique, name]),
      roleName: `${roleName} ${this.#unique}`,
      roleType: "CustomRole",
      description,
      permissions: [{ actions: [...actions], notActions: [], dataActions: [...dataActions], notDataActions: [] }],
      assignableScopes: [this.#subscription],
    });
    this.#defined.set(name, definition);
    return definition;
  }

  /**
   * Assigns a role.
   * @param name - what the role is for; together with the name of the principal, unique in the program.
   * @param scope - ARM id. Defaults to the subscription.
   * @param condition - limits which of the role's actions are allowed.
   */
  give(
    { name: principal, id, type }: Principal,
    name: string,
    role: RoleToGive,
    { scope = this.#subscription, condition }: { scope?: pulumi.Input<string>; condition?: string } = {},
  ): RoleAssignment {
    const roleDefinitionId =
      typeof role === "string"
        ? pulumi.output(`${this.#subscription}/providers/${roleDefinitionType}/${builtInRoles[role]}`)
        : role.id;
    return new RoleAssignment(
      `${principal}-${name}`,
      {
        scope,
        roleAssignmentName: pulumi.all([scope, id, roleDefinitionId]).apply(guidOf),
        principalId: id,
        // Without the type, Azure looks up a new identity in Entra ID, which may not know it yet
        // (role-assignments-template.md).
        principalType: type,
        roleDefinitionId,
        ...(condition === undefined ? {} : { condition, conditionVersion: "2.0" }),
      },
      keptByScope("scope", scope),
    );
  }
}
