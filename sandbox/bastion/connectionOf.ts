import { randomInt } from "node:crypto";
import { textAt } from "../arm/json.ts";
import type { ResourceReader } from "../arm/resource.ts";
import type { DecidingRule } from "../arm/types/network/effectiveRules.ts";
import type { Connection } from "../flows/connection.ts";
import type { Way } from "./sessionModel.ts";

/** Returns a connection from Bastion to a VM, as the VM's network interface sees it. */
export function connectionOf(store: ResourceReader, { bastion, target, port, decision }: Way): Connection {
  const { nicId, subnetId, privateIpAddress } = target.network;
  return {
    nicId,
    subnetId,
    macAddress: textAt(store.get(nicId)?.body, "properties.macAddress") ?? "",
    sourceIp: bastion.sourceAddress,
    sourcePort: randomInt(49_152, 65_536),
    destinationIp: privateIpAddress,
    destinationPort: port,
    aclId: textAt(store.get(decision.nsgId ?? "")?.body, "properties.resourceGuid") ?? noRule,
    rule: decision.rule === undefined ? noRule : ruleName(decision.rule),
  };
}

/**
 * Rule name in a flow log if no rule decided (vnet-flow-logs-overview.md uses it for traffic that encryption refuses).
 */
const noRule = "unspecified";

function ruleName({ id, name }: DecidingRule): string {
  return `${id.includes("/defaultSecurityRules/") ? "DefaultRule" : "UserRule"}_${name}`;
}
