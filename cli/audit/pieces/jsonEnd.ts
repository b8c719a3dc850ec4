/** Scans JSON text in chunks for the end of the object or array that it begins with. */
export class JsonEnd {
  /** Closing characters that are still missing, outermost first. */
  readonly #due: string[];
  #inString = false;
  #escaped = false;
  /** The last character that is neither white space nor inside a string. */
  #last = "";

  /** @param due closing characters for the brackets opened before the text. */
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
          // A closing bracket of the wrong kind also ends the value: no parser accepts it, and the text after it may be intact.
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

  /** Whether the text so far ends inside a string, where JSON allows no line break. */
  get inString(): boolean {
    return this.#inString;
  }

  /** Whether an object may begin here. */
  get takesObject(): boolean {
    return this.#last === ":" || (this.#due.at(-1) === "]" && (this.#last === "[" || this.#last === ","));
  }
}
