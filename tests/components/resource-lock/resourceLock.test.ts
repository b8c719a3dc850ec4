import assert from "node:assert/strict";
import { type LockLevel, lockResource } from "../../../components/resource-lock/resourceLock.ts";
import { recordProgram } from "../recordedProgram.ts";

const scope = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/logs";

function deploy(level: LockLevel | undefined) {
  return recordProgram(() => lockResource("logs-lock", { scope, level, notes: "Evidence." }, {})?.id);
}

describe("a resource lock", () => {
  it("keeps one resource from deletion and says why", async () => {
    const { resources } = await deploy("CanNotDelete");
    assert.deepEqual(
      resources.map(({ type, name, inputs }) => ({ type, name, inputs })),
      [
        {
          type: "azure-native:authorization:ManagementLockByScope",
          name: "logs-lock",
          inputs: { scope, lockName: "logs-lock", level: "CanNotDelete", notes: "Evidence." },
        },
      ],
    );
  });

  it("is kept through an import, which reads the scope without its leading slash, and replaced for another scope", async () => {
    const [lock] = (await deploy("CanNotDelete")).resources;
    assert.deepEqual(lock?.ignoreChanges, ["scope"]);
    assert.equal(lock.replacementTrigger, scope.slice(1).toLowerCase());
  });

  for (const level of ["none", undefined] as const) {
    it(`is not there when the level is ${level}`, async () => {
      assert.deepEqual((await deploy(level)).resources, []);
    });
  }
});
