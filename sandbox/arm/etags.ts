import type { Resource } from "./resource.ts";

/** Returns a weak entity tag, as Azure writes it in a body. */
export function wireEtag(resource: Pick<Resource, "etag">): string {
  return `W/"${resource.etag}"`;
}

/** Returns an entity tag of a request as a resource has it. */
export function bareEtag(tag: string): string {
  return tag.trim().replace(/^W\//, "").replaceAll('"', "");
}
