import { objectAt, textAt } from "./json.ts";
import type { Resource } from "./resource.ts";
import { badRequest, type ArmError } from "./armError.ts";
import { resourceGroupOf, sameId } from "./ids.ts";

type Test = (resource: Resource) => boolean;

type Members = Readonly<Record<string, (resource: Resource) => string>>;

const allMembers: Members = {
  resourcetype: (resource) => resource.type,
  resourcegroup: (resource) => resourceGroupOf(resource.id) ?? "",
  name: (resource) => resource.name,
  location: (resource) => textAt(resource.body, "location") ?? "",
};

/**
 * Parses the `$filter` of `GET .../resources`: `resourceType`, `resourceGroup`, `name`, `location` with eq or ne,
 * `tagName` with `tagValue`, and `startswith(tagName, ...)`, joined by `and`.
 * @throws ArmError InvalidFilterInQueryString
 */
export function resourceFilter(filter: string | null, members = allMembers): Test {
  if (filter === null || filter.trim() === "") return () => true;
  const tests: Test[] = [];
  let tagName: string | undefined;
  for (const clause of filter.split(/\s+and\s+/i)) {
    const prefix = /^\s*startswith\(\s*tagname\s*,\s*'((?:[^']|'')*)'\s*\)\s*$/i.exec(clause)?.[1];
    if (prefix !== undefined) {
      tests.push(hasTagStartingWith(prefix.replaceAll("''", "'")));
      continue;
    }
    const [, member = "", operator = "", quoted] =
      /^\s*\(?\s*(\w+)\s+(eq|ne)\s+'((?:[^']|'')*)'\s*\)?\s*$/i.exec(clause) ?? [];
    if (quoted === undefined) throw refuse(filter, clause, members);
    const value = quoted.replaceAll("''", "'");
    const equal = operator.toLowerCase() === "eq";
    const read = members[member.toLowerCase()];
    if (read !== undefined) tests.push((resource) => sameId(read(resource), value) === equal);
    else if (equal && member.toLowerCase() === "tagname" && tagName === undefined) {
      tagName = value;
      tests.push((resource) => tagOf(resource, value) !== undefined);
    } else if (equal && member.toLowerCase() === "tagvalue" && tagName !== undefined) {
      const name = tagName;
      tests.push((resource) => tagOf(resource, name) === value);
    } else throw refuse(filter, clause, members);
  }
  return (resource) => tests.every((test) => test(resource));
}

/** Like `resourceFilter`, for the list of one type, which is filtered only by tags ("Resource Groups - List"). */
export function tagFilter(filter: string | null): Test {
  return resourceFilter(filter, {});
}

/** Tag names are matched case-insensitively, tag values case-sensitively (Azure Resource Manager, tag-resources.md). */
function tagOf(resource: Resource, name: string): unknown {
  return Object.entries(objectAt(resource.body, "tags")).find(([key]) => sameId(key, name))?.[1];
}

function hasTagStartingWith(prefix: string): Test {
  return ({ body }) =>
    Object.keys(objectAt(body, "tags")).some((key) => key.toLowerCase().startsWith(prefix.toLowerCase()));
}

function refuse(filter: string, clause: string, members: Members): ArmError {
  const others = members === allMembers ? "resourceType, resourceGroup, name and location eq or ne '{value}', " : "";
  return badRequest(
    "InvalidFilterInQueryString",
    `Invalid $filter '${filter}' specified in the query string: '${clause.trim()}' is not supported. Supported are ${others}tagName eq '{name}' and tagValue eq '{value}', and startswith(tagName, '{start}'), joined by and.`,
  );
}
