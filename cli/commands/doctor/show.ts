/** Shows the result to a person: the findings, each with its fix on separate lines, and the checks. */
import stringWidth from "string-width";
import { paint, type Colour } from "../../reporters/style.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { acceptanceText } from "../../acceptedFindings.ts";
import { withTimes } from "../../time.ts";
import type { Severity } from "./catalogue.ts";
import { bySeverity, type Finding } from "./finding.ts";
import type { CheckResult, CheckStatus } from "./run.ts";

export interface ShowStyle {
  readonly colour: boolean;
  /**
   * Width of a line in cells; `undefined` to leave sentences unwrapped. Commands are never wrapped, because they are
   * copied.
   */
  readonly width: number | undefined;
  /** Whether times are shown in the local time zone. */
  readonly local: boolean;
}

const severityColours: Readonly<Record<Severity, Colour>> = { error: "red", warning: "yellow", info: "gray" };
const statusColours: Readonly<Record<CheckStatus, Colour>> = {
  passed: "green",
  findings: "red",
  unknown: "yellow",
  skipped: "gray",
};
const indent = "    ";

/** Returns the findings, the worst first, then one line for each check. What several checks found in the same words is there once. */
export function checklistText(results: readonly CheckResult[], style: ShowStyle): string {
  const findings = results.flatMap((result) => result.findings).toSorted(bySeverity);
  const nameWidth = Math.max(...results.map(({ name }) => name.length));
  const lines = results.map(({ name, status, detail }) => {
    const head = `${painted(status.padEnd(8), statusColours[status], style)}  ${name.padEnd(nameWidth)}  `;
    const used = 8 + 2 + nameWidth + 2;
    return `${head}${wrapped(shown(detail, style), style.width, " ".repeat(used))}\n`;
  });
  return [...new Set(findings.map((finding) => `${findingText(finding, style)}\n`)), ...lines].join("");
}

function findingText({ code, severity, message, fix, accepted }: Finding, style: ShowStyle): string {
  const shownSeverity =
    accepted === null ? painted(severity, severityColours[severity], style) : `${severity} (accepted)`;
  const head = `${shownSeverity}  ${painted(code, "bold", style)}`;
  const paragraph = (sentence: string) => `${indent}${wrapped(shown(sentence, style), style.width, indent)}`;
  const text = paragraph(message);
  if (accepted !== null) return `${head}\n${text}\n${paragraph(`Accepted: ${acceptanceText(accepted)}`)}\n`;
  const commands = fix.split("\n").map((line) => `${indent}$ ${visible(line)}\n`);
  return `${head}\n${text}\n${commands.join("")}`;
}

function painted(text: string, colour: Colour, { colour: isColoured }: ShowStyle): string {
  return isColoured ? paint(text, colour) : text;
}

/** JSON and CSV keep the times in UTC. */
function shown(text: string, style: ShowStyle): string {
  return withTimes(visible(text), style);
}

/**
 * Wraps text between words.
 * @param hanging indentation of further lines; its length is also the room that the first line lacks.
 */
function wrapped(text: string, width: number | undefined, hanging: string): string {
  if (width === undefined) return text;
  const room = Math.max(20, width - hanging.length);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && stringWidth(line) + 1 + stringWidth(word) > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${hanging}`);
}
