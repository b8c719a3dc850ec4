/** Settings that a spoke reads from the stack of its hub: the Bastion host, and where it is. */
import { attempt } from "@bastion-trail/components/shared/lookup";
import type { Problem } from "@bastion-trail/components/shared/problem";
import { bastionSubnetName } from "@bastion-trail/core/rules/bastionSubnet";
import * as pulumi from "@pulumi/pulumi";
import { isStackName } from "./stackName.ts";

const network = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/none/providers/Microsoft.Network";
/**
 * Outputs of the hub's stack, the keys they set, and a stand-in for a missing output, so that the rest of the config
 * can be checked.
 */
const shared = [
  { output: "bastionHostId", key: "existingBastionHostId", standIn: `${network}/bastionHosts/none` },
  { output: "virtualNetworkId", key: "existingVirtualNetworkId", standIn: `${network}/virtualNetworks/none` },
  {
    output: "bastionSubnetId",
    key: "existingBastionSubnetId",
    standIn: `${network}/virtualNetworks/none/subnets/${bastionSubnetName}`,
  },
] as const;

type Raw = Readonly<Record<string, string>>;

export interface HubValues {
  readonly raw: Raw;
  /** Problems by key without namespace. */
  readonly problems: readonly Problem[];
}

/**
 * Returns the raw values of the keys, including those that `hubStack` sets. If it is set, reads that stack's outputs
 * from the engine. A malformed name is left to the check of the config.
 */
export async function withHub(raw: Raw): Promise<HubValues> {
  const { hubStack = "" } = raw;
  if (!isStackName(hubStack)) return { raw, problems: [] };
  if (isOwnName(hubStack)) {
    const reason = "is this stack itself; name the stack that deployed the Bastion host";
    return { raw: { ...raw, hubStack: "" }, problems: [{ key: "hubStack", value: hubStack, reason }] };
  }
  // A stack reference to a missing stack would end the run with the engine's error alone.
  const read = await attempt("hubStack", hubStack, () =>
    pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name: hubStack }),
  );
  if ("problems" in read) {
    const standIns = Object.fromEntries(shared.map(({ key, standIn }) => [key, standIn]));
    return { raw: { ...raw, ...standIns }, problems: read.problems };
  }
  const hub = new pulumi.StackReference(hubStack);
  const found = await Promise.all(shared.map(async (one) => ({ ...one, value: await textOf(hub, one.output) })));
  const missing = found.filter(({ value }) => value === undefined).map(({ output }) => output);
  const set = found.filter(({ key }) => isSet(raw[key]));
  // Both diagnostic settings would have the same name on the hub's host. A malformed value is left to the check of the config.
  const collects = (raw.audit ?? "true") === "true" && (await valueOf(hub, "archive")) !== undefined;
  const values = found.map(
    ({ key, value, standIn }) => [key, missing.length === 0 && value !== undefined ? value : standIn] as const,
  );
  return {
    raw: { ...raw, ...Object.fromEntries(values) },
    problems: [
      ...(missing.length === 0
        ? []
        : [
            {
              key: "hubStack",
              value: hubStack,
              reason: `this stack has no output ${missing.join(", ")}; deploy it with this version of the program and a Bastion host that has a subnet`,
            },
          ]),
      ...set.map(({ key }) => ({ key, value: raw[key], reason: "hubStack sets it; remove one of the two" })),
      ...(collects
        ? [
            {
              key: "audit",
              value: true,
              reason: "the stack of the hub collects the audit logs of its host; set it to false",
            },
          ]
        : []),
    ],
  };
}

/** A stack that adopted its own Bastion host would delete it. */
function isOwnName(name: string): boolean {
  return name === `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
}

async function textOf(stack: pulumi.StackReference, output: string): Promise<string | undefined> {
  const value = await valueOf(stack, output);
  return typeof value === "string" ? value : undefined;
}

async function valueOf(stack: pulumi.StackReference, output: string): Promise<unknown> {
  return (await stack.getOutputDetails(output)).value as unknown;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
