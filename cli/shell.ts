/** Returns a word for the shell, quoted only if necessary. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `"${text.replaceAll(/["\\$\x60]/g, String.raw`\$&`)}"`;
}
