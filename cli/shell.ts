/** A word for the shell: as it is, or in quotation marks. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `"${text.replaceAll(/["\\$\x60]/g, String.raw`\$&`)}"`;
}
