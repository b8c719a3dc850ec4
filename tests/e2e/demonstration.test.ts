import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { recordDemonstration, recordingFile } from "../../tools/demonstration.ts";

/** What differs between two runs: times, durations, names that Azure generates, counts of events that come late. */
const varying: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g, "TIME"],
  [/\d+(?:\.\d+)?s ago/g, "AGE"],
  [/(?:\d+ min )?\d+(?:\.\d+)? s\b/g, "DURATION"],
  [/JITRule-.*/g, "JITRule"],
  [/\b[0-9a-f]{8}…/g, "TUNNEL…"],
  [/from \d+ records/g, "from RECORDS"],
];

function steady(line: string): string {
  return varying.reduce((text, [pattern, word]) => text.replaceAll(pattern, word), line).trimEnd();
}

/** The lines of the picture in the README, without the command that was typed. */
function recordedLines(): string[] {
  const svg = readFileSync(recordingFile, "utf8");
  return [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)]
    .slice(1)
    .map(([, text = ""]) => text.replaceAll(/<[^>]*>/g, "").replaceAll("\u00A0", " "))
    .map((text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"));
}

/** The cells of a table below a title. */
function columnOf([titles = "", ...rows]: readonly string[], title: string): string[] {
  const start = titles.indexOf(title);
  return rows.map((row) => row.slice(start).split(/  +/)[0] ?? "");
}

describe("the demonstration", () => {
  let lines: string[];

  before(async () => {
    lines = (await recordDemonstration()).map(({ text }) => stripVTControlCharacters(text));
  });

  it("passes all of its checks", () => {
    assert.match(lines.at(-1) ?? "", /^All \d+ checks passed in /);
  });

  it("ends with the trail of its story, one session of each verdict, and the path of the report", () => {
    const trail = lines.slice(lines.indexOf("$ bastion-trail trail --since 4h") + 1);
    const end = trail.indexOf("✔ The trail as a page: .sandbox/report.html");
    assert.deepEqual(
      ["PERSON", "VM", "VERDICT", "LINK", "REQUESTED BY"].map((title) => columnOf(trail.slice(0, 7), title)),
      [
        ["ada@example.com", "ben@example.com", "(azureuser)", "eve@example.com", "eve@example.com", "eve@example.com"],
        ["web", "web", "web", "db", "desk", "desk"],
        ["granted", "borrowed", "unverified", "bypassed", "ungranted", "unknown"],
        ["flow", "flow", "flow", "flow", "none", "none"],
        ["ada@example.com", "ada@example.com", "ada@example.com", "-", "-", "-"],
      ],
    );
    assert.deepEqual(trail.slice(end + 1, end + 3), ["", "pulumi destroy"]);
  });

  it("fits one screen of 100 columns", () => {
    assert.deepEqual(
      lines.filter((line) => line.length > 100),
      [],
    );
    assert.ok(lines.length <= 50, `${lines.length} lines`);
  });

  it("is what the README shows; record it again with `npm run record`", () => {
    assert.deepEqual(lines.map(steady), recordedLines().map(steady));
  });
});
