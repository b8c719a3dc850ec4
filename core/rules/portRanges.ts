/** Ports of security rules: `22`, `8000-8100`, or `*`. */

const firstPort = 0;
const lastPort = 65_535;

/** Returns the first and last port; `undefined` for anything but a port or a range. */
export function portsIn(range: string): readonly [first: number, last: number] | undefined {
  if (range === "*") return [firstPort, lastPort];
  const [, first, last = first] = /^\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?$/.exec(range) ?? [];
  return first === undefined ? undefined : [Number(first), Number(last)];
}

export function includesPort(range: string, port: number): boolean {
  const [first, last] = portsIn(range) ?? [1, 0];
  return first <= port && port <= last;
}

/** Whether ranges contain all ports together. Nothing uses port 0. */
export function coverAllPorts(ranges: readonly string[]): boolean {
  const ends = ranges.flatMap((range) => portsIn(range)?.[1] ?? []);
  const starts = [1, ...ends.map((last) => last + 1)].filter((port) => port <= lastPort);
  return starts.every((port) => ranges.some((range) => includesPort(range, port)));
}

/** Whether every port of a range is one of the given ports. */
export function consistsOf(range: string, ports: ReadonlySet<number>): boolean {
  const [first, last] = portsIn(range) ?? [firstPort, lastPort];
  if (last - first >= ports.size) return false;
  for (let port = first; port <= last; port += 1) {
    if (!ports.has(port)) return false;
  }
  return true;
}
