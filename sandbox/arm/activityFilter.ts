import { badRequest, type ArmError } from "./armError.ts";

/** A parsed `$filter` of `eventtypes/management/values`. */
export interface ActivityFilter {
  /** ISO 8601 UTC. */
  readonly from: string;
  readonly until: string | undefined;
  readonly equal: readonly { readonly member: FilterMember; readonly value: string }[];
}

/**
 * At most one of these is allowed besides the times ("The $filter argument is very restricted and allows only the
 * following patterns").
 */
const patterns = ["resourcegroupname", "resourceuri", "resourceid", "resourceprovider", "correlationid"] as const;
/** Added by `az monitor activity-log list`; Azure accepts them besides a pattern. */
const additions = ["eventchannels", "caller", "status"] as const;
export type FilterMember = (typeof patterns)[number] | (typeof additions)[number];

const supported =
  "Supported are: eventTimestamp ge '{time}' and eventTimestamp le '{time}', followed by at most one of resourceGroupName, " +
  "resourceUri, resourceId, resourceProvider, correlationId eq '{value}', and by eventChannels, caller or status eq '{value}'.";

/** Days for which Azure keeps an event (azure-monitor-docs, activity-log.md). */
const keptDays = 90;

/** Returns the time of the oldest event that Azure still keeps. */
export function oldestEvent(now: Date): string {
  return new Date(now.getTime() - keptDays * 24 * 60 * 60 * 1000).toISOString();
}

/**
 * Parses the filter, which must start with a time. The activity log supports these patterns and no other OData.
 * @param now time on the sandbox clock; events are kept for 90 days.
 * @throws ArmError BadRequest
 */
export function parseActivityFilter(filter: string | null, now: Date): ActivityFilter {
  if (filter === null || filter.trim() === "") throw refuse("The $filter query parameter is missing.");
  let from: string | undefined;
  let until: string | undefined;
  const equal: { member: FilterMember; value: string }[] = [];
  for (const clause of splitClauses(filter)) {
    const [, name = "", operator = "", quoted = "", plain = ""] =
      /^(\w+)\s+(\w+)\s+(?:'((?:[^']|'')*)'|(\S+))$/i.exec(clause) ?? [];
    const member = name.toLowerCase();
    const value = (quoted === "" ? plain : quoted).replaceAll("''", "'");
    const comparison = operator.toLowerCase();
    if (member === "eventtimestamp" && comparison === "ge" && from === undefined) from = readTime(value);
    else if (member === "eventtimestamp" && comparison === "le" && until === undefined) until = readTime(value);
    else if (comparison === "eq" && isFilterMember(member) && !equal.some((other) => other.member === member))
      equal.push({ member, value });
    else throw refuse(`The clause "${clause}" is not supported.`);
  }
  if (from === undefined) throw refuse("The clause eventTimestamp ge '{time}' is missing.");
  if (equal.filter(({ member }) => patterns.some((pattern) => pattern === member)).length > 1) {
    throw refuse(
      "More than one of resourceGroupName, resourceUri, resourceId, resourceProvider and correlationId is given.",
    );
  }
  const oldest = oldestEvent(now);
  if (from < oldest)
    throw refuse(`The start time '${from}' is more than ${keptDays} days in the past; the oldest one is '${oldest}'.`);
  if (until !== undefined && until < from) throw refuse(`The end time '${until}' is before the start time '${from}'.`);
  return { from, until, equal };
}

/** Splits at `and`, except inside quotes. */
function splitClauses(filter: string): string[] {
  const parts = filter.match(/(?:'(?:[^']|'')*'|[^'])+?(?=\s+and\s+(?=(?:[^']*'[^']*')*[^']*$)|$)/gi) ?? [];
  return parts.map((part) => part.replace(/^\s*and\s+/i, "").trim());
}

function readTime(value: string): string {
  const time = new Date(/(Z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`);
  if (Number.isNaN(time.getTime())) throw refuse(`'${value}' is not a time.`);
  return time.toISOString();
}

function isFilterMember(member: string): member is FilterMember {
  return [...patterns, ...additions].some((known) => known === member);
}

function refuse(reason: string): ArmError {
  return badRequest("BadRequest", `The $filter is invalid. ${reason} ${supported}`);
}
