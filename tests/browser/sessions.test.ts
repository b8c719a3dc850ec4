import assert from "node:assert/strict";
import { sessionsTable, storyPage } from "./storyPage.ts";

describe("the sessions on the page of a report", () => {
  const report = storyPage();

  it("says what it shows, of what time, from where and by which version", async () => {
    assert.equal(
      await report.page.locator("#about").textContent(),
      "2026-05-04 00:00 to 2026-05-05 00:00 UTC · 6 sessions · read from the archive staudit · written 2026-05-05 06:00:00 UTC by " +
        "bastion-trail 1.2.3",
    );
    assert.equal(await report.page.title(), "Access trail 2026-05-04 00:00 to 2026-05-05 00:00");
  });

  it("has every session as a row of a real table, with its verdict as letter and word", async () => {
    const cells = await report.cells(sessionsTable);
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
    const table = report.page.getByRole("table", { name: "Sessions" });
    assert.equal(await table.getAttribute("aria-rowcount"), "7");
    assert.match(
      await table.ariaSnapshot(),
      /- 'row "granted 2026-05-04 08:05:00 30m ada@example.com web ada@example.com: INC-1042 log rotation 22 ssh/,
    );
  });

  it("sorts by each column, findings first by verdict", async () => {
    await report.page.getByRole("button", { name: "Verdict", exact: true }).click();
    assert.deepEqual(await report.verdicts(), [
      "bypassed",
      "ungranted",
      "borrowed",
      "unverified",
      "unknown",
      "granted",
    ]);
    await report.page.getByRole("button", { name: "Person", exact: true }).click();
    const people = (await report.cells(sessionsTable)).map((cells) => cells[3]);
    assert.deepEqual(people, [
      "ada@example.com",
      "ada@example.com",
      "bob@example.com",
      "eve@example.com",
      "mallory@example.com",
      "(azureuser)",
    ]);
    await report.page.getByRole("button", { name: "Requested by" }).click();
    const requestors = (await report.cells(sessionsTable)).map((cells) => cells[5]);
    assert.deepEqual(requestors, [...Array<string>(3).fill("ada@example.com: INC-1042 log rotation"), "–", "–", "–"]);
    await report.page.getByRole("button", { name: "Start (UTC)" }).click();
    await report.page.getByRole("button", { name: "Start (UTC)" }).click();
    assert.equal((await report.verdicts())[0], "unknown");
    assert.equal(await report.page.locator("th.column-start").getAttribute("aria-sort"), "descending");
  });
});
