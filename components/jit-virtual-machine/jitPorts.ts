/** Management ports that JIT opens, and for how long. Source: Microsoft.Security jitNetworkAccessPolicies, 2020-01-01. */
import type { Problem } from "../shared/validate.ts";
import { VmOs } from "./vmOs.ts";

/** The port of the operating system's own remote access: SSH or RDP. */
export const defaultJitPorts: Readonly<Record<VmOs, readonly number[]>> = {
  [VmOs.Linux]: [22],
  [VmOs.Windows]: [3389],
};

/**
 * Ports that stay shut while no request opens them. Those of the policy, and SSH and RDP in any case: Bastion offers both
 * for every VM, and Azure's default rules let it reach what no rule denies.
 */
export function shutPorts(jitPorts: readonly number[]): number[] {
  return [...new Set([...Object.values(defaultJitPorts).flat(), ...jitPorts])].sort((a, b) => a - b);
}

/** Longest time that one request can ask for, when the stack does not say. */
export const defaultJitMaxDuration = "PT3H";

const shortestMinutes = 5;
const longestMinutes = 24 * 60;

/** Why these ports cannot be in a JIT policy. */
export function jitPortProblems(ports: readonly number[]): Problem[] {
  if (ports.length === 0) {
    return [{ key: "jitPorts", value: ports, reason: "must have at least one port" }];
  }
  return ports.flatMap((port, index): Problem[] => {
    const key = `jitPorts[${index}]`;
    if (!isPort(port)) {
      return [{ key, value: port, reason: "must be a whole number from 1 to 65535" }];
    }
    const first = ports.indexOf(port);
    return first < index ? [{ key, value: port, reason: `repeats jitPorts[${first}]` }] : [];
  });
}

export function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65535;
}

/** Why `text` cannot be the longest duration of a JIT request. */
export function jitDurationProblems(text: string): Problem[] {
  const minutes = durationMinutes(text);
  if (minutes !== undefined && minutes >= shortestMinutes && minutes <= longestMinutes) return [];
  return [
    {
      key: "jitMaxDuration",
      value: text,
      reason: "must be 5 minutes to 24 hours in whole minutes, such as 90m, 3h, 1h30m or the ISO 8601 form PT3H",
    },
  ];
}

/**
 * The duration in the one form in which Azure gives it back (.NET's `XmlConvert`: largest units first, no zero parts), so
 * that `90m` and `PT90M` are not a change from `PT1H30M`.
 * @throws Error when `text` is no duration; `jitDurationProblems` says so beforehand.
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

/** Whole minutes of `1h30m`, `PT1H30M` or `P1D`; `undefined` when it is none of these. */
function durationMinutes(text: string): number | undefined {
  const match =
    /^(?=.*\d)(?:(?<hours>\d{1,4})h)?(?:(?<minutes>\d{1,4})m)?$/i.exec(text) ??
    /^P(?=.*\d)(?:(?<days>\d{1,4})D)?(?:T(?=\d)(?:(?<hours>\d{1,4})H)?(?:(?<minutes>\d{1,4})M)?)?$/.exec(text);
  if (match?.groups === undefined) return undefined;
  const { days = "0", hours = "0", minutes = "0" } = match.groups;
  return (Number(days) * 24 + Number(hours)) * 60 + Number(minutes);
}
