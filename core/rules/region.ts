/** A region in the form that ARM answers with: it takes `West Europe` for `westeurope`. */
export function regionName(location: string): string {
  return location.replaceAll(" ", "").toLowerCase();
}
