import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { pageFile, type PageInput } from "../../cli/report/pageFile.ts";

export interface OpenReport {
  readonly page: Page;
  /** What the page wrote to the console, and what it threw. */
  readonly complaints: readonly string[];
  /** Addresses that it asked for. */
  readonly asked: readonly string[];
  readonly close: () => Promise<void>;
}

/** Writes a report as the command does, and opens the file. */
export async function openReport(
  browser: Browser,
  input: PageInput,
  options?: BrowserContextOptions,
): Promise<OpenReport> {
  const folder = mkdtempSync(join(tmpdir(), "report-"));
  const file = join(folder, "report.html");
  await pipeline(pageFile(input), createWriteStream(file));
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, ...options });
  const page = await context.newPage();
  const [complaints, asked]: [string[], string[]] = [[], []];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("request", (request) => asked.push(request.url()));
  const url = pathToFileURL(file).href;
  await page.goto(url);
  await page.locator("html.ready").waitFor();
  await page.locator("#totals-person > *").waitFor();
  const close = async (): Promise<void> => {
    await context.close();
    rmSync(folder, { recursive: true });
  };
  return { page, complaints, asked: asked.filter((one) => one !== url), close };
}

/** The texts of a table's cells, line by line; those of hidden columns as well. */
export async function cellsOf(page: Page, table: string): Promise<string[][]> {
  const lines = await page.locator(`${table} tbody tr`).all();
  return Promise.all(lines.map((line) => line.locator("td").allTextContents()));
}
