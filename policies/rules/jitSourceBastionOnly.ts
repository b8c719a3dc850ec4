import { containsIpv4Range, type Ipv4Range, parseIpv4Range } from "@bastion-trail/core/rules/ipv4Range";
import { possibleBastionSubnets, rangesOf } from "../bastion.ts";
import { type Deployment, ofType } from "../deployment.ts";
import { jitPorts } from "../jitPorts.ts";
import type { StackPolicy } from "../policy.ts";
import { notYetKnown, texts } from "../values.ts";

interface Config {
  readonly bastionSubnets: readonly string[];
}

export const jitSourceBastionOnly: StackPolicy<Config> = {
  name: "jit-source-bastion-only",
  description: "A JIT policy opens ports to the Bastion subnet only.",
  config: {
    bastionSubnets: {
      type: "array",
      // The engine refuses anything else. Without that, a range in another form would be ignored.
      items: { type: "string", pattern: "^[0-9]+(\\.[0-9]+){3}/[0-9]+$" },
      default: [],
      description: "Address ranges of Bastion subnets that are in other stacks, such as 10.60.0.0/26.",
    },
  },
  judge: (deployment, config) => {
    const known = [...possibleBastionSubnets(deployment).flatMap(rangesOf), ...config.bastionSubnets].flatMap(
      (range) => parseIpv4Range(range) ?? [],
    );
    return ofType(deployment, "security:JitNetworkAccessPolicy").flatMap((policy) =>
      jitPorts(policy.properties).flatMap((port) =>
        wideSources(port, known).map((source) => ({
          resource: policy,
          message:
            `Port ${String(port.number)} can be opened to ${source}, which is in no Bastion subnet that is known` +
            `${placesOf(deployment)}.`,
        })),
      ),
    );
  },
};

/** Returns the sources of a port outside the Bastion subnets. Without any source, Azure allows everybody. */
function wideSources(port: Readonly<Record<string, unknown>>, known: readonly Ipv4Range[]): string[] {
  const sources = texts(port, "allowedSourceAddressPrefix", "allowedSourceAddressPrefixes");
  // In a preview, the one of the two that is not set is unknown too.
  const isOpen = [port.allowedSourceAddressPrefix, port.allowedSourceAddressPrefixes].includes(notYetKnown);
  if (sources.length === 0 && isOpen) return [];
  return (sources.length === 0 ? ["*"] : sources).filter((source) => {
    const range = parseIpv4Range(source.includes("/") ? source : `${source}/32`);
    return range === undefined || !known.some((subnet) => containsIpv4Range(subnet, range));
  });
}

function placesOf(deployment: Deployment): string {
  return possibleBastionSubnets(deployment).length === 0 ? ": name them in bastionSubnets of this policy's config" : "";
}
