import assert from "node:assert/strict";
import { storyPage } from "./storyPage.ts";

describe("the filters on the page of a report", () => {
  const report = storyPage();

  it("counts each verdict, and filters by the counts that are clicked", async () => {
    assert.deepEqual(await report.page.locator(".tile-count").allTextContents(), ["1", "1", "1", "1", "1", "1"]);
    await report.page.getByRole("button", { name: /^bypassed/ }).click();
    await report.page.getByRole("button", { name: /^borrowed/ }).click();
    assert.deepEqual(await report.verdicts(), ["borrowed", "bypassed"]);
    assert.equal(await report.page.locator("#count").textContent(), "2 of 6 sessions");
    assert.equal(await report.page.getByRole("button", { name: /^bypassed/ }).getAttribute("aria-pressed"), "true");
    await report.page.getByRole("button", { name: "Show all" }).click();
    assert.equal((await report.verdicts()).length, 6);
  });

  it("searches while one types, in what belongs to the session, its request and its rule", async () => {
    const found = async (text: string): Promise<unknown> => {
      await report.page.locator("#search").fill(text);
      await report.page.waitForTimeout(150);
      return report.verdicts();
    };
    assert.deepEqual(await found("MALLORY"), ["bypassed"]);
    assert.deepEqual(await found("inc-1042 bob"), ["borrowed"]);
    assert.deepEqual(await found("mydesk"), ["bypassed"]);
    assert.deepEqual(await found("203.0.113.4"), ["ungranted"]);
    assert.deepEqual(await found("nobody"), []);
    assert.equal(await report.page.locator("#count").textContent(), "0 of 6 sessions");
  });

  it("keeps what was just typed when another filter is chosen at once", async () => {
    await report.page.locator("#search").fill("db");
    await report.page.getByRole("button", { name: /^ungranted/ }).click();
    await report.page.waitForTimeout(150);
    assert.deepEqual(await report.verdicts(), ["ungranted"]);
    assert.equal(await report.page.locator("#search").inputValue(), "db");
  });

  it("filters by person, VM, link and flag", async () => {
    await report.page.locator("#person").fill("ada");
    await report.page.waitForTimeout(150);
    assert.deepEqual(await report.verdicts(), ["granted", "unknown"]);
    await report.page.locator("#vm").fill("web");
    await report.page.waitForTimeout(150);
    assert.deepEqual(await report.verdicts(), ["granted"]);
    await report.page.getByRole("button", { name: "Show all" }).click();
    await report.page.locator("#link").selectOption("flow");
    assert.deepEqual(await report.verdicts(), ["bypassed"]);
    await report.page.locator("#link").selectOption("");
    await report.page.locator("#flag").selectOption("late");
    assert.deepEqual(await report.verdicts(), ["borrowed"]);
  });
});
