/**
 * Changes that would delete a part of a locked resource: Azure refuses that in the middle of the deployment
 * (`ScopeLocked`), because a lock also covers what is below its scope. Pure rules; EvidenceGroup applies them because
 * it is always registered.
 */
import { Immutability, isImmutable } from "../audit-archive/archiveRules.ts";
import { VmLogin } from "../jit-virtual-machine/vmLogin.ts";
import { type HookInputs, isGiven, membersOf } from "../shared/hookInputs.ts";
import type { Problem } from "../shared/validate.ts";
import { keepsLogs } from "./evidenceLosses.ts";

/** Returns every change of the recorded settings that deletes a part of a resource, if all resources are locked. */
export function lockedPartProblems(before: HookInputs, after: HookInputs): Problem[] {
  const [was, wanted] = [membersOf(before.evidence), membersOf(after.evidence)];
  return [
    ...diagnosticSettingProblems(was, wanted),
    ...retentionRuleProblems(was, wanted),
    ...loginProblems(before, after),
  ];
}

/** A setting is below its host. An adopted host has no lock of the stack. */
function diagnosticSettingProblems(was: HookInputs, wanted: HookInputs): Problem[] {
  const isOwnHost = !isGiven(was.existingBastionHostId) && !isGiven(wanted.existingBastionHostId);
  return isOwnHost && was.audit === true && wanted.audit === false
    ? [locked("audit", false, "true", "the diagnostic setting of the Bastion host")]
    : [];
}

/** An immutable archive has no lifecycle rule. */
function retentionRuleProblems(was: HookInputs, wanted: HookInputs): Problem[] {
  const isOwnArchive = !isGiven(was.existingStorageAccountId) && !isGiven(wanted.existingStorageAccountId);
  return isOwnArchive &&
    keepsLogs(was) &&
    keepsLogs(wanted) &&
    !isImmutable(was.immutability) &&
    isImmutable(wanted.immutability)
    ? [locked("immutability", wanted.immutability, Immutability.Off, "the lifecycle rule of the archive")]
    : [];
}

/** The login with Entra ID is an extension of the VM. */
function loginProblems(before: HookInputs, after: HookInputs): Problem[] {
  const old = new Map(vmsIn(before).map(({ name, login }) => [name, login]));
  return vmsIn(after).flatMap(({ name, login }, index) =>
    old.get(name) === VmLogin.EntraId && login !== undefined && login !== VmLogin.EntraId
      ? [locked(`vms[${index}].login`, login, VmLogin.EntraId, "the login extension of the VM")]
      : [],
  );
}

function locked(key: string, value: unknown, was: string, part: string): Problem {
  const reason = `it was ${was}, and a lock keeps Azure from deleting ${part}; set lock to none for this deployment, and back after it`;
  return { key, value, reason };
}

function vmsIn({ vms }: HookInputs): { readonly name?: unknown; readonly login?: unknown }[] {
  return Array.isArray(vms) ? vms.map(membersOf) : [];
}
