import { type BastionNsgRule, bastionNsgRules } from "@bastion-trail/core/rules/bastionNsgRules";
import { isPublicIpv4, parseIpv4Range } from "@bastion-trail/core/rules/ipv4Range";
import { includesPort } from "@bastion-trail/core/rules/portRanges";
import { bastionSubnets } from "../bastion.ts";
import { type AzureResource, type Deployment, leadsTo, ofType } from "../deployment.ts";
import type { StackPolicy } from "../policy.ts";
import { list, notYetKnown, record, sameText, texts } from "../values.ts";

type Rule = Readonly<Record<string, unknown>>;

/** Azure does not require a group on the Bastion subnet, but a group there must not block Bastion (bastion-nsg.md). */
export const bastionNsgComplete: StackPolicy<object> = {
  name: "bastion-nsg-complete",
  description: "A network security group on the Bastion subnet allows all the traffic that Azure Bastion needs.",
  judge: (deployment) => {
    const groups = bastionSubnets(deployment).flatMap((subnet) => groupsOf(deployment, subnet));
    // What Azure shows of a virtual network has each subnet a second time.
    return [...new Set(groups)].flatMap((group) => {
      const rules = rulesOf(deployment, group);
      return rules === undefined
        ? []
        : bastionNsgRules()
            .filter((required) => !isAllowed(required, rules))
            .map((required) => ({
              resource: group,
              message: `${summary(required)} is not allowed: ${required.description}`,
            }));
    });
  },
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

/** Whether on each port, the first rule that decides about the traffic allows it. */
function isAllowed(required: BastionNsgRule, rules: readonly Rule[]): boolean {
  const inOrder = [...rules].sort((a, b) => Number(a.priority) - Number(b.priority));
  return portsOf(required).every((port) =>
    sameText(inOrder.find((rule) => decides(rule, required, port))?.access, "Allow"),
  );
}

/** Bastion uses TCP only: the script of bastion-nsg.md opens nothing else, although its tables have any protocol. */
function decides(rule: Rule, required: BastionNsgRule, port: string): boolean {
  const isAllow = sameText(rule.access, "Allow");
  return (
    sameText(rule.direction, required.direction) &&
    ["*", "Tcp"].some((protocol) => sameText(rule.protocol, protocol)) &&
    isAmong(texts(rule, "sourceAddressPrefix", "sourceAddressPrefixes"), required.sourceAddressPrefix, isAllow) &&
    isAmong(
      texts(rule, "destinationAddressPrefix", "destinationAddressPrefixes"),
      required.destinationAddressPrefix,
      isAllow,
    ) &&
    texts(rule, "destinationPortRange", "destinationPortRanges").some((range) => includesPort(range, Number(port)))
  );
}

/**
 * Whether a rule is for a place. One that allows may be for a part of it: "Internet (or a set of public IP addresses that
 * you specify)" (bastion-nsg.md), or the cloud of one region.
 */
function isAmong(places: readonly string[], place: string, isPartEnough: boolean): boolean {
  return places.some(
    (one) =>
      one === "*" ||
      sameText(one, place) ||
      (isPartEnough && place === "Internet" && isPublicRange(one)) ||
      (isPartEnough && place === "AzureCloud" && /^AzureCloud\./i.test(one)),
  );
}

function isPublicRange(text: string): boolean {
  const range = parseIpv4Range(text.includes("/") ? text : `${text}/32`);
  return range !== undefined && (range.length === 0 || isPublicIpv4(range));
}

function portsOf({ destinationPortRange, destinationPortRanges = [] }: BastionNsgRule): string[] {
  return destinationPortRange === undefined ? destinationPortRanges : [destinationPortRange];
}

function summary(rule: BastionNsgRule): string {
  return `${rule.direction} traffic from ${rule.sourceAddressPrefix} to ${rule.destinationAddressPrefix}, port ${portsOf(rule).join(" and ")},`;
}
