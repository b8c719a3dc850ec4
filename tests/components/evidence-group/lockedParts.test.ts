import assert from "node:assert/strict";
import { lockedPartProblems } from "../../../components/evidence-group/lockedParts.ts";
import { describeProblem } from "../../../components/shared/problem.ts";

const way = "set lock to none for this deployment, and back after it";
const kept = { audit: true, activityLogExport: true, sessionRecording: false, immutability: "off" };
const account = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.Storage/storageAccounts/central";
const host = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.Network/bastionHosts/hub";

describe("a change of a deployment with locks", () => {
  const evidence = (before: object, after: object): string[] =>
    lockedPartProblems({ evidence: { ...kept, ...before } }, { evidence: { ...kept, ...before, ...after } }).map(
      describeProblem,
    );
  const vms = (before: object[], after: object[]): string[] =>
    lockedPartProblems({ vms: before }, { vms: after }).map(describeProblem);

  it("does not delete the diagnostic setting of the stack's own host", () => {
    const refusal = `audit is false; it was true, and a lock keeps Azure from deleting the diagnostic setting of the Bastion host; ${way}`;
    assert.deepEqual(evidence({}, { audit: false }), [refusal]);
    assert.deepEqual(evidence({ existingBastionHostId: host }, { audit: false }), []);
    // The host is deleted, after its lock.
    assert.deepEqual(evidence({}, { audit: false, existingBastionHostId: host }), []);
    assert.deepEqual(evidence({ audit: false }, { audit: true }), []);
  });

  it("does not delete the lifecycle rule of the stack's own archive", () => {
    for (const immutability of ["unlocked", "locked"]) {
      assert.deepEqual(evidence({}, { immutability }), [
        `immutability is "${immutability}"; it was off, and a lock keeps Azure from deleting the lifecycle rule of the archive; ${way}`,
      ]);
      assert.deepEqual(evidence({ immutability: undefined }, { immutability }).length, 1);
      assert.deepEqual(evidence({ immutability }, { immutability: "off" }), []);
      assert.deepEqual(evidence({}, { immutability, audit: false, activityLogExport: false }).length, 1);
      assert.deepEqual(evidence({ audit: false, activityLogExport: false }, { immutability, audit: true }), []);
    }
    assert.deepEqual(evidence({ immutability: "unlocked" }, { immutability: "locked" }), []);
    assert.deepEqual(evidence({}, { immutability: undefined, existingStorageAccountId: account }), []);
  });

  it("does not delete the login extension of a VM that stays", () => {
    const web = { name: "web", login: "entraId" };
    const key = { name: "key", login: "sshKey" };
    assert.deepEqual(vms([web, key], [key, { ...web, login: "password" }]), [
      `vms[1].login is "password"; it was entraId, and a lock keeps Azure from deleting the login extension of the VM; ${way}`,
    ]);
    assert.deepEqual(vms([web, key], [key]), []);
    assert.deepEqual(vms([web], [{ name: "web2", login: "sshKey" }]), []);
    assert.deepEqual(vms([key], [{ ...key, login: "entraId" }]), []);
  });

  it("is compared with nothing that an earlier version did not record", () => {
    assert.deepEqual(
      lockedPartProblems({}, { evidence: { ...kept, audit: false }, vms: [{ name: "a", login: "sshKey" }] }),
      [],
    );
    assert.deepEqual(vms([{ name: "web" }], [{ name: "web", login: "password" }]), []);
    assert.deepEqual(vms([{ name: "web", login: "entraId" }], [{ name: "web" }]), []);
  });
});
