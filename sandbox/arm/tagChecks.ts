/** Which tags a resource can have (azure-docs, tag-resources.md, "Limitations"). */
import { badRequest } from "./armError.ts";
import { objectAt, type JsonObject } from "./json.ts";
import { sameId } from "./ids.ts";

const mostTags = 50;
const longestValue = 256;
const reservedPrefixes = ["azure", "microsoft", "windows"];

/**
 * Checks the tags in the body of a resource.
 * @throws ArmError `TooManyTags`, `InvalidTagName`, `InvalidTagNameCharacters`, `ReservedTagNamePrefix`,
 * `InvalidTagValueLength`.
 */
export function requireTags(body: JsonObject, type: string): void {
  const tags = Object.entries(objectAt(body, "tags"));
  if (tags.length > mostTags) {
    throw badRequest(
      "TooManyTags",
      `Too many tags on the resource/resource group. Requested tag count - '${tags.length}'. Maximum number of tags allowed - '${mostTags}'.`,
    );
  }
  for (const [name, value] of tags) {
    requireTagName(name, type);
    if (typeof value === "string" && value.length > longestValue) {
      throw badRequest(
        "InvalidTagValueLength",
        `Tag value too large. Following tag value '${value}' exceeded the maximum length. Maximum allowed length for tag value - '${longestValue}' characters.`,
      );
    }
  }
}

function requireTagName(name: string, type: string): void {
  const longest = sameId(type, "Microsoft.Storage/storageAccounts") ? 128 : 512;
  if (name === "") throw badRequest("InvalidTagName", "The tag name must be non-empty.");
  if (name.length > longest) {
    throw badRequest(
      "InvalidTagName",
      `Tag name too large. Following tag name '${name}' exceeded the maximum length. Maximum allowed length for tag name - '${longest}' characters.`,
    );
  }
  if (/[<>%&\\?/\p{Cc}]/u.test(name)) {
    throw badRequest(
      "InvalidTagNameCharacters",
      `The tag names '${name}' have reserved characters '<,>,%,&,\\,?,/' or control characters.`,
    );
  }
  const prefix = reservedPrefixes.find((reserved) => name.toLowerCase().startsWith(reserved));
  if (prefix !== undefined) {
    throw badRequest("ReservedTagNamePrefix", `The tag name '${name}' starts with the reserved prefix '${prefix}'.`);
  }
}
