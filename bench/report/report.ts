/** The page of a report in headless Chromium: its opening time, the smoothness of scrolling, and its size. */
import { createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { pathToFileURL } from "node:url";
import { pageFile } from "bastion-trail/report/pageFile";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "./chromium.ts";
import { type Comparison, duration } from "../report.ts";
import { median } from "../statistics.ts";
import { frameTimes } from "./frameTimes.ts";
import { syntheticTrail } from "./syntheticTrail.ts";

/** Limit in milliseconds until a page of 10,000 sessions shows everything in view. */
const openLimit = 2000;
/** Limit in milliseconds of the main thread per frame while scrolling, at the 95th percentile. */
const frameLimit = 10;
const rounds = 5;
const viewport = { width: 1440, height: 1000 };

export async function compareReport(say: (text: string) => void): Promise<Comparison[]> {
  const folder = mkdtempSync(join(tmpdir(), "report-bench-"));
  const browser = await launchChromium();
  try {
    const small = await measure(browser, folder, 10_000, say);
    const large = await measure(browser, folder, 100_000, say);
    return [
      limited("10,000 sessions: open", small.open, openLimit, duration),
      limited("10,000 sessions: timeline, main thread per frame, p95", small.timeline, frameLimit, precise),
      limited("10,000 sessions: table, main thread per frame, p95", small.table, frameLimit, precise),
      beside("100,000 sessions: open", large.open, "10,000 sessions", small.open, duration),
      beside(
        "100,000 sessions: timeline, main thread per frame, p95",
        large.timeline,
        "10,000",
        small.timeline,
        precise,
      ),
      beside("100,000 sessions: table, main thread per frame, p95", large.table, "10,000", small.table, precise),
      beside("bytes per session, of 10,000", small.bytes, "its raw records", small.rawBytes, bytes),
      beside("bytes per session, of 100,000", large.bytes, "its raw records", large.rawBytes, bytes),
    ];
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

interface Measured {
  /** Milliseconds. */
  readonly open: number;
  readonly timeline: number;
  readonly table: number;
  /** Bytes of the file per session. */
  readonly bytes: number;
  readonly rawBytes: number;
}

async function measure(
  browser: Browser,
  folder: string,
  count: number,
  say: (text: string) => void,
): Promise<Measured> {
  say(`a report of ${count} sessions, opened ${rounds} times and scrolled`);
  const file = join(folder, `${count}.html`);
  const trail = syntheticTrail(count);
  await pipeline(pageFile(trail), createWriteStream(file));
  const raw = trail.sessions.reduce(
    (sum, { records }) => sum + records.reduce((all, { text }) => all + text.length, 0),
    0,
  );
  const opened: number[] = [];
  for (let round = 1; round < rounds; round += 1) {
    const page = await open(browser, file);
    opened.push(await readyTime(page));
    await page.close();
  }
  const page = await open(browser, file);
  opened.push(await readyTime(page));
  // The totals, which the page fills in after it is ready.
  await page.locator("#totals-person table").waitFor();
  const timeline = await frameTimes(page, "#lanes");
  const table = await frameTimes(page, "#table-scroller");
  await page.close();
  return {
    open: median(opened),
    timeline: percentile95(timeline),
    table: percentile95(table),
    bytes: statSync(file).size / count,
    rawBytes: raw / count,
  };
}

async function open(browser: Browser, file: string): Promise<Page> {
  const page = await browser.newPage({ viewport });
  await page.goto(pathToFileURL(file).href);
  await page.locator("html.ready").waitFor();
  return page;
}

/** Milliseconds from the start of the navigation, by the page's own clock. */
async function readyTime(page: Page): Promise<number> {
  return page.evaluate<number>("performance.getEntriesByName('ready')[0].startTime");
}

function percentile95(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length * 0.95)] ?? Number.NaN;
}

function limited(subject: string, ours: number, limit: number, show: (value: number) => string): Comparison {
  return { subject, ours: show(ours), against: "the limit", theirs: show(limit), ratio: ours / limit, bar: 1 };
}

function beside(
  subject: string,
  ours: number,
  against: string,
  theirs: number,
  show: (value: number) => string,
): Comparison {
  return { subject, ours: show(ours), against, theirs: show(theirs), ratio: ours / theirs };
}

function precise(milliseconds: number): string {
  return `${milliseconds.toFixed(1)} ms`;
}

function bytes(count: number): string {
  return `${count.toFixed(0)} B`;
}
