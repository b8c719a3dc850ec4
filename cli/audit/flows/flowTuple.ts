/**
 * One line of a virtual network flow log: what the log says of a connection at one moment. Fields and states are those of
 * "Virtual network flow logs" (azure-docs, vnet-flow-logs-overview.md, "Log format").
 */
import { isIP } from "node:net";
import type { FlowState } from "../trail/types.ts";

/** A tuple with the record around it. Only inbound TCP connections. */
export interface FlowTuple {
  /** As the log has it. */
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly sourceIp: string;
  readonly sourcePort: number;
  /** Of the VM. */
  readonly vmIp: string;
  /** On the VM. */
  readonly port: number;
  readonly state: FlowState;
  /** Both directions, since the tuple before. */
  readonly bytes: number;
  /** Without `UserRule_` or `DefaultRule_`; null where the log names none. */
  readonly rule: string | null;
  /** Resource GUID of the network security group; null where the log names none. */
  readonly group: string | null;
}

/** The rule that a record groups tuples under. */
export type FlowGroup = Pick<FlowTuple, "rule" | "group">;

/** IANA number. */
export const tcp = 6;

/** A tuple, `passedOver` for one that is not of an inbound TCP connection, or why it cannot be read. */
export type ReadTuple = { readonly tuple: FlowTuple } | "passedOver" | { readonly reason: string };

export function tupleOf(text: unknown, group: FlowGroup): ReadTuple {
  if (typeof text !== "string") return { reason: "A flow tuple is not a text." };
  const fields = text.split(",").map((field) => field.trim());
  const [time = "", sourceIp = "", vmIp = "", sourcePort = "", port = "", protocol = "", direction = "", state = ""] =
    fields;
  const [bytesOut = "", bytesIn = ""] = [fields[10], fields[12]];
  if (fields.length < 8) return unread(text, `it has ${fields.length} fields instead of 13`);
  if (protocol !== String(tcp) || direction.toUpperCase() !== "I") return "passedOver";
  const at = millisecondsOf(time);
  if (at === undefined) return unread(text, `its time is "${time}"`);
  if (isIP(sourceIp) === 0 || isIP(vmIp) === 0) return unread(text, "it lacks an IP address");
  if (!isPort(sourcePort) || !isPort(port)) return unread(text, "it lacks a port");
  if (!isState(state)) return unread(text, `its state is "${state}"; known are B, C, E and D`);
  // Microsoft's own samples leave the counts of a begin empty in one place and have zeros in another.
  if (!isCount(bytesOut) || !isCount(bytesIn)) return unread(text, "its bytes are not a number");
  return {
    tuple: {
      text,
      at,
      sourceIp,
      sourcePort: Number(sourcePort),
      vmIp,
      port: Number(port),
      state,
      bytes: Number(bytesOut) + Number(bytesIn),
      ...group,
    },
  };
}

/** Characters of a tuple that a message repeats. */
const longest = 120;

function unread(text: string, why: string): { reason: string } {
  return { reason: `The flow tuple "${text.slice(0, longest)}" cannot be read: ${why}.` };
}

/** Microsoft's samples have milliseconds in one place and seconds in another; seconds would be in 1970 as milliseconds. */
function millisecondsOf(text: string): number | undefined {
  if (!/^\d{9,14}$/.test(text)) return undefined;
  const number = Number(text);
  return text.length <= 11 ? number * 1000 : number;
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}

function isCount(text: string): boolean {
  return /^\d{0,15}$/.test(text);
}

function isState(text: string): text is FlowState {
  return /^[BCED]$/.test(text);
}

/** A rule's own name: flow logs write `UserRule_` or `DefaultRule_` before it in some of Microsoft's samples, and nothing in others. */
export function ruleNameOf(text: string | null): string | null {
  const name = text?.replace(/^(?:User|Default)Rule_/i, "") ?? "";
  return name === "" || name.toLowerCase() === "unspecified" ? null : name;
}
