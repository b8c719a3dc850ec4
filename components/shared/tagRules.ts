/** Which tags Azure accepts. Source: "Use tags to organize your Azure resources" (azure-docs, tag-resources.md, "Limitations"). */
import { type Problem, textForm } from "./problem.ts";

const mostTags = 50;
/** 512 in general, but 128 on storage accounts. */
const longestName = 128;
const longestValue = 256;
const reservedPrefixes = ["azure", "microsoft", "windows"];

/**
 * Returns every reason why Azure would refuse the tags.
 * @param tags - values by name. The values are checked too, because config and JavaScript callers can pass anything.
 */
export function tagProblems(tags: Readonly<Record<string, unknown>>): Problem[] {
  const names = Object.keys(tags);
  const firstOfName = new Map<string, string>();
  return [
    ...(names.length > mostTags
      ? [{ key: "tags", value: names, reason: `has ${names.length} tags; Azure allows at most ${mostTags}` }]
      : []),
    ...names.flatMap((name) => {
      const [key, value] = [`tags.${name}`, tags[name]];
      const first = firstOfName.get(name.toLowerCase());
      firstOfName.set(name.toLowerCase(), first ?? name);
      return [
        ...nameFaults(name),
        ...valueFaults(value),
        ...(first === undefined ? [] : [`differs from tags.${first} only in case; Azure treats both as one tag`]),
      ].map((reason) => ({ key, value, reason }));
    }),
  ];
}

function nameFaults(name: string): string[] {
  const prefix = reservedPrefixes.find((reserved) => name.toLowerCase().startsWith(reserved));
  return [
    ...(name.length >= 1 && name.length <= longestName
      ? []
      : [`a tag name must be 1 to ${longestName} characters; this one has ${name.length}`]),
    ...(/[<>%&\\?/\p{Cc}]/u.test(name) ? ["a tag name cannot contain < > % & \\ ? / or control characters"] : []),
    ...(prefix === undefined ? [] : [`a tag name cannot start with ${prefix}, which Azure reserves`]),
  ];
}

function valueFaults(value: unknown): string[] {
  if (typeof value !== "string") return [textForm(value)];
  return value.length <= longestValue
    ? []
    : [`a tag value must be at most ${longestValue} characters; this one has ${value.length}`];
}
