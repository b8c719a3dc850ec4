import assert from "node:assert/strict";
import { rows, story, withoutRecords } from "../cli/report/story.ts";
import { sessionsTable, storyPage } from "./storyPage.ts";

describe("the details on the page of a report", () => {
  const report = storyPage();

  it("opens a session's details by keyboard, with the raw records of the session, its request and its rule", async () => {
    await report.page.locator("#table-scroller").focus();
    await report.page.keyboard.press("ArrowDown");
    await report.page.keyboard.press("ArrowUp");
    assert.match(
      (await report.page.locator("#spoken").textContent()) ?? "",
      /^Row 1 of 6: Verdict granted, Start \(UTC\) 2026-05-04 08:05:00/,
    );
    await report.page.keyboard.press("Enter");
    const details = report.page.getByRole("complementary", { name: "Details" });
    await details.getByText("write of MicrosoftDefenderForCloud-JITRule-1").waitFor();
    assert.equal(await details.getByRole("heading", { level: 2 }).textContent(), "Session a000000000000000");
    assert.equal(await report.page.evaluate("document.activeElement.textContent"), "Session a000000000000000");
    assert.match(await details.innerText(), /Because it is granted\./);
    assert.match(await details.innerText(), /Ended by\s+revoked/);
    assert.match(await details.innerText(), /Asked until\s+2026-05-04 11:00:00/);
    assert.match(
      await details.innerText(),
      /Link: correlation\. Defender for Cloud wrote the rule under the request's correlation id\./,
    );
    assert.deepEqual(await details.locator("pre").allTextContents(), [
      '{\n  "tunnelId": "2f1a7a4e-90b8-4c0f-a1f3-000000000000",\n  "message": "Connected"\n}',
      '{\n  "operationName": "initiate",\n  "id": "req-granted"\n}',
      "write of MicrosoftDefenderForCloud-JITRule-1",
    ]);
    await report.page.keyboard.press("Escape");
    assert.ok(await details.isHidden());
    assert.equal(await report.page.evaluate("document.activeElement.id"), "table-scroller");
  });

  it("says what an inferred link rests on, whether a request or a rule fits", async () => {
    const [row] = rows;
    await report.show({
      ...story,
      sessions: withoutRecords([{ ...row!, link: "inferred" }]),
    });
    await report.page.locator(`${sessionsTable} tbody tr`).click();
    assert.match(
      await report.page.locator("#details").innerText(),
      /Link: inferred\. No log names the rule, but exactly one request or rule fits the VM, its port and address, the source and the time\./,
    );
  });

  it("returns the keyboard focus to the name whose details were closed, or that was chosen", async () => {
    const focused = async (): Promise<unknown> => report.page.evaluate("document.activeElement.textContent");
    await report.page.getByRole("button", { name: "AllowFromMyDesk" }).focus();
    await report.page.keyboard.press("Enter");
    assert.equal(await focused(), "Rule AllowFromMyDesk");
    await report.page.keyboard.press("Escape");
    assert.equal(await focused(), "AllowFromMyDesk");
    await report.page.locator("#totals-person").getByRole("button", { name: "ada@example.com" }).focus();
    await report.page.keyboard.press("Enter");
    await report.page.locator("#totals-person tbody tr").nth(1).waitFor({ state: "detached" });
    assert.equal(await focused(), "ada@example.com");
  });

  it("shows known findings as accepted", async () => {
    const [row] = rows;
    const accepted = { reason: "migration", owner: "ops@example.com", expires: "2026-06-01T00:00:00.000Z" };
    await report.show({
      ...story,
      sessions: [{ session: { ...row!, flags: ["late" as const], accepted }, ruleId: null, records: [] }],
    });
    assert.equal((await report.cells(sessionsTable))[0]?.at(-1), "late, accepted");
    await report.page.locator("#flag").selectOption("accepted");
    assert.equal(await report.page.locator("#count").textContent(), "1 of 1 session");
    await report.page.locator(`${sessionsTable} tbody tr`).click();
    assert.match(
      await report.page.locator("#details").innerText(),
      /Accepted\s+migration \(ops@example\.com, until 2026-06-01 00:00:00\)/,
    );
  });
});
