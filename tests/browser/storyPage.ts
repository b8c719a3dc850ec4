import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../../bench/report/chromium.ts";
import type { PageInput } from "../../cli/report/pageFile.ts";
import { story } from "../cli/report/story.ts";
import { cellsOf, openReport, type OpenReport } from "./reportPage.ts";

export const sessionsTable = "#sessions-table";

export interface StoryPage {
  readonly page: Page;
  /** Closes the page, and opens that of another report. */
  readonly show: (input: PageInput) => Promise<void>;
  /** Texts of a table's cells, by row. */
  readonly cells: (table: string) => Promise<string[][]>;
  /** Verdicts of the sessions shown, in order. */
  readonly verdicts: () => Promise<(string | undefined)[]>;
}

/** Opens the page of the story before each test of a suite. After the test, the page must have sent and complained about nothing. */
export function storyPage(): StoryPage {
  let browser: Browser;
  let report: OpenReport;

  const close = async (): Promise<void> => {
    assert.deepEqual(report.complaints, []);
    assert.deepEqual(report.asked, []);
    await report.close();
  };

  before(async () => {
    browser = await launchChromium();
  });

  beforeEach(async () => {
    report = await openReport(browser, story);
  });

  afterEach(close);

  after(async () => {
    await browser.close();
  });

  const cells = (table: string): Promise<string[][]> => cellsOf(report.page, table);
  return {
    get page() {
      return report.page;
    },
    show: async (input) => {
      await close();
      report = await openReport(browser, input);
    },
    cells,
    // The first character is the verdict's letter.
    verdicts: async () => (await cells(sessionsTable)).map(([verdict]) => verdict?.slice(1)),
  };
}
