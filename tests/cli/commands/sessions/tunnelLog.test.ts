import assert from "node:assert/strict";
import { tunnelLogFrom } from "../../../../cli/commands/sessions/tunnelLog.ts";
import { blobRecord, lines, LogFolder } from "../../audit/auditLines.ts";
import { fakeIo } from "../../fakeIo.ts";

describe("the log of open sessions", () => {
  it("has the sessions that are asked for, and tells what cannot be read", async () => {
    using folder = new LogFolder();
    folder.write("PT1H.json", `${lines(blobRecord({ tunnelId: "A" }), blobRecord({ tunnelId: "B" }))}oops\n`);
    const io = fakeIo({ cwd: folder.path });
    let ends = 0;
    const progress = { update: () => undefined, end: () => (ends += 1) };
    const log = await tunnelLogFrom({ source: ".", cache: "cache" }, io)?.();
    const found = await log?.find((id) => id === "a", new Date("2026-05-04T00:00:00Z"), progress);
    assert.deepEqual([...(found?.keys() ?? [])], ["a"]);
    assert.equal(
      io.written.stderr,
      `warning: 1 record could not be read:\n  ${folder.path}/PT1H.json:3: This is not JSON.\n`,
    );
    assert.equal(ends, 1);
  });

  it("is refused at once if it is a folder that does not exist: without open sessions, nobody would read it", () => {
    assert.throws(() => tunnelLogFrom({ source: "/no/such/folder" }, fakeIo()), {
      name: "UserError",
      message: "File or folder not found: /no/such/folder.",
      nextStep: "--source takes archive, workspace, or a folder or file of downloaded logs.",
    });
    assert.equal(tunnelLogFrom({ source: "none" }, fakeIo()), undefined);
  });
});
