/** Texts, commas before a closing bracket, and numbers that JSON does not have. */
const beyondJson = /"(?:[^"\\]|\\.)*"|,(?=\s*[\]}])|-?\b(?:nan|inf(?:inity)?)\b/gi;

/**
 * Parses JSON, and what DuckDB's parser takes beyond it: a comma after the last member, and `NaN` and `Infinity`, which count as
 * null. Otherwise a line could be read in one file and not in another.
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
