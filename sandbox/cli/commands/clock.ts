import { callOrFail } from "../../adminClient.ts";
import { textAt } from "../../arm/json.ts";
import { requireRunning } from "../../lifecycle.ts";
import type { CommandContext, CommandResult } from "../command.ts";

const unitMilliseconds: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };

/** Returns the milliseconds of a step such as `+2h`, `+1d12h` or `+30s`; the clock never goes back. */
export function parseStep(text: string): number | "invalid" {
  if (!/^\+(\d+[dhms])+$/.test(text)) return "invalid";
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([dhms])/g)) {
    total += Number(count) * (unitMilliseconds[unit ?? ""] ?? 0);
  }
  return Number.isSafeInteger(total) ? total : "invalid";
}

/** `clock`: shows the sandbox clock, after moving it by `step` milliseconds if given. */
export async function clock({ directory }: CommandContext, step: number | undefined): Promise<CommandResult> {
  const description = await requireRunning(directory);
  const answer =
    step === undefined
      ? await callOrFail(description, "GET", "/sandbox/clock")
      : await callOrFail(description, "POST", "/sandbox/clock", { body: { advanceMs: step }, timeout: 600_000 });
  return { json: answer, text: textAt(answer, "now") ?? "" };
}
