/** Strings, trailing commas, and numbers that JSON does not allow. */
const beyondJson = /"(?:[^"\\]|\\.)*"|,(?=\s*[\]}])|-?\b(?:nan|inf(?:inity)?)\b/gi;

/** Returns whether a line begins an object or a list. */
export function beginsJson(line: string): boolean {
  return /^\s*[{[]/.test(line);
}

/** Digits of a number that JavaScript may round. */
const manyDigits = /\d{16}/;

/**
 * Parses JSON, and what DuckDB's parser also accepts: a trailing comma, and `NaN` and `Infinity`, which become null. Otherwise
 * the same line could be readable in one file and unreadable in another. A whole number that JavaScript would round becomes a
 * text: rounded ids would be the same.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  try {
    return exactly(text);
  } catch (error) {
    const json = text.replace(beyondJson, (found) => (found.startsWith('"') ? found : found === "," ? "" : "null"));
    if (json === text) throw error;
    return exactly(json);
  }
}

function exactly(text: string): unknown {
  return manyDigits.test(text) ? JSON.parse(text, unrounded) : JSON.parse(text);
}

/** @param context has the text of the number in the source. */
function unrounded(_: string, value: unknown, ...[context]: { readonly source?: string }[]): unknown {
  const source = context?.source ?? "";
  return typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? source : value;
}
