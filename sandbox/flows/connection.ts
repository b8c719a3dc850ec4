import { createHash } from "node:crypto";

/** A TCP connection that reaches a VM's network interface, with the rule that decided about it. */
export interface Connection {
  readonly nicId: string;
  readonly subnetId: string;
  /** `00-0D-3A-...`, as the interface shows it. */
  readonly macAddress: string;
  readonly sourceIp: string;
  readonly sourcePort: number;
  readonly destinationIp: string;
  readonly destinationPort: number;
  /** Resource GUID of the network security group that decided; `unspecified` where none did. */
  readonly aclId: string;
  /** `UserRule_NAME`, `DefaultRule_NAME`, or `unspecified`. */
  readonly rule: string;
}

/** What a flow log says of a connection at one moment. */
export interface Tuple {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Begin, continuing, end, denied. */
  readonly state: "B" | "C" | "E" | "D";
  /** Since the tuple before; none in B and D. */
  readonly traffic: Traffic;
}

export interface Traffic {
  readonly packetsSent: number;
  readonly bytesSent: number;
  readonly packetsReceived: number;
  readonly bytesReceived: number;
}

export const noTraffic: Traffic = { packetsSent: 0, bytesSent: 0, packetsReceived: 0, bytesReceived: 0 };

/**
 * What an interactive session sends and receives in a time: about a packet a second each way, and no two connections the same.
 * The same connection and times give the same traffic.
 */
export function trafficOf(connection: Connection, from: number, to: number): Traffic {
  const digest = createHash("sha256").update(`${connection.sourceIp}:${connection.sourcePort} ${from} ${to}`).digest();
  const seconds = Math.max(1, Math.round((to - from) / 1000));
  const [sent = 0, received = 0, sizeSent = 0, sizeReceived = 0] = digest;
  const packetsSent = 12 + seconds + (sent % 16);
  const packetsReceived = 10 + seconds + (received % 16);
  return {
    packetsSent,
    bytesSent: packetsSent * (66 + (sizeSent % 64)),
    packetsReceived,
    bytesReceived: packetsReceived * (90 + sizeReceived),
  };
}

/** A tuple in the form of virtual network flow logs (vnet-flow-logs-overview.md, "Log format"); 6 is TCP, NX is unencrypted. */
export function tupleText(connection: Connection, { at, state, traffic }: Tuple): string {
  const { sourceIp, destinationIp, sourcePort, destinationPort } = connection;
  const { packetsSent, bytesSent, packetsReceived, bytesReceived } = traffic;
  const ends = [at, sourceIp, destinationIp, sourcePort, destinationPort, 6, "I"];
  return [...ends, state, "NX", packetsSent, bytesSent, packetsReceived, bytesReceived].join(",");
}
