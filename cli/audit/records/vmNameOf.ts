/**
 * Returns the name of a VM from its ARM id. An instance of a scale set has a number as its name; Azure refers to it by both
 * (`web_3`).
 */
export function vmNameOf(id: string): string {
  const segments = id.split("/");
  const last = segments.at(-1) ?? id;
  return /\/virtualMachineScaleSets\//i.test(id) ? `${segments[8] ?? ""}_${last}` : last;
}
