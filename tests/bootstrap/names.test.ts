import assert from "node:assert/strict";
import fc from "fast-check";
import { namesOf } from "../../bootstrap/names.ts";

const where = {
  subscriptionId: "11111111-2222-3333-4444-555555555555",
  location: "westeurope",
  namePrefix: "bastion-trail-ci",
};

describe("the bootstrap's names", () => {
  it("are the same at every run, and fit into Azure's limits with the longest prefix", () => {
    const names = {
      unique: "bastion-trail-ci-vm6rx91",
      resourceGroup: "bastion-trail-ci",
      storageAccount: "bastiontrailcivm6rx91",
      vault: "bastion-trail-ci-vm6rx91",
      reader: "bastion-trail-ci-reader",
      auditor: "bastion-trail-ci-auditor",
      deployer: "bastion-trail-ci-deployer",
    };
    assert.deepEqual(namesOf(where), names);
    assert.deepEqual(namesOf({ ...where, subscriptionId: where.subscriptionId.toUpperCase() }), names);
    assert.equal(names.vault.length, 24);
  });

  it("differ by subscription, region and prefix where they are unique in Azure", () => {
    const others = [
      { ...where, subscriptionId: "99999999-2222-3333-4444-555555555555" },
      { ...where, location: "northeurope" },
      { ...where, namePrefix: "trail" },
    ];
    assert.equal(new Set([where, ...others].map((place) => namesOf(place).vault)).size, 4);
  });

  it("always have as many characters of the hash", () => {
    fc.assert(
      fc.property(fc.uuid(), (subscriptionId) =>
        /^abc-[a-z0-9]{7}$/.test(namesOf({ ...where, namePrefix: "abc", subscriptionId }).unique),
      ),
    );
  });
});
