/** The flow logs of the VMs' subnets. */
import type * as pulumi from "@pulumi/pulumi";
import * as trail from "@bastion-trail/components";
import { nameIn } from "@bastion-trail/components/shared/armId";
import { createHash } from "node:crypto";
import type { TrailConfig } from "./config/index.ts";

/** Where flow logs are kept, and their sources. */
export interface FlowLogPlace {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: string;
  readonly tags: Record<string, string>;
  /** The stack's VM subnet. */
  readonly vmSubnetId: pulumi.Input<string>;
  /** The stack's workspace, if it has one. */
  readonly workspace: trail.AuditWorkspace | undefined;
}

/** Keeps the flow logs that the config selects. Returns `undefined` if it selects none. */
export function keepFlowLogs(config: TrailConfig, place: FlowLogPlace): trail.FlowLogs | undefined {
  const { destination, ...settings } = config.flowLogs;
  if (destination === trail.FlowLogDestination.Off) return undefined;
  const { vmSubnetId, workspace, ...common } = place;
  return new trail.FlowLogs("flows", {
    ...common,
    ...settings,
    flowLogNamePrefix: config.namePrefix,
    targets: [{ name: "vms", resourceId: vmSubnetId }, ...ownSubnets(config)],
    workspace: destination === trail.FlowLogDestination.ArchiveAndWorkspace ? workspace : undefined,
    lock: config.lock,
    allowEvidenceLoss: config.allowEvidenceLoss,
  });
}

/** Returns the subnets of single VMs, each once. Their names are not unique, so part of the id's hash is appended. */
function ownSubnets({ vms, network }: TrailConfig): trail.FlowLogTarget[] {
  const ids = new Map(vms.flatMap(({ subnetId: id }) => (id === undefined ? [] : [[id.toLowerCase(), id]])));
  ids.delete(network.existingVmSubnetId?.toLowerCase() ?? "");
  return [...ids].map(([key, resourceId]) => {
    const hash = createHash("sha256").update(key).digest("hex").slice(0, 8);
    return { name: `${(nameIn(key) ?? "").slice(0, 24)}-${hash}`, resourceId };
  });
}
