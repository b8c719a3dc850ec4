/** Colours for a terminal. */
import { styleText } from "node:util";

export type Colour = "red" | "yellow" | "green" | "gray" | "bold";

export function paint(text: string, colour: Colour | undefined): string {
  // The caller knows whether its stream shows colours.
  return colour === undefined ? text : styleText(colour, text, { validateStream: false });
}
