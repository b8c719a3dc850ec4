import assert from "node:assert/strict";
import { rows, story, withoutRecords } from "../cli/report/story.ts";
import { sessionsTable, storyPage } from "./storyPage.ts";

describe("the timeline on the page of a report", () => {
  const report = storyPage();

  it("opens the session whose bar is clicked", async () => {
    const box = await report.page.locator("#lanes").boundingBox();
    assert.ok(box);
    // The lane of db is the first. Its first session begins at 11:05 of a day of 24 hours.
    const x = box.x + 1 + 190 + ((box.width - 2 - 190) * (11 + 10 / 60)) / 24;
    await report.page.mouse.click(x, box.y + 1 + 28 + 16);
    assert.equal(await report.page.locator("#details h2").textContent(), "Session a300000000000000");
    assert.equal(
      await report.page.locator(`${sessionsTable} tr[aria-selected=true] td`).first().textContent(),
      "Xbypassed",
    );
  });

  it("zooms and moves the timeline by keys, and shows the sessions of that time", async () => {
    await report.page.locator("#lanes").focus();
    for (const key of ["+", "+", "ArrowLeft"]) await report.page.keyboard.press(key);
    await report.page.waitForTimeout(300);
    assert.equal(
      await report.page.locator("#count").textContent(),
      "6 of 6 sessions between 2026-05-04 07:30 and 2026-05-04 13:30 UTC",
    );
    await report.page.keyboard.press("ArrowRight");
    await report.page.keyboard.press("ArrowRight");
    await report.page.waitForTimeout(300);
    assert.deepEqual(await report.verdicts(), ["borrowed", "bypassed", "ungranted", "unknown"]);
    await report.page.keyboard.press("0");
    await report.page.waitForTimeout(300);
    assert.equal(await report.page.locator("#count").textContent(), "6 of 6 sessions");
  });

  it("prints the whole timeline, and says what it does not print", async () => {
    const [row] = rows;
    const many = Array.from({ length: 40 }, (_, index) => ({
      ...row!,
      vm: null,
      vmName: `vm-${index}`,
      person: `p${index}`,
    }));
    await report.show({ ...story, sessions: withoutRecords(many) });
    await report.page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await report.page.emulateMedia({ media: "print" });
    await report.page.setViewportSize({ width: 688, height: 1000 });
    const [frame, canvas] = [
      await report.page.locator("#lanes").boundingBox(),
      await report.page.locator("#lanes canvas").boundingBox(),
    ];
    assert.ok(frame && canvas && canvas.x + canvas.width <= frame.x + frame.width && canvas.height < 1000);
    assert.equal(
      await report.page.locator("#lanes-rest").textContent(),
      "6 further VMs not drawn: filter to choose which are.",
    );
    assert.ok(await report.page.locator("#totals-vm").getByText("Show more (28 further rows)").isVisible());
    await report.page.evaluate("dispatchEvent(new Event('afterprint'))");
    assert.equal(await report.page.locator("#lanes-rest").textContent(), "");
  });
});
