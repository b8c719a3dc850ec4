/** The words of a text, for a table of many names. */
export function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
