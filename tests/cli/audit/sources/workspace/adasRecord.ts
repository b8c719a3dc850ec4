import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { at, hub, web } from "../../trail/relationRows.ts";

/** A row of an audit table in a workspace: a record of ada's session on web. @param minutes after noon. */
export function adasRecord(minutes: number, facts: JsonObject): JsonObject {
  const time = new Date(at(minutes)).toISOString();
  return {
    TimeGenerated: time,
    Time: time,
    _ResourceId: hub.toLowerCase(),
    TargetResourceId: web,
    TargetVMIPAddress: "10.60.1.4",
    Protocol: "ssh",
    UserEmail: "ada@example.com",
    UserName: "azureuser",
    ClientIpAddress: "203.0.113.7",
    ClientPort: 50123,
    ...facts,
  };
}
