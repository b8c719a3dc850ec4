import assert from "node:assert/strict";
import { story, surroundings } from "../cli/report/story.ts";
import { storyPage } from "./storyPage.ts";

describe("the lists on the page of a report", () => {
  const report = storyPage();

  it("totals per person and VM, and filters by the one that is clicked", async () => {
    assert.deepEqual(await report.cells("#totals-vm"), [
      ["db", "3", "", "", "", "1", "1", "1", "1h 00m"],
      ["web", "3", "1", "1", "1", "", "", "", "1h 30m"],
    ]);
    assert.deepEqual(
      (await report.cells("#totals-person")).map(([name, count]) => [name, count]),
      [
        ["bob@example.com", "1"],
        ["eve@example.com", "1"],
        ["mallory@example.com", "1"],
        ["ada@example.com", "2"],
        ["(not named)", "1"],
      ],
    );
    await report.page.locator("#totals-person").getByRole("button", { name: "ada@example.com" }).click();
    assert.deepEqual(await report.verdicts(), ["granted", "unknown"]);
    assert.equal(await report.page.locator("#person").inputValue(), "ada@example.com");
  });

  it("lists the rules, those that nobody requested first, and the grants that nobody used", async () => {
    assert.deepEqual(await report.cells("#rules"), [
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
    assert.deepEqual(await report.cells("#unused-grants"), [
      ["req-unused", "db", "3389", "eve@example.com", "2026-05-04 15:00", "2026-05-04 16:00", "expired", "never came"],
    ]);
    await report.page.getByRole("button", { name: "req-unused" }).click();
    await report.page.locator("#details pre").waitFor();
    assert.equal(
      await report.page.locator("#details pre").textContent(),
      '{\n  "operationName": "initiate",\n  "id": "req-unused"\n}',
    );
    await report.page.getByRole("button", { name: "AllowFromMyDesk" }).click();
    await report.page.getByText("write of AllowFromMyDesk").waitFor();
    assert.equal(await report.page.locator("#details h2").textContent(), "Rule AllowFromMyDesk");
  });

  it("says what it rests on: what was read of each log, gaps, what may still arrive and what is not readable", async () => {
    assert.deepEqual((await report.cells("#coverage")).slice(0, 3), [
      ["Bastion audit log", "2026-05-04 00:00", "2026-05-04 22:00", "2026-05-04 13:35", "11", "0"],
      ["Activity log", "2026-05-04 00:00", "2026-05-05 00:00", "2026-05-04 14:58", "4", "1"],
      ["Flow log", "not read", "–", "–", "–", "–"],
    ]);
    assert.deepEqual(await report.page.locator(".shortcomings li").allTextContents(), [
      "Bastion audit log: records of the time after 2026-05-04 22:00 may still arrive.",
      "Activity log: something could not be read from 2026-05-04 13:00 to 2026-05-04 14:00.",
      "Flow log: not read, or not exported to this source. What depends on it is unknown.",
    ]);
    assert.equal(
      await report.page.locator("#coverage h3").textContent(),
      "1 record could not be read, 1 value or file skipped",
    );
    assert.deepEqual((await report.cells("#coverage")).slice(3), [
      ["PT1H.json", "12", "not read", "The line is cut off."],
      ["notes.txt", "whole file", "skipped", "This is not a log."],
    ]);
  });

  it("says that what a rule opens is not in the log", async () => {
    const rules = surroundings.rules.map((rule) => ({ ...rule, kind: "unread" as const, sources: [], ports: [] }));
    await report.show({ ...story, surroundings: () => ({ ...surroundings, rules }) });
    assert.deepEqual(
      (await report.cells("#rules")).map((cells) => cells[3]),
      ["not in the log", "not in the log"],
    );
  });

  it("opens without a session", async () => {
    await report.show({
      ...story,
      sessions: [],
      surroundings: () => ({ ...surroundings, grants: [], rules: [], unread: { lost: 0, aside: 0 }, unreadable: [] }),
      ruleIds: () => [],
    });
    assert.equal(await report.page.locator("#count").textContent(), "0 of 0 sessions");
    const lists = (): Promise<string[]> => report.page.locator("#unused-grants, #rules").allTextContents();
    assert.deepEqual(await lists(), ["None in the activity log.", "None in the activity log."]);
  });

  it("claims nothing about grants and rules if the activity log was not read", async () => {
    const { coverage } = surroundings;
    await report.show({
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
