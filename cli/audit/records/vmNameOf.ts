/** The name of a VM by its ARM id. An instance of a scale set has a number for a name; Azure calls it by both (`web_3`). */
export function vmNameOf(id: string): string {
  const segments = id.split("/");
  const last = segments.at(-1) ?? id;
  return /\/virtualMachineScaleSets\//i.test(id) ? `${segments[8] ?? ""}_${last}` : last;
}
