import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { temporaryFolder } from "../../../cli/files/temporaryFolder.ts";

const cli = join(import.meta.dirname, "../../../cli");

/** Runs a script that ends as `main.ts` ends a command that ignores Ctrl+C, and returns what is left in its folder. */
function leftAfter(script: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "exit-"));
  try {
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, TMPDIR: folder },
    });
    assert.equal(stdout, "ends\n");
    return readdirSync(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const end = 'console.log("ends"); process.exit(2);';

describe("the process of a command leaves nothing behind if it exits at once", () => {
  it("while it has a temporary folder", () => {
    assert.deepEqual(
      leftAfter(`
        const { temporaryFolder } = await import("${cli}/files/temporaryFolder.ts");
        temporaryFolder();
        ${end}`),
      [],
    );
  });

  it("while it writes a file for a person", () => {
    assert.deepEqual(
      leftAfter(`
        const { newFile } = await import("${cli}/commands/report/newFile.ts");
        async function* pieces() { yield "x".repeat(100_000); ${end} }
        await newFile("report.html", false, process.cwd()).write(pieces(), new AbortController().signal);`),
      [],
    );
  });

  for (const name of ["pack", "pack.zip"]) {
    it(`while it writes an evidence pack ${name}`, () => {
      assert.deepEqual(
        leftAfter(`
          const { NewPack } = await import("${cli}/evidence/newPack.ts");
          const { signal } = new AbortController();
          const pack = new NewPack(process.cwd() + "/${name}");
          async function* pieces() { yield "x".repeat(100_000); ${end} }
          await pack.add("records/trail.json", pieces(), signal);`),
        [],
      );
    });
  }
});

describe("a temporary folder", () => {
  it("is refused with the way out where the system's folder for them cannot be used", () => {
    const before = process.env.TMPDIR;
    process.env.TMPDIR = "/missing";
    try {
      assert.throws(() => temporaryFolder(), {
        name: "UserError",
        message: "The folder for temporary files, /missing, cannot be written to: it does not exist.",
        nextStep: "Create it, or set TMPDIR to another folder.",
      });
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });
});
