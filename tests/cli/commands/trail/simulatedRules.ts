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
  readonly port: string;
  readonly description: string;
  readonly time: RuleTime;
}

export function addressOf(vm: VmName): string {
  return `10.60.1.${4 + vms.indexOf(vm)}`;
}

/** An id of `web`, for a VM. */
export function of(vm: VmName, id: string): string {
  return id.replace(/web(?=$|-nsg$)/, vm);
}

export function isJit({ name }: Pick<Rule, "name">): boolean {
  return name.includes("JITRule");
}

/** A rule as Azure's REST API has it. */
export function wire(vm: VmName, { name, priority, allows, source, port, description }: Rule): object {
  return wireRule(name, {
    ...{ access: allows ? "Allow" : "Deny", priority, description },
    ...{ sourceAddressPrefix: source, destinationPortRange: port },
    destinationAddressPrefix: isJit({ name }) ? addressOf(vm) : "*",
  });
}
