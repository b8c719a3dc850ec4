/** Returns a region in the form in which ARM returns it: ARM accepts `West Europe` for `westeurope`. */
export function regionName(location: string): string {
  return location.replaceAll(" ", "").toLowerCase();
}
