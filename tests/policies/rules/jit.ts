import type { Part } from "../stack.ts";

export const vm: Part = {
  type: "compute:VirtualMachine",
  name: "web",
  props: { name: "web", type: "Microsoft.Compute/virtualMachines" },
};

/** A JIT policy of that VM. */
export function jitPolicy(port: object = {}, id: unknown = vmId("web"), props: Record<string, unknown> = {}): Part {
  const rule = { number: 22, allowedSourceAddressPrefix: "10.60.0.0/26", maxRequestAccessDuration: "PT3H", ...port };
  return {
    type: "security:JitNetworkAccessPolicy",
    name: "web-jit",
    props: { virtualMachines: [{ id, ports: [rule] }], ...props },
    from: { virtualMachines: ["web"] },
  };
}

export function vmId(name: string): string {
  return `/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/${name}`;
}
