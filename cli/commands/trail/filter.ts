/** Filters the sessions that `trail` shows. */
import { acceptanceIn, type AcceptedSession } from "../../acceptedFindings.ts";
import { isSamePerson } from "../../audit/records/personName.ts";
import { vmNameOf } from "../../audit/records/vmNameOf.ts";
import type { TrailGrant, TrailLink, TrailRow, TrailRuleRow, Verdict } from "../../audit/trail/types.ts";
import { isBeginning, typedId } from "../../names/idPrefix.ts";
import { isSameIgnoringCase } from "../../names/ignoringCase.ts";
import { isVm } from "../../names/vmName.ts";

export interface TrailFilter {
  readonly user?: string | undefined;
  readonly vm?: string | undefined;
  readonly request?: string | undefined;
  readonly session?: string | undefined;
  readonly verdict?: readonly Verdict[] | undefined;
  readonly link?: TrailLink | undefined;
}

/** @returns a test of one session. All filters must match. */
export function sessionTest({ user, vm, request, session, verdict, link }: TrailFilter): (row: TrailRow) => boolean {
  return (row) =>
    (user === undefined || isSamePerson(row.person, user) || isSameIgnoringCase(row.account, user)) &&
    (vm === undefined || isVm({ id: row.vm, name: row.vmName }, vm)) &&
    (request === undefined || requestIds(row).some((id) => isBeginning(typedId(request), id))) &&
    (session === undefined || isSession(row, session)) &&
    (verdict === undefined || verdict.includes(row.verdict)) &&
    (link === undefined || row.link === link);
}

/** @returns a test of one grant by person, VM and request. */
export function grantTest({ user, vm, request }: TrailFilter): (grant: TrailGrant) => boolean {
  return (grant) =>
    (user === undefined || isSamePerson(grant.by, user)) &&
    (vm === undefined || isVm({ id: grant.vm, name: grant.vmName }, vm)) &&
    (request === undefined || [grant.id, grant.correlationId].some((id) => isBeginning(typedId(request), id ?? "")));
}

/**
 * @returns a test of one rule by VM and request. A rule with unknown VMs matches every VM, so that it is not missed.
 */
export function ruleTest({ vm, request }: TrailFilter): (rule: TrailRuleRow) => boolean {
  return (rule) =>
    (vm === undefined || rule.vms.length === 0 || rule.vms.some((id) => isVm({ id, name: vmNameOf(id) }, vm))) &&
    (request === undefined || [rule.request, rule.correlationId].some((id) => isBeginning(typedId(request), id ?? "")));
}

/** Whether a text is the id of a session or of its tunnel, or a prefix of one. */
export function isSession({ id, tunnelId }: Pick<TrailRow, "id" | "tunnelId">, typed: string): boolean {
  return [id, ...(tunnelId === null ? [] : [tunnelId])].some((one) => isBeginning(typedId(typed), one));
}

/**
 * The session with its acceptance, if there is one.
 * @param used gets every entry that matches.
 */
export function withAcceptance(
  row: TrailRow,
  accepted: readonly AcceptedSession[],
  used?: Set<AcceptedSession>,
): TrailRow {
  const acceptance = acceptanceIn(
    accepted,
    ({ session, verdict, vm, person, rule }) =>
      (session === undefined || isSession(row, session)) &&
      (verdict === undefined || row.verdict === verdict) &&
      (vm === undefined || isVm({ id: row.vm, name: row.vmName }, vm)) &&
      (person === undefined || isSamePerson(row.person, person)) &&
      (rule === undefined || isSameIgnoringCase(row.rule?.name ?? null, rule)),
    used,
  );
  return acceptance === null ? row : { ...row, accepted: acceptance };
}

function requestIds({ request, candidates }: TrailRow): string[] {
  return [request, ...candidates.map((candidate) => candidate.request)].flatMap((one) =>
    one === null ? [] : [one.id, one.correlationId ?? ""],
  );
}
