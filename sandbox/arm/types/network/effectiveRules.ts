import type { JsonObject, ResourceReader } from "../../model.ts";

/** One inbound flow that asks to reach a VM. */
export interface InboundFlow {
  readonly store: ResourceReader;
  readonly vmId: string;
  /** IPv4 address, e.g. one of the Bastion subnet. */
  readonly sourceAddress: string;
  readonly port: number;
  readonly protocol: "Tcp" | "Udp" | "Icmp";
}

/** The rule that decided a flow. */
export interface DecidingRule {
  readonly name: string;
  readonly priority: number;
  readonly access: "Allow" | "Deny";
  /** The rule's ARM id. */
  readonly id: string;
  /** The rule's wire properties. */
  readonly properties: JsonObject;
}

/** What the NSGs on the way (subnet first, then NIC, as Azure evaluates inbound flows) say to a flow. */
export interface InboundDecision {
  readonly allowed: boolean;
  /** The rule that refused the flow, or the last one that let it pass; absent where no NSG stands in the way. */
  readonly rule: DecidingRule | undefined;
  readonly nsgId: string | undefined;
  readonly nicId: string;
}

/**
 * Whether a flow reaches the VM's primary NIC.
 * @throws ArmError `ResourceNotFound` when there is no such VM or it has no NIC.
 */
export declare function evaluateInbound(flow: InboundFlow): InboundDecision;
