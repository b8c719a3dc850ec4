import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import type { Progress } from "../progress.ts";
import { engineVersion } from "./version.ts";

/** Timeout of a download, in milliseconds; the release archive is about 100 MB. */
const timeLimit = 15 * 60_000;

/**
 * Downloads the release by running the launcher of the `pulumi` npm package once.
 * @throws with the launcher's last line if it fails.
 */
export async function downloadEngine(progress: Progress): Promise<void> {
  const launcher = createRequire(import.meta.url).resolve("pulumi/run.js");
  const step = progress.step(`Downloading the Pulumi engine ${engineVersion}`);
  const { code, lastLine } = await run(launcher, (line) => {
    step.update(line);
  });
  if (code !== 0) {
    step.fail(`The Pulumi engine ${engineVersion} could not be downloaded: ${lastLine}`);
    throw new Error(lastLine);
  }
  step.succeed(`Downloaded the Pulumi engine ${engineVersion}`);
}

function run(launcher: string, onLine: (line: string) => void): Promise<{ code: number | null; lastLine: string }> {
  return new Promise((resolve, reject) => {
    let lastLine = "no answer";
    const child = spawn(process.execPath, [launcher, "version"], {
      env: { ...process.env, PULUMI_VERSION: engineVersion, PULUMI_SKIP_UPDATE_CHECK: "true" },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeLimit,
    });
    const read = (chunk: Buffer) => {
      // curl redraws its progress bar with carriage returns.
      for (const line of chunk.toString("utf8").split(/[\r\n]+/)) {
        if (line.trim() !== "") {
          lastLine = line.trim();
          onLine(lastLine);
        }
      }
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, lastLine });
    });
  });
}
