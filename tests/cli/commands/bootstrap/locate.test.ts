import assert from "node:assert/strict";
import { locate } from "../../../../cli/commands/bootstrap/locate.ts";
import { AccessRefused, BackendMissing, type PulumiStack } from "../../../../cli/commands/bootstrap/pulumiStack.ts";
import { UserError } from "../../../../cli/errors.ts";

describe("the state of a bootstrap", () => {
  const stack = (resources: number | undefined | Error): PulumiStack => {
    const fake: unknown = {
      resources: () => (resources instanceof Error ? Promise.reject(resources) : Promise.resolve(resources)),
    };
    return fake as PulumiStack;
  };
  const facts = (hasGroup: boolean) => ({ hasGroup, backendUrl: undefined });
  const refused = new AccessRefused("no", "no");

  it("is on this computer, and empty, where there is nothing", async () => {
    const local = stack(undefined);
    assert.deepEqual(await locate(local, undefined, facts(false), "ci"), {
      current: local,
      isDeployed: false,
      leftOver: undefined,
    });
  });

  it("is on this computer until the copy in Azure is whole", async () => {
    const local = stack(5);
    for (const azure of [
      undefined,
      stack(undefined),
      stack(0),
      stack(refused),
      stack(new BackendMissing("no", "no")),
    ]) {
      const located = await locate(local, azure, facts(true), "ci");
      assert.deepEqual([located.current, located.isDeployed, located.leftOver], [local, true, undefined]);
    }
  });

  it("is in Azure from then on, whatever this computer has", async () => {
    const azure = stack(5);
    for (const local of [stack(undefined), stack(0), stack(5)]) {
      const { current, isDeployed, leftOver } = await locate(local, azure, facts(true), "ci");
      assert.deepEqual([current, isDeployed], [azure, true]);
      assert.equal(leftOver, (await local.resources()) === undefined ? undefined : local);
    }
  });

  it("is not known where Azure has resources and neither place a state, or where it may not be read", async () => {
    const message =
      "The resource group ci exists, but its state is neither in a storage account of it nor on this computer.";
    const nextStep = "Run this on the computer where it was started, delete the group, or pass another --name-prefix.";
    await assert.rejects(locate(stack(0), stack(undefined), facts(true), "ci"), new UserError(message, nextStep));
    await assert.rejects(locate(stack(undefined), stack(refused), facts(true), "ci"), refused);
  });
});
