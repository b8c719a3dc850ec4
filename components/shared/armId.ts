/**
 * ARM ids as arguments: whether they have the right type, where to look them up, and whether Azure found the right
 * resource.
 */
import { parseResourceId } from "@bastion-trail/core/links/resourceId";
import { guid } from "@bastion-trail/core/rules/guid";
import type { Problem } from "./validate.ts";

/** Returns the reason why a value is not an ARM id of a type, if any. */
export function idProblems(key: string, value: string | undefined, type: string): Problem[] {
  return value === undefined || isIdOf(value, type)
    ? []
    : [{ key, value, reason: `must be the ARM id of a ${type} resource` }];
}

/** Whether a text is an ARM id of a type, with the GUID of a subscription, and not a template of one. */
function isIdOf(id: string, type: string): boolean {
  const parsed = parseResourceId(id);
  const isFilledIn = guid.test(parsed?.subscriptionId ?? "") && !/[<>{}\s]/.test(id);
  return isFilledIn && isSame(parsed?.type, type);
}

/**
 * azure-native's functions find a resource by its names alone, in the provider's own subscription.
 * @returns the reason why the resource found is not the one that the id names, if any.
 */
export function identityProblems(key: string, wanted: string, found: string | undefined): Problem[] {
  return found === undefined || isSame(found, wanted)
    ? []
    : [{ key, value: wanted, reason: `must be in the provider's own subscription; the lookup there found ${found}` }];
}

/** Returns the names by which azure-native's functions find a resource of a resource group. */
export function locate(id: string): { resourceGroupName: string; name: string } {
  const parsed = parseResourceId(id);
  if (parsed === undefined) {
    throw new Error(`${id} is not an ARM resource id`);
  }
  return { resourceGroupName: parsed.resourceGroupName, name: parsed.name };
}

/** Returns the name of the resource that an id identifies. */
export function nameIn(id: string): string | undefined {
  return parseResourceId(id)?.name;
}

/** Returns the id of the virtual network of a subnet. */
export function virtualNetworkIdOf(subnetId: string): string {
  return subnetId.replace(/\/subnets\/[^/]+$/i, "");
}

/** ARM ids, types and names are case-insensitive. */
export function isSame(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}
