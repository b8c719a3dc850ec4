import assert from "node:assert/strict";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolders } from "../../../cli/files/makeFolders.ts";
import { forSuite, temporaryFolder } from "../../held.ts";
import { skip } from "../../skip.ts";

describe("a folder with those that it is in", () => {
  const root = forSuite(temporaryFolder);

  it("is created with a mode, and may exist", () => {
    const folder = join(root.path, "a", "b");
    makeFolders(folder, 0o700);
    makeFolders(folder, 0o700);
    const modes = [join(root.path, "a"), folder].map((one) => statSync(one).mode & 0o777);
    assert.deepEqual(modes, [0o700, 0o700]);
  });

  it("is refused with the file system's error", () => {
    const file = join(root.path, "file");
    writeFileSync(file, "");
    assert.throws(
      () => {
        makeFolders(file, 0o700);
      },
      { code: "EEXIST" },
    );
    assert.throws(
      () => {
        makeFolders(join(file, "x"), 0o700);
      },
      { code: "ENOTDIR" },
    );
  });

  it("is refused where nothing can be created, such as below /proc", function () {
    if (!existsSync("/proc/self")) skip(this, "needs /proc");
    assert.throws(
      () => {
        makeFolders("/proc/bastion-trail/x", 0o700);
      },
      { code: "ENOENT", syscall: "mkdir" },
    );
  });
});
