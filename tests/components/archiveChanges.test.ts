import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { archiveOptions } from "../../components/archiveChanges.ts";
import { abandonsUnlockedPolicy, archiveChangeProblems } from "../../components/archiveRules.ts";
import { acceptHooks } from "./recordedProgram.ts";

const created = {
  resourceGroupName: "rg",
  bastionLocation: "westeurope",
  accountNamePrefix: "audit",
  immutability: "off",
};
const locked = { ...created, immutability: "locked", immutabilityDays: 365 };
const adopted = { ...created, existingStorageAccountId: "/subscriptions/s/…/storageAccounts/central" };

describe("a change of a deployed archive", () => {
  describe("is refused", () => {
    const move = (key: string, was: string, wanted: string) => [
      {
        key,
        value: wanted,
        reason: `the archive was made with ${was} and cannot move: Azure would delete it with all the evidence in it. Keep ${was}, and deploy ${wanted} as a stack of its own or after this one is destroyed`,
      },
    ];

    it("when it moves to another region", () => {
      assert.deepEqual(
        archiveChangeProblems(created, { ...created, bastionLocation: "northeurope" }),
        move("bastionLocation", "westeurope", "northeurope"),
      );
    });

    it("when it moves to another resource group", () => {
      assert.deepEqual(
        archiveChangeProblems(created, { ...created, resourceGroupName: "rg2" }),
        move("resourceGroupName", "rg", "rg2"),
      );
    });

    it("when it gets another name", () => {
      assert.deepEqual(
        archiveChangeProblems(created, { ...created, accountNamePrefix: "logs" }),
        move("accountNamePrefix", "audit", "logs"),
      );
    });

    it("when another account takes the place of the created one", () => {
      assert.deepEqual(archiveChangeProblems(created, adopted), [
        {
          key: "existingStorageAccountId",
          value: adopted.existingStorageAccountId,
          reason:
            "this stack created its own archive, which would be deleted with all its logs. Adopt the account in a stack of its own",
        },
      ]);
    });

    for (const immutability of ["unlocked", "off"]) {
      it(`when a locked policy is to become ${immutability}`, () => {
        assert.deepEqual(archiveChangeProblems(locked, { ...locked, immutability }), [
          {
            key: "immutability",
            value: immutability,
            reason: "the policy is locked; a locked policy can never be unlocked or deleted",
          },
        ]);
      });
    }

    it("when a locked policy is shortened", () => {
      assert.deepEqual(archiveChangeProblems(locked, { ...locked, immutabilityDays: 364 }), [
        {
          key: "immutabilityDays",
          value: 364,
          reason: "the policy is locked at 365 days; a locked policy can only be lengthened",
        },
      ]);
    });

    it("for all its reasons at once", () => {
      const problems = archiveChangeProblems(locked, {
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

  describe("is accepted", () => {
    for (const [what, from, to] of [
      ["when the region is spelled differently", created, { ...created, bastionLocation: "West Europe" }],
      ["when nothing changes", locked, locked],
      ["when the resource group is spelled differently", created, { ...created, resourceGroupName: "RG" }],
      ["when a locked policy is lengthened", locked, { ...locked, immutabilityDays: 730 }],
      ["when a policy is added", created, { ...created, immutability: "unlocked", immutabilityDays: 30 }],
      [
        "when an unlocked policy is shortened",
        { ...created, immutability: "unlocked", immutabilityDays: 30 },
        { ...created, immutability: "unlocked", immutabilityDays: 1 },
      ],
      ["when an unlocked policy is locked", { ...created, immutability: "unlocked", immutabilityDays: 30 }, locked],
      ["when a value is not known yet", created, { ...created, resourceGroupName: undefined }],
      ["when an adopted account is exchanged", adopted, { ...adopted, existingStorageAccountId: "/other" }],
      ["when an adopted account is given up", adopted, { ...created, bastionLocation: "eastus" }],
    ] as const) {
      it(what, () => {
        assert.deepEqual(archiveChangeProblems(from, to), []);
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

describe("the hook of an archive", () => {
  async function hook(): Promise<pulumi.ResourceHook> {
    await pulumi.runtime.setMocks({
      newResource: ({ inputs }) => ({ id: "", state: inputs as object }),
      call: () => ({}),
    });
    acceptHooks();
    const [first] = [archiveOptions("trail", undefined).hooks?.beforeUpdate ?? []].flat();
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

  it("lets any other change pass", async () => {
    const { callback } = await hook();
    await callback({ ...about, oldInputs: locked, newInputs: { ...locked, immutabilityDays: 366 } });
  });

  it("is added to the hooks that the caller gives", async () => {
    const own = await hook();
    const options = archiveOptions("other", { hooks: { beforeUpdate: [own] }, protect: true });
    assert.equal(options.protect, true);
    assert.deepEqual(
      options.hooks?.beforeUpdate?.map(({ name }) => name),
      ["trail-keeps-evidence", "other-keeps-evidence", "other-leaves-policy"],
    );
  });
});
