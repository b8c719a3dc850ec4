import type { Problem } from "./problem.ts";

/**
 * Returns every given setting of a resource that is adopted: it belongs to somebody else, and only what a component
 * creates gets the component's settings.
 * @param what - the resource, for example `host`.
 * @param adoptedBy - the argument that adopts it.
 * @param settings - the settings by argument; `undefined` means not given.
 */
export function adoptedSettingProblems(
  what: string,
  adoptedBy: string,
  settings: Readonly<Record<string, unknown>>,
): Problem[] {
  const reason = `not allowed with ${adoptedBy}: an adopted ${what} keeps its own settings`;
  return Object.entries(settings).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value, reason }]));
}
