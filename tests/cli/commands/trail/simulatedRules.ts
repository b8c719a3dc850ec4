/** Rules and requests of a simulated Azure. Times are seconds after noon of 2026-05-04. */
import { wireRule } from "../../audit/activity/events.ts";

export const vms = ["web", "db"] as const;
export type VmName = (typeof vms)[number];

/** From one write of a rule that changed it to the next. */
export interface RuleTime {
  readonly name: string;
  readonly author: string;
  /** The request that Defender wrote it for. */
  readonly request: Request | null;
  readonly allows: boolean;
  readonly from: number;
  until: number | null;
}

export interface Request {
  readonly vm: VmName;
  readonly port: number;
  readonly by: string;
  readonly from: number;
  readonly askedUntil: number;
  /** When it really ended. */
  until: number;
  endedBy: "expired" | "revoked" | "replaced";
  rule: string;
}

export interface Rule {
  readonly name: string;
  readonly priority: number;
  readonly allows: boolean;
  readonly source: string;
  /** Ports and ranges of them, separated by commas, or `*`. */
  readonly port: string;
  readonly destination: string;
  readonly description: string;
  readonly time: RuleTime;
}

/** An id of `web`, for a VM. */
export function of(vm: VmName, id: string): string {
  return id.replace(/web(?=$|-nsg$)/, vm);
}

export function isJit({ name }: Pick<Rule, "name">): boolean {
  return name.includes("JITRule");
}

/** Whether a connection from the Bastion host's subnet to a port of an address is one that a rule is for. */
export function isFor({ source, port: ports, destination }: Rule, address: string, port: number): boolean {
  const isPort = ports.split(",").some((range) => {
    const [first, last = first] = range.split("-");
    return range === "*" || (Number(first) <= port && port <= Number(last));
  });
  return isPort && ["*", address].includes(destination) && source !== "192.0.2.0/24";
}

/** A rule as Azure's REST API has it. */
export function wire({ name, priority, allows, source, port, destination, description }: Rule): object {
  const ports = port.split(",");
  return wireRule(name, {
    ...{ access: allows ? "Allow" : "Deny", priority, description },
    ...{ sourceAddressPrefix: source, destinationAddressPrefix: destination },
    ...(ports.length === 1
      ? { destinationPortRange: port }
      : { destinationPortRange: undefined, destinationPortRanges: ports }),
  });
}
