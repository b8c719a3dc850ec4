import { acceptanceIn, type Accepted, type AcceptedFinding } from "../../acceptedFindings.ts";
import type { Acceptance } from "../../audit/trail/types.ts";
import { nameOf } from "../../azure/read.ts";
import { docs } from "../../documentation.ts";
import { isSameIgnoringCase } from "../../names/ignoringCase.ts";
import { unknownNames } from "../../names/didYouMean.ts";
import { UserError } from "../../errors.ts";
import { catalogue } from "./catalogue.ts";
import type { FoundByCheck } from "./finding.ts";

/** Which findings are known. */
export interface Known {
  /** Whether `--ignore` names it. */
  isIgnored(finding: FoundByCheck): boolean;
  /** What the file of `--accept` says about it. */
  acceptanceOf(finding: FoundByCheck): Acceptance | null;
  /** The list in that file. */
  readonly accepted: Accepted<AcceptedFinding>;
  /** The entries in it that match a finding so far. */
  readonly used: ReadonlySet<AcceptedFinding>;
}

/**
 * Parses `--ignore CODE`, for all resources, and `--ignore CODE=RESOURCE`, for the resource of that name or ARM id.
 * @param accepted the list in the file that `--accept` names.
 * @throws UserError for an unknown code: otherwise a renamed code would stop being ignored without notice.
 */
export function knownBy(texts: readonly string[], accepted: Accepted<AcceptedFinding>): Known {
  const given = texts.map((text) => {
    const [code = "", ...rest] = text.split("=");
    return { code, resource: rest.length === 0 ? undefined : rest.join("=") };
  });
  const unknown = [...given, ...accepted.entries]
    .map(({ code }) => code)
    .filter((code) => !Object.hasOwn(catalogue, code));
  if (unknown.length > 0) {
    throw new UserError(
      unknownNames("finding", unknown, Object.keys(catalogue)),
      `Use a finding's code, such as immutability-off; ${docs("cli.md#findings")} lists all of them.`,
    );
  }
  const unnamed = given.filter(({ resource }) => resource?.trim() === "");
  if (unnamed.length > 0) {
    throw new UserError(
      `--ignore ${unnamed.map(({ code }) => `${code}=`).join(", ")} names no resource.`,
      "Put its name or ARM id after =, or leave out = to ignore the finding of every resource.",
    );
  }
  const used = new Set<AcceptedFinding>();
  return {
    isIgnored: (finding) => given.some((entry) => isOf(entry, finding)),
    accepted,
    used,
    acceptanceOf: (finding) => acceptanceIn(accepted.entries, (entry) => isOf(entry, finding), used),
  };
}

function isOf({ code, resource }: { code: string; resource?: string | undefined }, finding: FoundByCheck): boolean {
  return (
    code === finding.code &&
    (resource === undefined ||
      isSameIgnoringCase(resource.startsWith("/") ? finding.resource : nameOf(finding.resource), resource))
  );
}
