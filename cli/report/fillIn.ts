/** @returns a template with the comment `<!-- name -->` of each value replaced by it, and all others as they are. */
export function fillIn(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/<!-- (\w+) -->/g, (place, name: string) => values[name] ?? place);
}
