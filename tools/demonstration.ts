import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RecordedLine } from "./recordingSvg.ts";

const root = join(import.meta.dirname, "..");

/** The recording shown in the README. */
export const recordingFile = join(root, "docs/images/demonstration.svg");

/**
 * Runs the demonstration in a new sandbox, and records the time of each line. Only progress lines that remain in the
 * terminal are kept.
 * @throws Error if a check of the demonstration fails.
 */
export async function recordDemonstration(): Promise<RecordedLine[]> {
  const folder = mkdtempSync(join(tmpdir(), "demonstration-"));
  try {
    const child = spawn(process.execPath, ["sandbox/cli/main.ts", "--dir", folder], {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const lines: RecordedLine[] = [];
    const started = Date.now();
    const take = (text: string) => {
      lines.push({ text: text.replaceAll(folder, ".sandbox"), at: Date.now() - started });
    };
    eachLine(child.stdout, take);
    eachLine(child.stderr, (text) => {
      if (text.startsWith("✔")) take(text);
    });
    const [exitCode] = (await once(child, "close")) as [number | null];
    if (exitCode !== 0) {
      const said = lines.map(({ text }) => text).join("\n");
      throw new Error(`The demonstration failed with exit code ${exitCode ?? "none"}:\n${said}`);
    }
    return lines;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function eachLine(stream: NodeJS.ReadableStream, take: (line: string) => void): void {
  let open = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (open + chunk).split("\n");
    open = lines.pop() ?? "";
    lines.forEach(take);
  });
}
