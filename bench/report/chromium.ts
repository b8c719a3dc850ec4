import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/**
 * Starts the installed Chromium without a window. @throws if there is none, because tests that need it are never
 * skipped.
 */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? found() });
}

function found(): string {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const path = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
  if (path === undefined) {
    throw new Error(
      "Chromium not found. Install it (Debian and Ubuntu: apt-get install chromium), or set CHROMIUM to its path.",
    );
  }
  return path;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
