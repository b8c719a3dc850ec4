import { textAt, type JsonObject } from "../arm/json.ts";
import type { Resource } from "../arm/resource.ts";
import type { Connection, Tuple } from "./connection.ts";

/** Table that Traffic Analytics fills (traffic-analytics-schema.md). */
export const flowTable = "NTANetAnalytics";

/**
 * The flows of one row of Traffic Analytics, which ignores the source port (traffic-analytics-schema.md, "Data
 * aggregation").
 */
export interface SummedFlow {
  readonly connection: Connection;
  readonly tuples: readonly Tuple[];
}

/** Aggregates the tuples of an interval like Traffic Analytics. */
export function sumFlows(seen: readonly (readonly [Connection, Tuple])[]): SummedFlow[] {
  const sums = new Map<string, { connection: Connection; tuples: Tuple[] }>();
  for (const [connection, tuple] of seen) {
    const { sourceIp, destinationIp, destinationPort, aclId, rule, macAddress } = connection;
    const status = tuple.state === "D" ? "D" : "A";
    const key = [sourceIp, destinationIp, destinationPort, aclId, rule, macAddress, status].join(" ");
    const sum = sums.get(key) ?? { connection, tuples: [] };
    sum.tuples.push(tuple);
    sums.set(key, sum);
  }
  return [...sums.values()];
}

/** Returns the row of an aggregate. Omits columns that this project does not read. */
export function analyticsRow(
  flowLog: Resource,
  { connection, tuples }: SummedFlow,
  interval: { readonly from: number; readonly to: number },
): JsonObject {
  const times = tuples.map(({ at }) => at);
  const denied = tuples.filter(({ state }) => state === "D").length;
  const count = (state: Tuple["state"]): number => tuples.filter((tuple) => tuple.state === state).length;
  const sum = (member: keyof Tuple["traffic"]): number =>
    tuples.reduce((total, { traffic }) => total + traffic[member], 0);
  const text = (at: number): string => new Date(at).toISOString();
  return {
    TimeGenerated: text(interval.to),
    SubType: "FlowLog",
    FaSchemaVersion: "3",
    TimeProcessed: text(interval.to),
    FlowIntervalStartTime: text(interval.from),
    FlowIntervalEndTime: text(interval.to),
    FlowStartTime: text(Math.min(...times)),
    FlowEndTime: text(Math.max(...times)),
    FlowType: "IntraVNet",
    SrcIp: connection.sourceIp,
    DestIp: connection.destinationIp,
    DestPort: connection.destinationPort,
    L4Protocol: "T",
    FlowDirection: "Inbound",
    FlowStatus: denied > 0 ? "Denied" : "Allowed",
    AclGroup: connection.aclId,
    AclRule: connection.rule,
    MacAddress: connection.macAddress.replaceAll("-", ""),
    TargetResourceId: textAt(flowLog.body, "properties.targetResourceId") ?? "",
    FlowLogResourceId: flowLog.id,
    AllowedInFlows: count("B"),
    DeniedInFlows: denied,
    CompletedFlows: count("E"),
    PacketsSrcToDest: sum("packetsSent"),
    PacketsDestToSrc: sum("packetsReceived"),
    BytesSrcToDest: sum("bytesSent"),
    BytesDestToSrc: sum("bytesReceived"),
    SourceSystem: "Azure",
    Type: flowTable,
  };
}
