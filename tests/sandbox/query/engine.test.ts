import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EngineMissing, QueryEngine } from "../../../sandbox/query/engine.ts";
import { findPython, versionOf } from "../../../sandbox/query/python.ts";
import { temporaryFolder } from "../../held.ts";
import { needsChdb } from "./queryPlane.ts";

const one = { query: "print x = 1", tables: [], from: null, to: null, seconds: 10 };

describe("a Python with chDB", () => {
  const folder = temporaryFolder();
  after(folder.remove);

  /** Something that answers the question for its version. */
  function interpreter(name: string, script: string): string {
    const file = join(folder.path, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  it("is the one that PYTHON names, if it has chDB, and no other", async () => {
    const PYTHON = interpreter("good", "echo 4.4.0");
    assert.equal(await findPython({ PYTHON }), PYTHON);
    assert.equal(await findPython({ PYTHON: interpreter("without", "exit 1") }), undefined);
    assert.equal(await findPython({ PYTHON: join(folder.path, "nothing") }), undefined);
  });

  it("has version 4.4 or a later one", async () => {
    for (const [version, isEnough] of [
      ["4.4.0", true],
      ["4.12.1", true],
      ["5.0.0", true],
      ["4.3.9", false],
      ["3.9.0", false],
    ] as const) {
      assert.equal(await versionOf(interpreter(version, `echo ${version}`)), isEnough ? version : undefined, version);
    }
  });
});

describe("the query engine", () => {
  const folder = temporaryFolder();
  const ending = join(folder.path, "ending");
  after(folder.remove);

  before(() => {
    writeFileSync(ending, "#!/bin/sh\nread line\necho 'a library says hello'\necho 'out of memory' >&2\nexit 3\n");
    chmodSync(ending, 0o755);
  });

  it("is missed where there is no Python for it, until there is", async () => {
    const pythons = [undefined, ending];
    const engine = new QueryEngine(folder.path, () => Promise.resolve(pythons.shift()));
    await assert.rejects(engine.run(one), EngineMissing);
    await assert.rejects(engine.run(one), /^Error: The query engine ended with exit code 3\./);
    await engine.close();
  });

  it("fails all waiting queries when it ends, and reports its last output", async () => {
    const engine = new QueryEngine(folder.path, () => Promise.resolve(ending));
    const results = await Promise.allSettled([engine.run(one), engine.run(one)]);
    for (const result of results) {
      assert.ok(result.status === "rejected");
      assert.match(String(result.reason), /^Error: The query engine ended with exit code 3\. .*out of memory/s);
    }
    await engine.close();
  });

  it("starts again after it ended, and can be closed at any time", async function () {
    await needsChdb.call(this);
    const pythons = [ending, await findPython()];
    const engine = new QueryEngine(folder.path, () => Promise.resolve(pythons.shift()));
    await engine.close();
    await assert.rejects(engine.run(one));
    assert.deepEqual((await engine.run(one)).rows, [[1]]);
    await engine.close();
    await engine.close();
  });
});
