import { managementPorts } from "@bastion-trail/core/rules/managementPorts";
import { includesPort } from "@bastion-trail/core/rules/portRanges";
import type { ResourcePolicy } from "../policy.ts";
import { list, record, sameText, text, texts } from "../values.ts";

interface Config {
  readonly ports: readonly number[];
}

/** Defender for Cloud writes the rules of JIT, outside any program: a rule in a program is permanent. */
export const noStandingManagementRule: ResourcePolicy<Config> = {
  name: "no-standing-management-rule",
  description: "No security rule opens a management port permanently: JIT opens it for a request.",
  types: ["network:SecurityRule", "network:NetworkSecurityGroup"],
  config: {
    ports: {
      type: "array",
      items: { type: "integer", minimum: 1, maximum: 65_535 },
      default: [...managementPorts],
      description: "The management ports.",
    },
  },
  judge: ({ type, name, inputs }, { ports }) => {
    const rules = type === "network:SecurityRule" ? [{ name, ...inputs }] : list(inputs.securityRules).map(record);
    return rules.filter(isInboundTcp).flatMap((rule) => {
      const ranges = texts(rule, "destinationPortRange", "destinationPortRanges");
      const open = ports.filter((port) => ranges.some((range) => includesPort(range, port)));
      if (open.length === 0) return [];
      const sources = texts(rule, "sourceAddressPrefix", "sourceAddressPrefixes").join(", ");
      return [
        `Rule "${text(rule.securityRuleName) ?? text(rule.name) ?? "unnamed"}" opens port ${open.join(" and ")} ` +
          `${sources === "" ? "" : `to ${sources} `}for good. Remove it, and let a JIT policy open the port.`,
      ];
    });
  },
};

function isInboundTcp({ access, direction, protocol }: Readonly<Record<string, unknown>>): boolean {
  return (
    sameText(access, "Allow") && sameText(direction, "Inbound") && ["*", "Tcp"].some((name) => sameText(protocol, name))
  );
}
