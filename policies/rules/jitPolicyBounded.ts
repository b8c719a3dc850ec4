import { longestRequestHours } from "@bastion-trail/core/rules/jitDuration";
import { parse } from "tinyduration";
import { jitPorts } from "../jitPorts.ts";
import type { ResourcePolicy } from "../policy.ts";
import { text } from "../values.ts";

interface Config {
  readonly maxHours: number;
}

export const jitPolicyBounded: ResourcePolicy<Config> = {
  name: "jit-policy-bounded",
  description: "A JIT policy opens a port for a working day at most, and is not the shared policy `default`.",
  types: ["security:JitNetworkAccessPolicy"],
  config: {
    maxHours: {
      type: "integer",
      minimum: 1,
      maximum: longestRequestHours,
      default: 8,
      description: "Longest duration of a request, in hours.",
    },
  },
  judge: ({ inputs }, { maxHours }) => [
    ...(text(inputs.jitNetworkAccessPolicyName)?.toLowerCase() === "default"
      ? [
          "The name is default, the policy that everybody shares: a write of it replaces the VMs that others put there. " +
            "Give the policy a name of its own.",
        ]
      : []),
    ...jitPorts(inputs).flatMap(({ number, maxRequestAccessDuration: duration }) => {
      const hours = hoursOf(text(duration));
      if (hours === undefined || hours <= maxHours) return [];
      return [`Port ${String(number)} may be open for ${String(duration)}; it must be ${maxHours} hours at most.`];
    }),
  ],
};

/** Returns the hours of an ISO 8601 duration; `undefined` if it is unknown yet or if Azure will refuse it. */
function hoursOf(duration: string | undefined): number | undefined {
  if (duration === undefined) return undefined;
  try {
    const { weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0 } = parse(duration);
    return (weeks * 7 + days) * 24 + hours + minutes / 60 + seconds / 3600;
  } catch {
    return undefined;
  }
}
