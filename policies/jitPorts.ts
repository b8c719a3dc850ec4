import { list, record } from "./values.ts";

/** Returns the entries of a JIT policy for all ports of its VMs. */
export function jitPorts({
  virtualMachines,
}: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[] {
  return list(virtualMachines).flatMap((vm) => list(record(vm).ports).map(record));
}
