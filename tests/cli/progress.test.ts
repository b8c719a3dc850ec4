import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cliBin } from "../cliBin.ts";
import { temporaryFolder } from "../held.ts";

/** Runs a command in a terminal made by `script`, which has no width until it is set. */
function shown(setUp: string): string {
  const { path: folder, remove } = temporaryFolder();
  try {
    const command = `${setUp} ${process.execPath} ${cliBin} logs --source ${folder}`;
    // In a CI job, ora shows no frames.
    const own = { CI: undefined, NO_COLOR: undefined, TERM: "xterm", BASTION_TRAIL_CACHE: folder };
    const { stdout, status } = spawnSync("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
      ...{ env: { ...process.env, ...own }, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], timeout: 30_000 },
    });
    assert.equal(status, 0, stdout.slice(-500));
    return stdout;
  } finally {
    remove();
  }
}

describe("progress in a terminal", () => {
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
