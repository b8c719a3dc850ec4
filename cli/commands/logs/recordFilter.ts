/**
 * Filters the audit records that `logs --records` shows. The fold filters sessions, with the same meaning of each
 * option.
 */
import { outcomeOf } from "../../audit/records/messages.ts";
import type { AuditRecord } from "../../audit/fields.ts";
import type { SessionFilter } from "../../audit/records/types.ts";
import { isSamePerson } from "../../audit/records/personName.ts";
import { vmNameOf } from "../../audit/records/vmNameOf.ts";
import { isVm } from "../../names/vmName.ts";
import { isSameIgnoringCase, isWithin } from "../../names/ignoringCase.ts";
import { isBeginning } from "../../names/idPrefix.ts";
import { addressMatcher } from "../../audit/sessions/addressMatcher.ts";

/** @returns a test of one record. All filters must match. */
export function recordTest(filter: SessionFilter): (record: AuditRecord) => boolean {
  const { from, to, user, vm, ip, protocol, outcome, tunnel, bastion } = filter;
  const tests: ((record: AuditRecord) => boolean)[] = [
    ...(from === undefined ? [] : [({ time }: AuditRecord) => Date.parse(time) >= from.getTime()]),
    ...(to === undefined ? [] : [({ time }: AuditRecord) => Date.parse(time) < to.getTime()]),
    ...(user === undefined
      ? []
      : [({ person, account }: AuditRecord) => isSamePerson(person, user) || isSameIgnoringCase(account, user)]),
    ...(vm === undefined
      ? []
      : [
          ({ targetResourceId }: AuditRecord) =>
            isVm({ id: targetResourceId, name: targetResourceId && vmNameOf(targetResourceId) }, vm),
        ]),
    ...(ip === undefined ? [] : [addressTest(ip)]),
    ...(protocol === undefined ? [] : [(record: AuditRecord) => isSameIgnoringCase(record.protocol, protocol)]),
    ...(outcome === undefined ? [] : [({ message }: AuditRecord) => outcomeOf(message) === outcome]),
    ...(tunnel === undefined
      ? []
      : [({ tunnelId }: AuditRecord) => tunnelId !== null && isBeginning(tunnel, tunnelId)]),
    ...(bastion === undefined ? [] : [({ bastionId }: AuditRecord) => isWithin(bastionId, bastion)]),
  ];
  return (record) => tests.every((test) => test(record));
}

function addressTest(ip: string): (record: AuditRecord) => boolean {
  const matches = addressMatcher(ip);
  return ({ clientIp }) => matches(clientIp);
}
