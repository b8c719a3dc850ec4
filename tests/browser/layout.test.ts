import assert from "node:assert/strict";
import { rows, story, withoutRecords } from "../cli/report/story.ts";
import { sessionsTable, storyPage } from "./storyPage.ts";

describe("the layout of the page of a report", () => {
  const report = storyPage();

  it("keeps names of any length beside the other facts, also where it is narrow", async () => {
    const long = "x".repeat(300);
    const [row] = rows;
    const session = { ...row!, person: `${long}@example.com`, vm: null, vmName: long };
    await report.show({ ...story, sessions: withoutRecords([session]) });
    const overflowing = `[...document.querySelectorAll(".table-wrap td")].filter((cell) => cell.scrollWidth > cell.clientWidth).length`;
    assert.equal(await report.page.evaluate(overflowing), 0);
    await report.page.setViewportSize({ width: 320, height: 700 });
    const width = async (column: string): Promise<number> =>
      (await report.page.locator(`${sessionsTable} tbody .column-${column}`).boundingBox())?.width ?? 0;
    assert.ok((await width("person")) > 100 && (await width("vm")) > 100);
  });

  it("fits into 320 pixels", async () => {
    await report.page.setViewportSize({ width: 320, height: 700 });
    assert.equal(await report.page.evaluate("document.documentElement.scrollWidth"), 320);
  });

  it("has dark colours where the system asks for them, and prints in light ones", async () => {
    const background = async (): Promise<unknown> =>
      report.page.evaluate("getComputedStyle(document.body).backgroundColor");
    assert.equal(await background(), "rgb(245, 246, 248)");
    await report.page.emulateMedia({ colorScheme: "dark" });
    assert.equal(await background(), "rgb(14, 18, 22)");
    await report.page.evaluate("dispatchEvent(new Event('beforeprint'))");
    assert.equal(await background(), "rgb(245, 246, 248)");
    await report.page.evaluate("dispatchEvent(new Event('afterprint'))");
    assert.equal(await background(), "rgb(14, 18, 22)");
  });

  it("prints each heading above its column, apart from the next one", async () => {
    await report.page.emulateMedia({ media: "print" });
    await report.page.setViewportSize({ width: 688, height: 1000 });
    const paddings = `["thead th", "tbody td"].map((cell) => getComputedStyle(document.querySelector("${sessionsTable} " + cell)).padding)`;
    assert.deepEqual(await report.page.evaluate(paddings), ["3px 6px", "3px 6px"]);
  });
});
