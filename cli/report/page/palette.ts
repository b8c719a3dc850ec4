/** The colours of page.css, for what is drawn on a canvas. */
import { verdicts } from "./verdicts.ts";

export interface Palette {
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly grant: string;
  readonly grantEdge: string;
  readonly rule: string;
  readonly ruleFinding: string;
  readonly gap: string;
  readonly accent: string;
  /** By the verdict's index: its bar, and the letter on it. */
  readonly verdict: readonly string[];
  readonly onVerdict: readonly string[];
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    surface: value("surface"),
    text: value("text"),
    muted: value("muted"),
    line: value("line"),
    grant: value("grant"),
    grantEdge: value("grant-edge"),
    rule: value("rule"),
    ruleFinding: value("rule-finding"),
    gap: value("gap"),
    accent: value("accent"),
    verdict: verdicts.map(({ name }) => value(name)),
    onVerdict: verdicts.map(({ name }) => value(`on-${name}`)),
  };
}

/** Calls back when the colours change: another scheme, or a print. */
export function onPaletteChange(run: () => void): void {
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", run);
  for (const [event, isPrinting] of [["beforeprint", true] as const, ["afterprint", false] as const]) {
    window.addEventListener(event, () => {
      document.documentElement.classList.toggle("printing", isPrinting);
      run();
    });
  }
}
