import { resourceType, type ResourceType, type TypeDefinition } from "../../resourceType.ts";
import { networkRefusals } from "./refusals.ts";

/** Combines what all types of Microsoft.Network share with the declaration of one of them. */
export function networkType(definition: Omit<TypeDefinition, "etag" | "refusals">): ResourceType {
  return resourceType({ ...definition, etag: true, refusals: networkRefusals });
}
