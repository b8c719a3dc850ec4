/** What each identity and each group may do. */
import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import { RoleDefinition } from "@pulumi/azure-native/authorization/roleDefinition.js";
import * as pulumi from "@pulumi/pulumi";
import { keptByScope } from "@bastion-trail/components/shared/extensionScope";
import { guidOf } from "@bastion-trail/components/shared/guidOf";
import { builtInRoles, roleDefinitionType } from "@bastion-trail/core/roles/builtInRoles";
import type { Role } from "@bastion-trail/core/roles/role";
import type { Place } from "./place.ts";

/** Somebody who gets a right. */
export interface Principal {
  /** Start of the Pulumi names of its assignments. */
  readonly name: string;
  /** Entra object id. */
  readonly id: pulumi.Input<string>;
  readonly type: "Group" | "ServicePrincipal" | "User";
}

/** A role of Azure's own, by the name in {@link builtInRoles}, or a custom one. */
export type RoleToGive = keyof typeof builtInRoles | RoleDefinition;

/** Gives rights in one subscription. */
export class Rights {
  readonly #subscription: string;
  readonly #unique: string;
  readonly #defined = new Map<string, RoleDefinition>();

  constructor({ subscriptionId, names }: Place) {
    this.#subscription = `/subscriptions/${subscriptionId}`;
    this.#unique = names.unique;
  }

  /** A custom role of the subscription, defined once for all who get it. Its name in Azure ends with what tells this bootstrap apart: it is unique in the tenant. */
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
   * @param name - of what the role is given for; with the principal's name, unique in the program.
   * @param scope - ARM id. Default: the subscription.
   * @param condition - what of the role's actions is given, and no more.
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
        // Without it, Azure looks for a new identity in Entra ID, which may not have it yet (role-assignments-template.md).
        principalType: type,
        roleDefinitionId,
        ...(condition === undefined ? {} : { condition, conditionVersion: "2.0" }),
      },
      keptByScope("scope", scope),
    );
  }
}
