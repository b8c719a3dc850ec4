import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import type { PageInput } from "../../cli/report/pageFile.ts";
import { grants, rows, ruleIds, rules, surroundings } from "../cli/report/story.ts";
import { launchChromium } from "../../bench/report/chromium.ts";
import { openReport, type OpenReport } from "./reportPage.ts";

const payloads = [
  "<img src=x onerror=\"window.wasRun='img'\">",
  "</script><script>window.wasRun='script'</script>",
  "\"'><svg onload=window.wasRun='svg'>",
  "</style><style>body{display:none}</style>",
  "<!-- records --><!-- data -->",
  "--></template></textarea></title><iframe srcdoc='<script>top.wasRun=1</script>'>",
  "javascript:window.wasRun='url'",
  "{{constructor.constructor('window.wasRun=1')()}}${window.wasRun=1}",
  "\u202Egnp.exe\u2066\u0000\u0007\uFEFF\u2028",
  "<a href=//evil.example ping=//evil.example>x</a><base href=//evil.example><meta http-equiv=refresh content=0;url=//evil.example>",
];
/** One text with all of them: whatever a field is used for, it has each. */
const hostile = payloads.join(" ");

/** Every text of a value replaced, but for those that are one of a list of words or a time. */
function poisoned<Value>(value: Value, key = ""): Value {
  const fixed = ["verdict", "state", "kind", "endedBy", "outcome"];
  const isTime = typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value);
  if (typeof value === "string") return (fixed.includes(key) || isTime ? value : `${value} ${hostile}`) as Value;
  if (Array.isArray(value)) return value.map((one) => poisoned<unknown>(one, key)) as Value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poisoned<unknown>(one, name)])) as Value;
}

const badRows = rows.map((row) =>
  poisoned({
    ...row,
    flags: ["late"] as const,
    request: row.request ?? { ...grants[0]!, by: "x" },
    rule: row.rule ?? rules[1]!,
    candidates: [{ request: grants[0]!, rule: rules[0]! }],
    accepted: { reason: "known", owner: "ada", expires: "2026-06-01T00:00:00.000Z" },
  }),
);
const records = [
  { place: hostile, text: hostile },
  { place: null, text: JSON.stringify({ [hostile]: hostile }) },
];
const bad: PageInput = {
  surroundings: () => ({ ...poisoned(surroundings), coverage: surroundings.coverage }),
  ruleIds: () => ruleIds,
  sessions: badRows.map((session) => ({ session, ruleId: ruleIds[1]!, records })),
  recordsOfRequest: () => records,
  recordsOfRule: () => records,
};

describe("the page of a report whose log was written by an attacker", () => {
  let browser: Browser;
  let report: OpenReport;

  before(async () => {
    browser = await launchChromium();
    report = await openReport(browser, bad);
  });

  after(async () => {
    await report.close();
    await browser.close();
  });

  it("shows every text as text, wherever it is shown, and runs none of it", async () => {
    const { page } = report;
    const shownIn = async (selector: string): Promise<void> => {
      for (const text of payloads.slice(0, 4)) {
        assert.ok((await page.locator(selector).textContent())?.includes(text), `${text} in ${selector}`);
      }
    };
    for (const selector of [
      "#about",
      "#sessions-table",
      "#totals-person",
      "#totals-vm",
      "#rules",
      "#unused-grants",
      "#coverage",
    ]) {
      await shownIn(selector);
    }
    for (const select of badRows.keys()) {
      await page.locator("#sessions-table tbody tr").nth(select).click();
      await page.locator("#details pre").nth(3).waitFor();
      await shownIn("#details-content");
    }
    for (const button of [page.locator("#rules .link").first(), page.locator("#unused-grants .link").first()]) {
      await button.click();
      await page.locator("#details pre").first().waitFor();
      await shownIn("#details-content");
    }
    await page.locator("#search").fill(hostile);
    await page.waitForTimeout(200);
    assert.equal(await page.locator("#count").textContent(), "6 of 6 sessions");
    await page.locator("#lanes").hover({ position: { x: 700, y: 50 } });
    assert.equal(await page.evaluate("window.wasRun"), undefined);
    assert.equal(await page.locator("iframe, img, svg, base, meta[http-equiv=refresh], a:not(.skip)").count(), 0);
    assert.ok(await page.locator("body").isVisible());
    assert.deepEqual(report.complaints, []);
    assert.deepEqual(report.asked, []);
  });

  it("shows what cannot be seen by its code", async () => {
    const line = report.page.locator("#sessions-table tbody tr").first();
    await line.click();
    const codes = /\\u\{202e\}gnp\.exe\\u\{2066\}\\u\{0\}\\u\{7\}\\u\{feff\}\\u\{2028\}/;
    assert.match((await line.locator("td.column-person").textContent()) ?? "", codes);
    for (const part of await report.page.locator("#details :is(h2, .because:nth-of-type(2), dd)").allTextContents()) {
      if (part.includes("gnp.exe")) assert.match(part, codes);
    }
  });

  it("lets no other script run, loads nothing, and takes no markup from a text", async () => {
    const { page } = report;
    await page.evaluate(`{
      const script = document.createElement("script");
      try { script.textContent = "window.wasRun = 'added'"; } catch (error) { window.refused = error.name; }
      document.body.append(script);
    }`);
    assert.equal(await page.evaluate("window.refused"), "TypeError");
    assert.equal(await page.evaluate("window.wasRun"), undefined);
    await assert.rejects(page.evaluate("document.body.innerHTML = '<p>'"), /TrustedHTML/);
    await assert.rejects(page.evaluate("fetch('https://example.com/')"), /Failed to fetch/);
    assert.deepEqual(report.asked, []);
  });
});
