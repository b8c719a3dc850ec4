import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { archiveOptions } from "../../../components/audit-archive/archiveChanges.ts";
import { policyLosses, presentPolicyProblems } from "../../../components/audit-archive/containerImmutability.ts";
import { lifecycleLosses } from "../../../components/shared/logRetention.ts";
import {
  abandonsUnlockedPolicy,
  archiveLosses,
  impossibleArchiveChanges,
} from "../../../components/audit-archive/archiveRules.ts";
import { acceptHooks } from "../recordedProgram.ts";

const created = {
  resourceGroupName: "rg",
  bastionLocation: "westeurope",
  accountNamePrefix: "audit",
  immutability: "off",
};
const locked = { ...created, immutability: "locked", immutabilityDays: 365 };
const adopted = { ...created, existingStorageAccountId: "/subscriptions/s/…/storageAccounts/central" };

const unlocked = { ...created, immutability: "unlocked", immutabilityDays: 30 };

describe("a change of a deployed archive", () => {
  describe("is impossible", () => {
    const move = (key: string, was: string, wanted: string) => [
      {
        key,
        value: wanted,
        reason: `it was ${was}, and the archive cannot move: Azure would delete it with all evidence in it. Set it back, and deploy ${wanted} as a stack of its own or after destroying this one`,
      },
    ];
    for (const [what, key, was, wanted] of [
      ["to another region", "bastionLocation", "westeurope", "northeurope"],
      ["to another resource group", "resourceGroupName", "rg", "rg2"],
      ["to another name", "accountNamePrefix", "audit", "logs"],
    ] as const) {
      it(`when it moves ${what}`, () => {
        assert.deepEqual(impossibleArchiveChanges(created, { ...created, [key]: wanted }), move(key, was, wanted));
      });
    }

    for (const immutability of ["unlocked", "off"]) {
      it(`when a locked policy is to become ${immutability}`, () => {
        assert.deepEqual(impossibleArchiveChanges(locked, { ...locked, immutability }), [
          {
            key: "immutability",
            value: immutability,
            reason: "the policy is locked; a locked policy can never be unlocked or deleted",
          },
        ]);
      });
    }

    it("when a locked policy is shortened", () => {
      assert.deepEqual(impossibleArchiveChanges(locked, { ...locked, immutabilityDays: 364 }), [
        {
          key: "immutabilityDays",
          value: 364,
          reason: "the policy is locked at 365 days; a locked policy can only be lengthened",
        },
      ]);
    });

    it("for all its reasons at once", () => {
      const problems = impossibleArchiveChanges(locked, {
        ...locked,
        bastionLocation: "eastus",
        resourceGroupName: "rg2",
        immutability: "off",
      });
      assert.deepEqual(
        problems.map(({ key }) => key),
        ["bastionLocation", "resourceGroupName", "immutability"],
      );
    });
  });

  describe("loses evidence", () => {
    it("when an adopted account takes the place of the created one", () => {
      assert.deepEqual(archiveLosses(created, adopted), [
        {
          key: "existingStorageAccountId",
          value: adopted.existingStorageAccountId,
          reason: "Azure would delete the archive that this stack created, with all logs in it",
        },
      ]);
    });

    it("when an unlocked policy is given up", () => {
      assert.deepEqual(archiveLosses(unlocked, created), [
        {
          key: "immutability",
          value: "off",
          reason: "it was unlocked: logs in the archive could be changed, and deleted before their time",
        },
      ]);
    });

    const lifecycle = (days: number) => ({
      policy: {
        rules: [
          { name: "somebody-else's", definition: { actions: { baseBlob: { delete: {} } } } },
          {
            name: "delete-logs-after-retention",
            definition: { actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: days } } } },
          },
        ],
      },
    });

    it("when the lifecycle rule deletes logs earlier", () => {
      assert.deepEqual(lifecycleLosses(lifecycle(365), lifecycle(1)), [
        {
          key: "retentionDays",
          value: 1,
          reason: "it was 365: the archive would delete logs after 1 day instead of 365 days",
        },
      ]);
      assert.deepEqual(lifecycleLosses(lifecycle(365), lifecycle(366)), []);
      assert.deepEqual(lifecycleLosses({}, lifecycle(1)), []);
      assert.deepEqual(lifecycleLosses({ policy: {} }, lifecycle(1)), []);
    });

    it("when the immutability policy gets shorter", () => {
      const policy = (days: number) => ({ immutabilityPeriodSinceCreationInDays: days });
      assert.deepEqual(policyLosses(policy(30), policy(29)), [
        {
          key: "immutabilityDays",
          value: 29,
          reason: "it was 30: logs could be changed and deleted after 29 days instead of 30 days",
        },
      ]);
      assert.deepEqual(policyLosses(policy(30), policy(30)), []);
      assert.deepEqual(policyLosses({}, policy(30)), []);
    });
  });

  describe("is accepted", () => {
    for (const [what, from, to] of [
      ["when the region is spelled differently", created, { ...created, bastionLocation: "West Europe" }],
      ["when nothing changes", locked, locked],
      ["when the resource group is spelled differently", created, { ...created, resourceGroupName: "RG" }],
      ["when a locked policy is lengthened", locked, { ...locked, immutabilityDays: 730 }],
      ["when a policy is added", created, unlocked],
      ["when an unlocked policy is locked", unlocked, locked],
      ["when a value is not known yet", created, { ...created, resourceGroupName: undefined }],
      ["when an adopted account is exchanged", adopted, { ...adopted, existingStorageAccountId: "/other" }],
      ["when an adopted account is given up", adopted, { ...created, bastionLocation: "eastus" }],
    ] as const) {
      it(what, () => {
        assert.deepEqual([...impossibleArchiveChanges(from, to), ...archiveLosses(from, to)], []);
      });
    }
  });

  it("leaves a policy behind only where an unlocked one is no longer asked for", () => {
    assert.equal(abandonsUnlockedPolicy({ immutability: "unlocked" }, { immutability: "off" }), true);
    assert.equal(abandonsUnlockedPolicy({ immutability: "unlocked" }, {}), true);
    assert.equal(abandonsUnlockedPolicy({ immutability: "unlocked" }, { immutability: "locked" }), false);
    assert.equal(abandonsUnlockedPolicy({ immutability: "off" }, { immutability: "off" }), false);
  });
});

describe("an immutability policy to create", () => {
  const place = { accountName: "audit1", containerName: "logs" };

  it("takes the place of none, which Azure shows as one of 0 days", () => {
    assert.deepEqual(presentPolicyProblems("unlocked", place, { immutabilityPeriodSinceCreationInDays: 0 }), []);
    assert.deepEqual(presentPolicyProblems("locked", place, {}), []);
  });

  it("is refused where a policy is left", () => {
    assert.deepEqual(presentPolicyProblems("unlocked", place, { immutabilityPeriodSinceCreationInDays: 10 }), [
      {
        key: "immutability",
        value: "unlocked",
        reason:
          "the container logs of the account audit1 already has a policy of 10 days that the stack does not know, such as one left by an earlier deployment; " +
          "delete it first (az storage container immutability-policy delete)",
      },
    ]);
  });
});

describe("the hook of an archive", () => {
  async function hook(allowEvidenceLoss?: boolean): Promise<pulumi.ResourceHook> {
    await pulumi.runtime.setMocks({
      newResource: ({ inputs }) => ({ id: "", state: inputs as object }),
      call: () => ({}),
    });
    acceptHooks();
    const [first] = [
      archiveOptions(`AuditArchive "trail"`, allowEvidenceLoss, undefined).hooks?.beforeUpdate ?? [],
    ].flat();
    assert.ok(pulumi.ResourceHook.isInstance(first));
    return first;
  }
  const about = {
    urn: "urn" as pulumi.URN,
    id: "" as pulumi.ID,
    name: "trail",
    type: "bastion-trail:index:AuditArchive",
  };

  it("runs in preview as well", async () => {
    assert.deepEqual((await hook()).opts, { onDryRun: true });
  });

  it("fails with the archive's name and every reason", async () => {
    const { callback } = await hook();
    await assert.rejects(
      async () => {
        await callback({ ...about, oldInputs: locked, newInputs: { ...locked, immutabilityDays: 1 } });
      },
      {
        name: "ValidationError",
        message: `AuditArchive "trail": immutabilityDays is 1; the policy is locked at 365 days; a locked policy can only be lengthened.`,
      },
    );
  });

  it("says how a loss can be accepted", async () => {
    const { callback } = await hook();
    await assert.rejects(
      async () => {
        await callback({ ...about, oldInputs: unlocked, newInputs: created });
      },
      {
        message:
          'AuditArchive "trail": immutability is "off"; it was unlocked: logs in the archive could be changed, and deleted before their time.\n' +
          "To accept the loss of this evidence, set allowEvidenceLoss to true for one deployment.",
      },
    );
  });

  it("accepts a loss where that is allowed, but nothing that is impossible", async () => {
    const { callback } = await hook(true);
    await callback({ ...about, oldInputs: unlocked, newInputs: created });
    await assert.rejects(async () => {
      await callback({ ...about, oldInputs: locked, newInputs: { ...locked, resourceGroupName: "rg2" } });
    }, /cannot move/);
  });

  it("lets any other change pass", async () => {
    const { callback } = await hook();
    await callback({ ...about, oldInputs: locked, newInputs: { ...locked, immutabilityDays: 366 } });
  });

  it("is added to the hooks that the caller gives", async () => {
    const own = await hook();
    const options = archiveOptions(`AuditArchive "other"`, undefined, {
      hooks: { beforeUpdate: [own] },
      protect: true,
    });
    assert.equal(options.protect, true);
    assert.deepEqual(
      options.hooks?.beforeUpdate?.map(({ name }) => name),
      ["AuditArchive trail keeps-evidence", "AuditArchive other keeps-evidence", "AuditArchive other leaves-policy"],
    );
  });
});
