import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { blobPrefix } from "../../../../../core/links/archivePath.ts";
import { container, hostId, startArchive } from "./archiveFixture.ts";
import { forSuite } from "../../../../held.ts";

const hours = Array.from({ length: 20 }, (_, hour) => `2026-05-04T${String(hour).padStart(2, "0")}`);
const range = { from: new Date("2026-05-04T01:00Z"), to: new Date("2026-05-04T17:00Z") };

describe("a sync that is killed", () => {
  const archive = forSuite(startArchive);

  /** Starts a sync in a process of its own. Its end is listened for at once: it may come before anybody waits for it. */
  const start = (): { child: ChildProcess; ended: Promise<number | null> } => {
    const child = spawn(
      process.execPath,
      [
        join(import.meta.dirname, "syncProcess.ts"),
        JSON.stringify({
          blobEndpoint: archive.signedEndpoint,
          container,
          blobPrefix: blobPrefix(hostId),
          cacheDir: archive.cacheDir,
          ca: archive.tls.ca,
          ...range,
        }),
      ],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    return { child, ended: once(child, "exit").then(([code]) => code as number | null) };
  };

  it("has the same files after the next one, wherever it was killed, and while another one runs", async function () {
    this.timeout(120_000);
    let text = "";
    const grow = async (round: number): Promise<void> => {
      const added = await Promise.all(
        hours.map(async (hour, index) => {
          const lines = `{"hour":"${hour}","round":${round},"padding":"${"x".repeat(200)}"}\n`.repeat(50 + index);
          await archive.append(hour, lines);
          return lines;
        }),
      );
      text += added.join("");
    };
    // Slowly, so that every kill comes in the middle of something.
    archive.meddler = async ({ blob }) => {
      await wait(blob === undefined ? 2 : Math.random() * 60);
      return undefined;
    };
    for (let round = 1; round <= 6; round += 1) {
      await grow(round);
      // Counted from the process's first read on: before it there is nothing to interrupt.
      const { child: killed, ended } = start();
      const seen = archive.requests.length;
      while (archive.requests.slice(seen).every(({ blob }) => blob === undefined) && killed.exitCode === null)
        await wait(5);
      await wait(Math.random() * 150);
      killed.kill("SIGKILL");
      await ended;
      if (round % 3 === 0) {
        const other = start();
        const result = await archive.sync(range);
        assert.equal(sorted(archive.content(result)), sorted(text), `round ${round}`);
        assert.equal(await other.ended, 0);
      }
      assert.equal(sorted(archive.content(await archive.sync(range))), sorted(text), `round ${round}`);
    }
    assert.equal((await archive.sync(range)).bytesFetched, 0);
  });
});

function sorted(text: string): string {
  return text.split("\n").sort().join("\n");
}
