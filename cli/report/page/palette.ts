/** Reads the colours of page.css for drawing on a canvas. */
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
  /** Colours by index of the verdict: the bar, and the letter on it. */
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

/** Calls back when the colours change, because of another colour scheme or printing. */
export function onPaletteChange(run: () => void): void {
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", run);
  for (const [event, isPrinting] of [["beforeprint", true] as const, ["afterprint", false] as const]) {
    window.addEventListener(event, () => {
      document.documentElement.classList.toggle("printing", isPrinting);
      run();
    });
  }
}
