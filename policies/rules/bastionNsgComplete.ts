import { type BastionNsgRule, bastionNsgRules } from "@bastion-trail/core/rules/bastionNsgRules";
import { portsIn } from "@bastion-trail/core/rules/portRanges";
import { bastionSubnets } from "../bastion.ts";
import { type AzureResource, type Deployment, leadsTo, ofType } from "../deployment.ts";
import type { StackPolicy } from "../policy.ts";
import { list, notYetKnown, record, sameText, texts } from "../values.ts";

type Rule = Readonly<Record<string, unknown>>;

/** Azure does not require a group on the Bastion subnet, but a group there must not block Bastion (bastion-nsg.md). */
export const bastionNsgComplete: StackPolicy<object> = {
  name: "bastion-nsg-complete",
  description: "A network security group on the Bastion subnet allows all the traffic that Azure Bastion needs.",
  judge: (deployment) =>
    bastionSubnets(deployment).flatMap((subnet) =>
      groupsOf(deployment, subnet).flatMap((group) => {
        const rules = rulesOf(deployment, group);
        return rules === undefined
          ? []
          : bastionNsgRules()
              .filter((required) => !isAllowed(required, rules))
              .map((required) => ({
                resource: group,
                message: `${summary(required)} is not allowed: ${required.description}`,
              }));
      }),
    ),
};

function groupsOf(deployment: Deployment, subnet: AzureResource): AzureResource[] {
  return ofType(deployment, "network:NetworkSecurityGroup").filter((group) =>
    leadsTo(subnet, "networkSecurityGroup", group, record(subnet.properties.networkSecurityGroup).id),
  );
}

/** Returns the inline rules and the standalone rules of a group; `undefined` while they are unknown. */
function rulesOf(deployment: Deployment, group: AzureResource): Rule[] | undefined {
  const inline = group.properties.securityRules;
  if (inline === notYetKnown) return undefined;
  const own = ofType(deployment, "network:SecurityRule").filter((rule) =>
    leadsTo(rule, "networkSecurityGroupName", group),
  );
  return [...list(inline).map(record), ...own.map(({ properties }) => properties)];
}

/** Whether the first rule that covers all of the traffic allows it. */
function isAllowed(required: BastionNsgRule, rules: readonly Rule[]): boolean {
  const first = rules
    .filter((rule) => covers(rule, required))
    .sort((a, b) => Number(a.priority) - Number(b.priority))
    .at(0);
  return first !== undefined && sameText(first.access, "Allow");
}

function covers(rule: Rule, required: BastionNsgRule): boolean {
  return (
    sameText(rule.direction, required.direction) &&
    ["*", required.protocol].some((protocol) => sameText(rule.protocol, protocol)) &&
    isAmong(texts(rule, "sourceAddressPrefix", "sourceAddressPrefixes"), required.sourceAddressPrefix) &&
    isAmong(texts(rule, "destinationAddressPrefix", "destinationAddressPrefixes"), required.destinationAddressPrefix) &&
    portsOf(required).every((port) => hasPort(texts(rule, "destinationPortRange", "destinationPortRanges"), port))
  );
}

function isAmong(places: readonly string[], place: string): boolean {
  return places.some((one) => one === "*" || sameText(one, place));
}

function hasPort(ranges: readonly string[], wanted: string): boolean {
  const [first, last] = portsIn(wanted) ?? [1, 0];
  return ranges.some((range) => {
    const [from, to] = portsIn(range) ?? [1, 0];
    return from <= first && last <= to;
  });
}

function portsOf({ destinationPortRange, destinationPortRanges = [] }: BastionNsgRule): string[] {
  return destinationPortRange === undefined ? destinationPortRanges : [destinationPortRange];
}

function summary(rule: BastionNsgRule): string {
  return `${rule.direction} traffic from ${rule.sourceAddressPrefix} to ${rule.destinationAddressPrefix}, port ${portsOf(rule).join(" and ")},`;
}
