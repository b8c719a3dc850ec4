/** Every command, in the order in which help lists them. */
import type { AnyCommand } from "../command.ts";
import { complete } from "./complete.ts";
import { logs } from "./logs.ts";

export const commands: readonly AnyCommand[] = [logs, complete];

/** What the first word of a two-word command stands for. */
export const groups: Readonly<Record<string, string>> = {
  sessions: "Live Bastion sessions.",
  jit: "Just-in-time requests.",
};
