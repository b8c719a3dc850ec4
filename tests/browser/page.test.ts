import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { rows, story, surroundings, withoutRecords } from "../cli/report/story.ts";
import { launchChromium } from "../../bench/report/chromium.ts";
import { cellsOf, openReport, type OpenReport } from "./reportPage.ts";

const sessions = "#sessions-table";

describe("the page of a report", () => {
  let browser: Browser;
  let report: OpenReport;
  let page: Page;

  before(async () => {
    browser = await launchChromium();
  });

  beforeEach(async () => {
    report = await openReport(browser, story);
    ({ page } = report);
  });

  afterEach(async () => {
    assert.deepEqual(report.complaints, []);
    assert.deepEqual(report.asked, []);
    await report.close();
  });

  after(async () => {
    await browser.close();
  });

  const verdictsShown = async (): Promise<(string | undefined)[]> =>
    (await cellsOf(page, sessions)).map(([verdict]) => verdict?.slice(1));

  it("says what it shows, of what time, from where and by which version", async () => {
    assert.equal(
      await page.locator("#about").textContent(),
      "2026-05-04 00:00 to 2026-05-05 00:00 UTC · 6 sessions · read from the archive staudit · written 2026-05-05 06:00:00 UTC by " +
        "bastion-trail 1.2.3",
    );
    assert.equal(await page.title(), "Access trail 2026-05-04 00:00 to 2026-05-05 00:00");
  });

  it("has every session as a row of a real table, with its verdict as letter and word", async () => {
    const cells = await cellsOf(page, sessions);
    assert.deepEqual(cells[0], [
      ...["Ggranted", "2026-05-04 08:05:00", "30m", "ada@example.com", "web", "ada@example.com: INC-1042 log rotation"],
      ...["22 ssh", "203.0.113.0", "correlation", ""],
    ]);
    const [vm, db] = ["web", "db"];
    assert.deepEqual(
      cells
        .slice(1)
        .map(([verdict, start, length, person, name, by, ...others]) => [
          ...[verdict, start?.slice(11), length, person, name, by],
          others.join(" "),
        ]),
      [
        [
          "Vunverified",
          "09:05:00",
          "30m",
          "(azureuser)",
          vm,
          "ada@example.com: INC-1042 log rotation",
          "22 ssh 203.0.113.1 correlation ",
        ],
        [
          "Bborrowed",
          "10:05:00",
          "30m",
          "bob@example.com",
          vm,
          "ada@example.com: INC-1042 log rotation",
          "22 ssh 203.0.113.2 correlation late, outlived",
        ],
        ["Xbypassed", "11:05:00", "30m", "mallory@example.com", db, "–", "3389 rdp 203.0.113.3 flow "],
        ["Nungranted", "12:05:00", "30m", "eve@example.com", db, "–", "3389 rdp 203.0.113.4 none "],
        ["?unknown", "13:05:00", "open", "ada@example.com", db, "–", "3389 rdp 203.0.113.5 none "],
      ],
    );
    const table = page.getByRole("table", { name: "Sessions" });
    assert.equal(await table.getAttribute("aria-rowcount"), "7");
    assert.match(
      await table.ariaSnapshot(),
      /- 'row "granted 2026-05-04 08:05:00 30m ada@example.com web ada@example.com: INC-1042 log rotation 22 ssh/,
    );
  });

  it("counts each verdict, and filters by the counts that are clicked", async () => {
    assert.deepEqual(await page.locator(".tile-count").allTextContents(), ["1", "1", "1", "1", "1", "1"]);
    await page.getByRole("button", { name: /^bypassed/ }).click();
    await page.getByRole("button", { name: /^borrowed/ }).click();
    assert.deepEqual(await verdictsShown(), ["borrowed", "bypassed"]);
    assert.equal(await page.locator("#count").textContent(), "2 of 6 sessions");
    assert.equal(await page.getByRole("button", { name: /^bypassed/ }).getAttribute("aria-pressed"), "true");
    await page.getByRole("button", { name: "Show all" }).click();
    assert.equal((await verdictsShown()).length, 6);
  });

  it("searches while one types, in what belongs to the session, its request and its rule", async () => {
    const found = async (text: string): Promise<unknown> => {
      await page.locator("#search").fill(text);
      await page.waitForTimeout(150);
      return verdictsShown();
    };
    assert.deepEqual(await found("MALLORY"), ["bypassed"]);
    assert.deepEqual(await found("inc-1042 bob"), ["borrowed"]);
    assert.deepEqual(await found("mydesk"), ["bypassed"]);
    assert.deepEqual(await found("203.0.113.4"), ["ungranted"]);
    assert.deepEqual(await found("nobody"), []);
    assert.equal(await page.locator("#count").textContent(), "0 of 6 sessions");
  });

  it("keeps what was just typed when another filter is chosen at once", async () => {
    await page.locator("#search").fill("db");
    await page.getByRole("button", { name: /^ungranted/ }).click();
    await page.waitForTimeout(150);
    assert.deepEqual(await verdictsShown(), ["ungranted"]);
    assert.equal(await page.locator("#search").inputValue(), "db");
  });

  it("filters by person, VM, link and flag", async () => {
    await page.locator("#person").fill("ada");
    await page.waitForTimeout(150);
    assert.deepEqual(await verdictsShown(), ["granted", "unknown"]);
    await page.locator("#vm").fill("web");
    await page.waitForTimeout(150);
    assert.deepEqual(await verdictsShown(), ["granted"]);
    await page.getByRole("button", { name: "Show all" }).click();
    await page.locator("#link").selectOption("flow");
    assert.deepEqual(await verdictsShown(), ["bypassed"]);
    await page.locator("#link").selectOption("");
    await page.locator("#flag").selectOption("late");
    assert.deepEqual(await verdictsShown(), ["borrowed"]);
  });

  it("sorts by each column, findings first by verdict", async () => {
    await page.getByRole("button", { name: "Verdict", exact: true }).click();
    assert.deepEqual(await verdictsShown(), ["bypassed", "ungranted", "borrowed", "unverified", "unknown", "granted"]);
    await page.getByRole("button", { name: "Person", exact: true }).click();
    const people = (await cellsOf(page, sessions)).map((cells) => cells[3]);
    assert.deepEqual(people, [
      "ada@example.com",
      "ada@example.com",
      "bob@example.com",
      "eve@example.com",
      "mallory@example.com",
      "(azureuser)",
    ]);
    await page.getByRole("button", { name: "Requested by" }).click();
    const requestors = (await cellsOf(page, sessions)).map((cells) => cells[5]);
    assert.deepEqual(requestors, [...Array<string>(3).fill("ada@example.com: INC-1042 log rotation"), "–", "–", "–"]);
    await page.getByRole("button", { name: "Start (UTC)" }).click();
    await page.getByRole("button", { name: "Start (UTC)" }).click();
    assert.equal((await verdictsShown())[0], "unknown");
    assert.equal(await page.locator("th.column-start").getAttribute("aria-sort"), "descending");
  });

  it("opens a session's details by keyboard, with the raw records of the session, its request and its rule", async () => {
    await page.locator("#table-scroller").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    assert.match(
      (await page.locator("#spoken").textContent()) ?? "",
      /^Row 1 of 6: Verdict granted, Start \(UTC\) 2026-05-04 08:05:00/,
    );
    await page.keyboard.press("Enter");
    const details = page.getByRole("complementary", { name: "Details" });
    await details.getByText("write of MicrosoftDefenderForCloud-JITRule-1").waitFor();
    assert.equal(await details.getByRole("heading", { level: 2 }).textContent(), "Session a000000000000000");
    assert.equal(await page.evaluate("document.activeElement.textContent"), "Session a000000000000000");
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
    await page.keyboard.press("Escape");
    assert.ok(await details.isHidden());
    assert.equal(await page.evaluate("document.activeElement.id"), "table-scroller");
  });

  it("says what an inferred link rests on, whether a request or a rule fits", async () => {
    const [row] = rows;
    await report.close();
    report = await openReport(browser, {
      ...story,
      sessions: withoutRecords([{ ...row!, link: "inferred" }]),
    });
    await report.page.locator(`${sessions} tbody tr`).click();
    assert.match(
      await report.page.locator("#details").innerText(),
      /Link: inferred\. No log names the rule, but exactly one request or rule fits the VM, its port and address, the source and the time\./,
    );
  });

  it("opens the session whose bar is clicked", async () => {
    const box = await page.locator("#lanes").boundingBox();
    assert.ok(box);
    // The lane of db is the first. Its first session begins at 11:05 of a day of 24 hours.
    const x = box.x + 1 + 190 + ((box.width - 2 - 190) * (11 + 10 / 60)) / 24;
    await page.mouse.click(x, box.y + 1 + 28 + 16);
    assert.equal(await page.locator("#details h2").textContent(), "Session a300000000000000");
    assert.equal(await page.locator(`${sessions} tr[aria-selected=true] td`).first().textContent(), "Xbypassed");
  });

  it("zooms and moves the timeline by keys, and shows the sessions of that time", async () => {
    await page.locator("#lanes").focus();
    for (const key of ["+", "+", "ArrowLeft"]) await page.keyboard.press(key);
    await page.waitForTimeout(300);
    assert.equal(
      await page.locator("#count").textContent(),
      "6 of 6 sessions between 2026-05-04 07:30 and 2026-05-04 13:30 UTC",
    );
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.waitForTimeout(300);
    assert.deepEqual(await verdictsShown(), ["borrowed", "bypassed", "ungranted", "unknown"]);
    await page.keyboard.press("0");
    await page.waitForTimeout(300);
    assert.equal(await page.locator("#count").textContent(), "6 of 6 sessions");
  });

  it("totals per person and VM, and filters by the one that is clicked", async () => {
    assert.deepEqual(await cellsOf(page, "#totals-vm"), [
      ["db", "3", "", "", "", "1", "1", "1", "1h 00m"],
      ["web", "3", "1", "1", "1", "", "", "", "1h 30m"],
    ]);
    assert.deepEqual(
      (await cellsOf(page, "#totals-person")).map(([name, count]) => [name, count]),
      [
        ["bob@example.com", "1"],
        ["eve@example.com", "1"],
        ["mallory@example.com", "1"],
        ["ada@example.com", "2"],
        ["(not named)", "1"],
      ],
    );
    await page.locator("#totals-person").getByRole("button", { name: "ada@example.com" }).click();
    assert.deepEqual(await verdictsShown(), ["granted", "unknown"]);
    assert.equal(await page.locator("#person").inputValue(), "ada@example.com");
  });

  it("lists the rules, those that nobody requested first, and the grants that nobody used", async () => {
    assert.deepEqual(await cellsOf(page, "#rules"), [
      [
        "AllowFromMyDesk",
        "Opened outside JIT",
        "db",
        "3389 from *",
        "mallory@example.com",
        "2026-05-04 11:00",
        "not in the log",
        "1",
      ],
      [
        "MicrosoftDefenderForCloud-JITRule-1",
        "Written for a request",
        "web",
        "22 from 10.60.0.0/26",
        "Defender for Cloud",
        "2026-05-04 08:00",
        "2026-05-04 10:00",
        "3",
      ],
    ]);
    assert.deepEqual(await cellsOf(page, "#unused-grants"), [
      ["req-unused", "db", "3389", "eve@example.com", "2026-05-04 15:00", "2026-05-04 16:00", "expired", "never came"],
    ]);
    await page.getByRole("button", { name: "req-unused" }).click();
    await page.locator("#details pre").waitFor();
    assert.equal(
      await page.locator("#details pre").textContent(),
      '{\n  "operationName": "initiate",\n  "id": "req-unused"\n}',
    );
    await page.getByRole("button", { name: "AllowFromMyDesk" }).click();
    await page.getByText("write of AllowFromMyDesk").waitFor();
    assert.equal(await page.locator("#details h2").textContent(), "Rule AllowFromMyDesk");
  });

  it("says what it rests on: what was read of each log, gaps, what may still arrive and what is not readable", async () => {
    assert.deepEqual((await cellsOf(page, "#coverage")).slice(0, 3), [
      ["Bastion audit log", "2026-05-04 00:00", "2026-05-04 22:00", "2026-05-04 13:35", "11", "0"],
      ["Activity log", "2026-05-04 00:00", "2026-05-05 00:00", "2026-05-04 14:58", "4", "1"],
      ["Flow log", "not read", "–", "–", "–", "–"],
    ]);
    assert.deepEqual(await page.locator(".shortcomings li").allTextContents(), [
      "Bastion audit log: records of the time after 2026-05-04 22:00 may still arrive.",
      "Activity log: something could not be read from 2026-05-04 13:00 to 2026-05-04 14:00.",
      "Flow log: not read, or not exported to this source. What depends on it is unknown.",
    ]);
    assert.deepEqual((await cellsOf(page, "#coverage")).slice(3), [["PT1H.json", "12", "The line is cut off."]]);
  });

  it("returns the keyboard focus to the name whose details were closed, or that was chosen", async () => {
    const focused = async (): Promise<unknown> => page.evaluate("document.activeElement.textContent");
    await page.getByRole("button", { name: "AllowFromMyDesk" }).focus();
    await page.keyboard.press("Enter");
    assert.equal(await focused(), "Rule AllowFromMyDesk");
    await page.keyboard.press("Escape");
    assert.equal(await focused(), "AllowFromMyDesk");
    await page.locator("#totals-person").getByRole("button", { name: "ada@example.com" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("#totals-person tbody tr").nth(1).waitFor({ state: "detached" });
    assert.equal(await focused(), "ada@example.com");
  });

  it("keeps names of any length beside the other facts, also where it is narrow", async () => {
    const long = "x".repeat(300);
    const [row] = rows;
    const session = { ...row!, person: `${long}@example.com`, vm: null, vmName: long };
    await report.close();
    report = await openReport(browser, { ...story, sessions: withoutRecords([session]) });
    ({ page } = report);
    const overflowing = `[...document.querySelectorAll(".table-wrap td")].filter((cell) => cell.scrollWidth > cell.clientWidth).length`;
    assert.equal(await page.evaluate(overflowing), 0);
    await page.setViewportSize({ width: 320, height: 700 });
    const width = async (column: string): Promise<number> =>
      (await page.locator(`${sessions} tbody .column-${column}`).boundingBox())?.width ?? 0;
    assert.ok((await width("person")) > 100 && (await width("vm")) > 100);
  });

  it("prints the whole timeline, and says what it does not print", async () => {
    const [row] = rows;
    const many = Array.from({ length: 40 }, (_, index) => ({
      ...row!,
      vm: null,
      vmName: `vm-${index}`,
      person: `p${index}`,
    }));
    await report.close();
    report = await openReport(browser, { ...story, sessions: withoutRecords(many) });
    ({ page } = report);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 688, height: 1000 });
    const [frame, canvas] = [
      await page.locator("#lanes").boundingBox(),
      await page.locator("#lanes canvas").boundingBox(),
    ];
    assert.ok(frame && canvas && canvas.x + canvas.width <= frame.x + frame.width && canvas.height < 1000);
    assert.equal(
      await page.locator("#lanes-rest").textContent(),
      "6 further VMs not drawn: filter to choose which are.",
    );
    assert.ok(await page.locator("#totals-vm").getByText("Show more (28 further rows)").isVisible());
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    assert.equal(await page.locator("#lanes-rest").textContent(), "");
  });

  it("fits into 320 pixels", async () => {
    await page.setViewportSize({ width: 320, height: 700 });
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 320);
  });

  it("has dark colours where the system asks for them, and prints in light ones", async () => {
    const background = async (): Promise<unknown> => page.evaluate("getComputedStyle(document.body).backgroundColor");
    assert.equal(await background(), "rgb(245, 246, 248)");
    await page.emulateMedia({ colorScheme: "dark" });
    assert.equal(await background(), "rgb(14, 18, 22)");
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    assert.equal(await background(), "rgb(245, 246, 248)");
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    assert.equal(await background(), "rgb(14, 18, 22)");
  });

  it("shows known findings as accepted", async () => {
    const [row] = rows;
    const accepted = { reason: "migration", owner: "ops@example.com", expires: "2026-06-01T00:00:00.000Z" };
    await report.close();
    report = await openReport(browser, {
      ...story,
      sessions: [{ session: { ...row!, flags: ["late" as const], accepted }, ruleId: null, records: [] }],
    });
    ({ page } = report);
    assert.equal((await cellsOf(page, sessions))[0]?.at(-1), "late, accepted");
    await page.locator("#flag").selectOption("accepted");
    assert.equal(await page.locator("#count").textContent(), "1 of 1 session");
    await page.locator(`${sessions} tbody tr`).click();
    assert.match(
      await page.locator("#details").innerText(),
      /Accepted\s+migration \(ops@example\.com, until 2026-06-01 00:00:00\)/,
    );
  });

  it("says that what a rule opens is not in the log", async () => {
    await report.close();
    const rules = surroundings.rules.map((rule) => ({ ...rule, kind: "unread" as const, sources: [], ports: [] }));
    report = await openReport(browser, { ...story, surroundings: () => ({ ...surroundings, rules }) });
    assert.deepEqual(
      (await cellsOf(report.page, "#rules")).map((cells) => cells[3]),
      ["not in the log", "not in the log"],
    );
  });

  it("opens without a session", async () => {
    await report.close();
    report = await openReport(browser, {
      ...story,
      sessions: [],
      surroundings: () => ({ ...surroundings, grants: [], rules: [], unreadable: [] }),
      ruleIds: () => [],
    });
    assert.equal(await report.page.locator("#count").textContent(), "0 of 0 sessions");
    const lists = (): Promise<string[]> => report.page.locator("#unused-grants, #rules").allTextContents();
    assert.deepEqual(await lists(), ["None in the activity log.", "None in the activity log."]);
  });

  it("claims nothing about grants and rules if the activity log was not read", async () => {
    await report.close();
    const { coverage } = surroundings;
    report = await openReport(browser, {
      ...story,
      surroundings: () => ({
        ...{ ...surroundings, grants: [], rules: [] },
        coverage: { ...coverage, logs: { ...coverage.logs, activity: coverage.logs.flows } },
      }),
      ruleIds: () => [],
    });
    assert.deepEqual(await report.page.locator("#unused-grants, #rules").allTextContents(), [
      "Unknown: the activity log was not read.",
      "Unknown: the activity log was not read.",
    ]);
  });
});
