/** Values as KQL literals, quoted so that no value can end its literal. */

/**
 * Characters that a string literal must escape: its quote, its escape character, and everything that ends or disturbs a
 * line.
 */
const special = /["\\\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/**
 * Returns a KQL string literal (kusto, scalar-data-types/string: escapes are those of C#). Control characters and line
 * separators become `\uXXXX`; a lone surrogate, which cannot be part of a request body, becomes U+FFFD.
 */
export function kqlString(text: string): string {
  const escaped = text
    .toWellFormed()
    .replace(special, (character) =>
      character === '"' || character === "\\"
        ? `\\${character}`
        : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  return `"${escaped}"`;
}

/** Returns a KQL datetime literal, with milliseconds and in UTC. */
export function kqlDatetime(instant: Date): string {
  return `datetime(${instant.toISOString()})`;
}
