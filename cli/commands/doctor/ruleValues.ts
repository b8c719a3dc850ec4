import type { SecurityGroup } from "../../azure/networkInventory.ts";
import type { SecurityRule } from "../../azure/networkSecurityRules.ts";
import { parseResourceId } from "@bastion-trail/core/links/resourceId";
import { quoted } from "../../shell.ts";

/** Values for the placeholders of a command about a network security group. */
export function groupValues({ id, name }: Pick<SecurityGroup, "id" | "name">) {
  const { resourceGroupName = "", subscriptionId = "" } = parseResourceId(id) ?? {};
  return { subscription: subscriptionId, group: quoted(resourceGroupName), nsg: quoted(name) };
}

/** Values for the placeholders of a command about one of its rules. */
export function ruleValues(group: Pick<SecurityGroup, "id" | "name">, { name }: Pick<SecurityRule, "name">) {
  return { ...groupValues(group), rule: quoted(name) };
}
