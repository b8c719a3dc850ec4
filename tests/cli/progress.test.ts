import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cliBin } from "../cliBin.ts";
import { temporaryFolder } from "../held.ts";

/** In a CI job, ora shows no frames. `script` runs its command by the shell of `SHELL`. */
const environment = { ...process.env, CI: undefined, NO_COLOR: undefined, SHELL: "/bin/sh", TERM: "xterm" };

/** Runs a command in a terminal made by `script`, which has no width until it is set. */
function shown(setUp: string): string {
  const { path: folder, remove } = temporaryFolder();
  try {
    const command = `${setUp} ${process.execPath} ${cliBin} logs --source ${folder}`;
    const own = { ...environment, BASTION_TRAIL_CACHE: folder };
    const { stdout, status } = spawnSync("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
      ...{ env: own, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], timeout: 30_000 },
    });
    assert.equal(status, 0, stdout.slice(-500));
    return stdout;
  } finally {
    remove();
  }
}

/** Runs a command that goes on until Ctrl+C, which is pressed once it has shown its progress. */
async function stopped(): Promise<{ readonly status: number; readonly leftOver: readonly string[] }> {
  const { path: folder, remove } = temporaryFolder();
  try {
    const [source, temporary] = [join(folder, "source"), join(folder, "temporary")];
    mkdirSync(source);
    mkdirSync(temporary);
    // With `exec`, Ctrl+C reaches no shell beside the command: dash would end by it with a status of its own.
    const command = `stty cols 80; exec ${process.execPath} ${cliBin} logs --source ${source} --follow --interval 1h`;
    const own = { ...environment, BASTION_TRAIL_CACHE: join(folder, "cache"), TMPDIR: temporary };
    const terminal = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
      ...{ env: own, stdio: ["pipe", "pipe", "inherit"] },
    });
    let shown = "";
    terminal.stdout.on("data", (piece: Buffer) => {
      shown += piece.toString();
      if (!terminal.stdin.writableEnded && /Reading.*\x1b\[\?25h/s.test(shown)) terminal.stdin.end("\x03");
    });
    const [status] = (await once(terminal, "exit")) as [number];
    return { status, leftOver: readdirSync(temporary) };
  } finally {
    remove();
  }
}

describe("progress in a terminal", () => {
  it("leaves it to the command what Ctrl+C does", async () => {
    assert.deepEqual(await stopped(), { status: 0, leftOver: [] });
  });

  it("is a line in colour that is removed at the end", () => {
    assert.match(shown("stty cols 80;"), /\x1b\[36m\S+\x1b\[39m Reading.*\x1b\[1G\x1b\[0K\x1b\[\?25hNo sessions/s);
  });

  it("has no colour with NO_COLOR", () => {
    assert.doesNotMatch(shown("stty cols 80; NO_COLOR=1"), /\x1b\[\d+m/);
  });

  it("is not shown where the terminal has no width", () => {
    assert.doesNotMatch(shown(""), /Reading/);
  });
});
