/** Renders a terminal recording as an animated SVG of a few kilobytes, whose text can be selected and read aloud. */
import { createAnsiSequenceParser, type ParseToken } from "ansi-sequence-parser";

export interface RecordedLine {
  /** Text with ANSI escape sequences for its colours. */
  readonly text: string;
  /** Milliseconds since the start. */
  readonly at: number;
}

const columns = 100;
const cell = { width: 7.83, height: 18 } as const;
const margin = 16;

/** Longest wait between two lines, in milliseconds. Longer ones are cut, because nobody watches a deployment. */
const longestWait = 900;

/** How long the complete picture stays before the animation restarts, in milliseconds. */
const rest = 15_000;

const colours: Readonly<Record<string, string>> = {
  red: "#ff7b72",
  green: "#56d364",
  yellow: "#e3b341",
  brightBlack: "#8b949e",
};

/** @param command the typed command, shown as the first line. */
export function recordingSvg(lines: readonly RecordedLine[], command: string): string {
  const rows = [{ text: `$ ${command}`, at: 0 }, ...lines];
  const times = withoutWaits(rows.map(({ at }) => at));
  const total = (times.at(-1) ?? 0) + rest;
  const moments = [...new Set(times)];
  const parser = createAnsiSequenceParser();
  const width = Math.ceil(columns * cell.width + 2 * margin);
  const height = rows.length * cell.height + 2 * margin;
  const texts = rows.map(({ text }, index) => {
    const y = margin + cell.height * (index + 1) - 5;
    const moment = moments.indexOf(times[index] ?? 0);
    return `<text x="${margin}" y="${y}" class="m${moment}">${parser.parse(text).map(span).join("")}</text>`;
  });
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(command)}</title>`,
    "<style>",
    "text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#e6edf3;white-space:pre}",
    ".b{font-weight:700}",
    "@media (prefers-reduced-motion:no-preference){",
    ...moments.map((at, index) => appearing(`m${index}`, (100 * at) / total, total)),
    "}",
    "</style>",
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    ...texts,
    "</svg>",
  ].join("\n")}\n`;
}

/** A class whose elements are hidden until a given percentage of the total time. */
function appearing(name: string, percent: number, total: number): string {
  const before = percent.toFixed(2);
  const after = (percent + 0.01).toFixed(2);
  return `@keyframes ${name}{0%,${before}%{opacity:0}${after}%,100%{opacity:1}}.${name}{animation:${name} ${total}ms infinite}`;
}

function withoutWaits(times: readonly number[]): number[] {
  let before = 0;
  let shown = 0;
  return times.map((at) => {
    shown += Math.min(at - before, longestWait);
    before = at;
    return shown;
  });
}

function span({ value, foreground, decorations }: ParseToken): string {
  const fill = foreground?.type === "named" ? colours[foreground.name] : undefined;
  const attributes = `${decorations.has("bold") ? ' class="b"' : ""}${fill === undefined ? "" : ` fill="${fill}"`}`;
  // Some viewers drop leading white space of an element.
  const text = escaped(value).replaceAll(" ", "\u00A0");
  return attributes === "" ? text : `<tspan${attributes}>${text}</tspan>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
