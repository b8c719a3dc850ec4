import { list, record } from "./values.ts";

/** What a JIT policy says of each port of its VMs. */
export function jitPorts({
  virtualMachines,
}: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[] {
  return list(virtualMachines).flatMap((vm) => list(record(vm).ports).map(record));
}
