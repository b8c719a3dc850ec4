import { createHash } from "node:crypto";

/** A TCP connection to a VM's network interface, with the rule that decided about it. */
export interface Connection {
  readonly nicId: string;
  readonly subnetId: string;
  /** `00-0D-3A-...`, as shown by the interface. */
  readonly macAddress: string;
  readonly sourceIp: string;
  readonly sourcePort: number;
  readonly destinationIp: string;
  readonly destinationPort: number;
  /** Resource GUID of the network security group that decided; `unspecified` if none did. */
  readonly aclId: string;
  /** `UserRule_NAME`, `DefaultRule_NAME`, or `unspecified`. */
  readonly rule: string;
}

/** The state of a connection at one moment in a flow log. */
export interface Tuple {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** Begin, continuing, end, denied. */
  readonly state: "B" | "C" | "E" | "D";
  /** Traffic since the previous tuple; none in B and D. */
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
 * Returns the traffic of an interactive session in a period: about one packet per second in each direction, different
 * for every connection. The same connection and times give the same traffic.
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

/**
 * Returns a tuple in the form of virtual network flow logs (vnet-flow-logs-overview.md, "Log format"); 6 is TCP, NX is
 * unencrypted.
 */
export function tupleText(connection: Connection, { at, state, traffic }: Tuple): string {
  const { sourceIp, destinationIp, sourcePort, destinationPort } = connection;
  const { packetsSent, bytesSent, packetsReceived, bytesReceived } = traffic;
  const ends = [at, sourceIp, destinationIp, sourcePort, destinationPort, 6, "I"];
  return [...ends, state, "NX", packetsSent, bytesSent, packetsReceived, bytesReceived].join(",");
}
