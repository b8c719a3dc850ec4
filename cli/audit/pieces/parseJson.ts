/** Strings, trailing commas, and numbers that JSON does not allow. */
const beyondJson = /"(?:[^"\\]|\\.)*"|,(?=\s*[\]}])|-?\b(?:nan|inf(?:inity)?)\b/gi;

/**
 * Parses JSON, and what DuckDB's parser also accepts: a trailing comma, and `NaN` and `Infinity`, which become null. Otherwise
 * the same line could be readable in one file and unreadable in another.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const json = text.replace(beyondJson, (found) => (found.startsWith('"') ? found : found === "," ? "" : "null"));
    if (json === text) throw error;
    return JSON.parse(json);
  }
}
