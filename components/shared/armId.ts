/** ARM ids as arguments: of the right type, where to look them up, and whether Azure found the thing that was meant. */
import { parseResourceId } from "@bastion-trail/core/links/resourceId";
import type { Problem } from "./validate.ts";

/** The reason for which a value is no ARM id of a type, if there is one. */
export function idProblems(key: string, value: string | undefined, type: string): Problem[] {
  return value === undefined || isSame(parseResourceId(value)?.type, type)
    ? []
    : [{ key, value, reason: `must be the ARM id of a ${type} resource` }];
}

/**
 * azure-native's functions find a resource by its names alone, in the provider's own subscription.
 * @returns the reason for which what they found is not what the id says, if there is one.
 */
export function identityProblems(key: string, wanted: string, found: string | undefined): Problem[] {
  return found === undefined || isSame(found, wanted)
    ? []
    : [{ key, value: wanted, reason: `must be in the provider's own subscription; the lookup there found ${found}` }];
}

/** Where azure-native's functions find a resource of a resource group. */
export function locate(id: string): { resourceGroupName: string; name: string } {
  const parsed = parseResourceId(id);
  if (parsed === undefined) {
    throw new Error(`${id} is no ARM resource id`);
  }
  return { resourceGroupName: parsed.resourceGroupName, name: parsed.name };
}

/** Name of the resource that an id stands for. */
export function nameIn(id: string): string | undefined {
  return parseResourceId(id)?.name;
}

/** Id of the virtual network that a subnet is in. */
export function virtualNetworkIdOf(subnetId: string): string {
  return subnetId.replace(/\/subnets\/[^/]+$/i, "");
}

/** ARM ids, types and names are case-insensitive. */
export function isSame(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}
