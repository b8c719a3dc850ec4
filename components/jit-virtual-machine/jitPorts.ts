/**
 * Management ports that JIT opens, and for how long. Source: Microsoft.Security jitNetworkAccessPolicies, 2020-01-01.
 */
import { longestRequestHours, shortestRequestMinutes } from "@bastion-trail/core/rules/jitDuration";
import { managementPorts, rdpPort, sshPort } from "@bastion-trail/core/rules/managementPorts";
import { isWholeNumberWithin, type Problem } from "../shared/problem.ts";
import { VmOs } from "./vmOs.ts";

/** Default port of each operating system's remote access: SSH or RDP. */
export const defaultJitPorts: Readonly<Record<VmOs, readonly number[]>> = {
  [VmOs.Linux]: [sshPort],
  [VmOs.Windows]: [rdpPort],
};

/**
 * Returns the ports that stay closed unless a request opens them: those of the policy, and always SSH and RDP. Bastion
 * offers both for every VM, and Azure's default rules allow it to reach any port that no rule denies.
 */
export function closedPorts(jitPorts: readonly number[]): number[] {
  return [...new Set([...managementPorts, ...jitPorts])].sort((a, b) => a - b);
}

/** Default of the longest time that one request can ask for. */
export const defaultJitMaxDuration = "PT3H";

/** Returns why these ports cannot be in a JIT policy. */
export function jitPortProblems(ports: readonly number[]): Problem[] {
  return ports.length === 0
    ? [{ key: "jitPorts", value: ports, reason: "must have at least one port" }]
    : portProblems("jitPorts", ports);
}

/** Returns every invalid or duplicate port of a list. */
export function portProblems(list: string, ports: readonly number[]): Problem[] {
  return ports.flatMap((port, index): Problem[] => {
    const key = `${list}[${index}]`;
    if (!isPort(port)) {
      return [{ key, value: port, reason: "must be a whole number from 1 to 65535" }];
    }
    const first = ports.indexOf(port);
    return first < index ? [{ key, value: port, reason: `repeats ${list}[${first}]` }] : [];
  });
}

export function isPort(value: number): boolean {
  return isWholeNumberWithin(value, 1, 65_535);
}

export const jitDurationForm = `must be ${shortestRequestMinutes} minutes to ${longestRequestHours} hours in whole minutes, such as 90m, 3h, 1h30m or the ISO 8601 form PT3H`;

/** Returns why `text` cannot be the longest duration of a JIT request. */
export function jitDurationProblems(text: string): Problem[] {
  const minutes = durationMinutes(text);
  if (minutes !== undefined && minutes >= shortestRequestMinutes && minutes <= longestRequestHours * 60) return [];
  return [{ key: "jitMaxDuration", value: text, reason: jitDurationForm }];
}

/**
 * Returns the duration in the form in which Azure returns it (.NET's `XmlConvert`: largest units first, no zero parts),
 * so that `90m` and `PT90M` are not changes from `PT1H30M`.
 * @throws Error if `text` is not a duration; `jitDurationProblems` reports that beforehand.
 */
export function isoDuration(text: string): string {
  const minutes = durationMinutes(text);
  if (minutes === undefined) throw new Error(`"${text}" is not a duration.`);
  const days = Math.floor(minutes / (24 * 60));
  const hours = Math.floor(minutes / 60) % 24;
  const rest = minutes % 60;
  const time = `${hours > 0 ? `${hours}H` : ""}${rest > 0 ? `${rest}M` : ""}`;
  return `P${days > 0 ? `${days}D` : ""}${time === "" ? "" : `T${time}`}`;
}

/** Returns the whole minutes of `1h30m`, `PT1H30M` or `P1D`; `undefined` for anything else. */
function durationMinutes(text: string): number | undefined {
  const match =
    /^(?=.*\d)(?:(?<hours>\d{1,4})h)?(?:(?<minutes>\d{1,4})m)?$/i.exec(text) ??
    /^P(?=.*\d)(?:(?<days>\d{1,4})D)?(?:T(?=\d)(?:(?<hours>\d{1,4})H)?(?:(?<minutes>\d{1,4})M)?)?$/.exec(text);
  if (match?.groups === undefined) return undefined;
  const { days = "0", hours = "0", minutes = "0" } = match.groups;
  return (Number(days) * 24 + Number(hours)) * 60 + Number(minutes);
}
