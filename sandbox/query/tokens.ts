/** A token of a KQL text. `space` is white space and comments. */
export interface Token {
  readonly kind: "space" | "string" | "name" | "other";
  readonly text: string;
}

/**
 * Strings come first, so that their content is not parsed as code (kusto, scalar-data-types/string): ```multi-line```,
 * @"verbatim" with doubled quotes, "escaped", each with an optional `h` prefix.
 */
const forms: readonly (readonly [Token["kind"], RegExp])[] = [
  ["space", /(?:\s+|\/\/[^\n]*)+/y],
  ["string", /[hH]?(?:```[^]*?```|~~~[^]*?~~~)/y],
  ["string", /[hH]?@(?:"(?:[^"]|"")*"|'(?:[^']|'')*')/y],
  ["string", /[hH]?(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/y],
  ["name", /[A-Za-z_$][\w$]*/y],
  ["other", /[^]/y],
];

/** Splits a KQL text into tokens, which together are the text again. */
export function tokensOf(kql: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < kql.length;) {
    for (const [kind, form] of forms) {
      form.lastIndex = at;
      const text = form.exec(kql)?.[0];
      if (text !== undefined && text !== "") {
        tokens.push({ kind, text });
        at += text.length;
        break;
      }
    }
  }
  return tokens;
}
