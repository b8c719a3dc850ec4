import assert from "node:assert/strict";
import { hostname, userInfo } from "node:os";
import { waitForLock } from "../../../../cli/commands/bootstrap/stackLock.ts";
import { UserError } from "../../../../cli/errors.ts";
import { fakeIo } from "../../fakeIo.ts";

describe("the lock of a stack", () => {
  const said = (who: string, pid: number) =>
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file " +
    `with \`pulumi cancel\`.\n  azblob://state/.pulumi/locks/x.json: created by ${who} (pid ${pid}) at 2026-05-04T10:00:00Z`;
  const me = `${userInfo().username}@${hostname()}`;

  it("is released where Pulumi was killed on this computer", async () => {
    let released = 0;
    // This process is not Pulumi, whose id it may have got since.
    const isReleased = await waitForLock(said(me, process.pid), fakeIo(), () => Promise.resolve((released += 1)));
    assert.deepEqual([isReleased, released], [true, 1]);
  });

  it("is left to who holds it on another computer", async () => {
    await assert.rejects(
      waitForLock(said("ada@laptop", 7), fakeIo(), () => assert.fail()),
      new UserError(
        "ada@laptop (process 7) has held the stack's lock since 2026-05-04T10:00:00Z.",
        "Wait until that run ends. If it was killed, run this command on that computer, or `pulumi cancel`.",
      ),
    );
  });

  it("is no reason of another failure", async () => {
    assert.equal(await waitForLock("error: no", fakeIo(), () => assert.fail()), false);
  });
});
