/**
 * @returns the template with the comment `<!-- name -->` of each value replaced by the value. Other comments are kept.
 */
export function fillIn(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/<!-- (\w+) -->/g, (place, name: string) => values[name] ?? place);
}
