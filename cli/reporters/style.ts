/** Texts for a terminal. */
import { stripVTControlCharacters, styleText } from "node:util";

export type Colour = "red" | "yellow" | "green" | "gray" | "bold";

export function paint(text: string, colour: Colour | undefined): string {
  // The caller knows whether its stream takes colours.
  return colour === undefined ? text : styleText(colour, text, { validateStream: false });
}

/**
 * A text without what a terminal would act on. Accounts and user agents are chosen by whoever tries to log in, so a log
 * may hold an escape sequence that moves the cursor or hides a line.
 */
export function printable(text: string): string {
  // \p{Cf} holds the marks that turn the direction of writing.
  return stripVTControlCharacters(text).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\u{FFFD}");
}
