import assert from "node:assert/strict";
import { relative } from "node:path";
import { listFolder } from "../../../audit/sources/folder.ts";
import { LogFolder } from "../auditLines.ts";

describe("a folder of downloaded blobs", () => {
  it("has its log files listed by path, at any depth, in any case, without hidden ones and other files", async () => {
    using folder = new LogFolder();
    const hour = (h: string): string => `resourceId=/SUBSCRIPTIONS/S/y=2026/m=05/d=04/h=${h}/m=00/PT1H.json`;
    for (const name of [hour("11"), hour("10"), "a.JSONL", "b.ndjson", "notes.txt", ".cache/x.json", ".hidden.json"]) {
      folder.write(name, "");
    }
    const files = (await listFolder(folder.path)).map((file) => relative(folder.path, file));
    assert.deepEqual(files, ["a.JSONL", "b.ndjson", hour("10"), hour("11")]);
  });

  it("that is not there is an error of the file system", async () => {
    await assert.rejects(listFolder("no-such-folder"), { code: "ENOENT" });
  });
});
