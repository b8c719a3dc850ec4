/**
 * Reads one tuple of a virtual network flow log: the state of a connection at one moment. Fields and states are those of
 * "Virtual network flow logs" (azure-docs, vnet-flow-logs-overview.md, "Log format").
 */
import { isIP } from "node:net";
import type { FlowState } from "../trail/types.ts";

/** A tuple of an inbound TCP connection, with facts of its record. */
export interface FlowTuple {
  /** The tuple, unchanged. */
  readonly text: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly sourceIp: string;
  readonly sourcePort: number;
  /** Private address of the VM. */
  readonly vmIp: string;
  /** Port on the VM. */
  readonly port: number;
  readonly state: FlowState;
  /** Bytes in both directions since the previous tuple. */
  readonly bytes: number;
  /** Name without `UserRule_` or `DefaultRule_`; null if the log names none. */
  readonly rule: string | null;
  /** Resource GUID of the network security group; null if the log names none. */
  readonly group: string | null;
}

/** The rule under which a record groups tuples. */
export type FlowGroup = Pick<FlowTuple, "rule" | "group">;

/** IANA protocol number. */
export const tcp = 6;

/** A tuple, `passedOver` if it is not of an inbound TCP connection, or the reason why it cannot be read. */
export type ReadTuple = { readonly tuple: FlowTuple } | "passedOver" | { readonly reason: string };

export function tupleOf(text: unknown, group: FlowGroup): ReadTuple {
  if (typeof text !== "string") return { reason: "A flow tuple is not a text." };
  const fields = text.split(",").map((field) => field.trim());
  const [time = "", sourceIp = "", vmIp = "", sourcePort = "", port = "", protocol = "", direction = "", state = ""] =
    fields;
  const [bytesOut = "", bytesIn = ""] = [fields[10], fields[12]];
  if (fields.length < 8) return unread(text, `it has ${fields.length} of 13 fields`);
  if (!/^\d{1,3}$/.test(protocol)) return unread(text, `its protocol is "${protocol}"`);
  if (!/^[IO]$/i.test(direction)) return unread(text, `its direction is "${direction}"; known are I and O`);
  if (protocol !== String(tcp) || direction.toUpperCase() !== "I") return "passedOver";
  const at = millisecondsOf(time);
  if (at === undefined) return unread(text, `its time is "${time}"`);
  if (isIP(sourceIp) === 0 || isIP(vmIp) === 0) return unread(text, "it lacks an IP address");
  if (!isPort(sourcePort) || !isPort(port)) return unread(text, "it lacks a port");
  if (!isState(state)) return unread(text, `its state is "${state}"; known are B, C, E and D`);
  // In Microsoft's own samples, the counts of a begin are empty in one place and zero in another.
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

/** Microsoft's samples have milliseconds in one place and seconds in another. Seconds read as milliseconds would be in 1970. */
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

/** Returns a rule's own name. In some of Microsoft's samples, flow logs prefix it with `UserRule_` or `DefaultRule_`. */
export function ruleNameOf(text: string | null): string | null {
  const name = text?.replace(/^(?:User|Default)Rule_/i, "") ?? "";
  return name === "" || name.toLowerCase() === "unspecified" ? null : name;
}
