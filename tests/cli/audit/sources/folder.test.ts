import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { listFolder } from "../../../../cli/audit/sources/folder.ts";
import { LogFolder } from "../auditLines.ts";

async function listed(folder: LogFolder): Promise<{ files: string[]; unreadable: (readonly [string, string])[] }> {
  const { files, unreadable } = await listFolder(folder.path);
  const name = (path: string): string => relative(folder.path, path);
  return { files: files.map(name), unreadable: unreadable.map(({ file, reason }) => [name(file), reason] as const) };
}

describe("a folder of downloaded logs", () => {
  it("has all of its files listed by path, at any depth and whatever they are called, but for hidden ones", async () => {
    using folder = new LogFolder();
    const hour = (h: string): string => `resourceId=/SUBSCRIPTIONS/S/y=2026/m=05/d=04/h=${h}/m=00/PT1H.json`;
    for (const name of [hour("11"), hour("10"), "a.JSONL", "b.csv", "c.log.gz", "d", ".cache/x.json", ".hidden.json"]) {
      folder.write(name, "");
    }
    assert.deepEqual(await listed(folder), {
      files: ["a.JSONL", "b.csv", "c.log.gz", "d", hour("10"), hour("11")],
      unreadable: [],
    });
  });

  it("that does not exist is an error of the file system", async () => {
    await assert.rejects(listFolder("no-such-folder"), { code: "ENOENT" });
  });

  it("has linked files and folders followed once", async () => {
    using folder = new LogFolder();
    using elsewhere = new LogFolder();
    folder.write("real/a.json", "");
    elsewhere.write("b.json", "");
    symlinkSync(elsewhere.path, join(folder.path, "linked"));
    symlinkSync(elsewhere.path, join(folder.path, "linked again"));
    symlinkSync(join(folder.path, "real"), join(folder.path, "a link to real"));
    symlinkSync(join(folder.path, "real", "a.json"), join(folder.path, "also a.json"));
    symlinkSync(folder.path, join(folder.path, "real", "up"));
    const { files, unreadable } = await listed(folder);
    assert.deepEqual(unreadable, []);
    assert.equal(files.length, 2);
    assert.ok(files.includes(join("real", "a.json")));
    assert.match(
      files.find((file) => file !== join("real", "a.json"))!,
      /^linked(?: again)?\/b\.json$/,
    );
  });

  it("names what cannot be read, and lists the rest", async () => {
    using folder = new LogFolder();
    folder.write("a.json", "");
    symlinkSync("nowhere", join(folder.path, "dangling"));
    symlinkSync("loop", join(folder.path, "loop"));
    execFileSync("mkfifo", [join(folder.path, "pipe")]);
    writeFileSync(Buffer.concat([Buffer.from(join(folder.path, "b")), Buffer.from([0xff]), Buffer.from(".json")]), "");
    const { files, unreadable } = await listed(folder);
    assert.deepEqual(files, ["a.json"]);
    assert.deepEqual(Object.fromEntries(unreadable), {
      dangling: "Cannot be read: it does not exist, or is a symbolic link to something that does not.",
      loop: "Cannot be read: its symbolic links form a loop.",
      pipe: "It is neither a file nor a folder.",
      "b\uFFFD.json": "Its name is not UTF-8: rename it to have it read.",
    });
  });
});
