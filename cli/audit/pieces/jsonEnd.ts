/** Follows JSON text, piece by piece, to the end of the object or array it begins with. */
export class JsonEnd {
  /** Closing characters that are due, outermost first. */
  readonly #due: string[];
  #inString = false;
  #escaped = false;
  /** The last character that is neither white space nor inside a string. */
  #last = "";

  /** @param due closing characters of what was opened before the text. */
  constructor(...due: ("}" | "]")[]) {
    this.#due = due;
  }

  /** @returns the position after the closing bracket, or `undefined` if it is not in `text`. */
  follow(text: string, from = 0): number | undefined {
    for (let at = from; at < text.length; at++) {
      const character = text.charAt(at);
      if (this.#inString) {
        if (this.#escaped) {
          this.#escaped = false;
        } else if (character === "\\") {
          this.#escaped = true;
        } else if (character === '"') {
          this.#inString = false;
        }
        continue;
      }
      switch (character) {
        case '"':
          this.#inString = true;
          break;
        case "{":
          this.#due.push("}");
          break;
        case "[":
          this.#due.push("]");
          break;
        case "}":
        case "]":
          // A closing bracket of the wrong kind ends the value as well: no parser takes it, and what follows may be sound.
          if (this.#due.pop() !== character || this.#due.length === 0) {
            return at + 1;
          }
          break;
        case " ":
        case "\t":
        case "\r":
        case "\n":
          continue;
      }
      this.#last = character;
    }
    return undefined;
  }

  /** Whether the text so far ends inside a string: a line break there is no JSON. */
  get inString(): boolean {
    return this.#inString;
  }

  /** Whether an object may begin here. */
  get takesObject(): boolean {
    return this.#last === ":" || (this.#due.at(-1) === "]" && (this.#last === "[" || this.#last === ","));
  }
}
