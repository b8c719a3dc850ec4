/** The time axis: the stretch of time in view, and its tick marks. */
import type { Stretch } from "./model.ts";

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

const steps = [
  ...[1, 5, 15, 30].map((count) => count * second),
  ...[1, 5, 15, 30].map((count) => count * minute),
  ...[1, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 7, 14, 28, 91, 182, 365].map((count) => count * day),
];

/** The shortest stretch in view, in milliseconds. */
const shortest = 10 * second;

export interface Tick {
  readonly time: number;
  readonly label: string;
}

/** @param most number of ticks there is room for. */
export function ticksOf({ from, to }: Stretch, most: number): Tick[] {
  const step = steps.find((one) => (to - from) / one <= Math.max(1, most)) ?? (to - from) / Math.max(1, most);
  const ticks: Tick[] = [];
  for (let time = Math.ceil(from / step) * step; time < to; time += step) {
    ticks.push({ time, label: labelOf(time, step) });
  }
  return ticks;
}

function labelOf(time: number, step: number): string {
  const iso = new Date(time).toISOString();
  const [date, clock] = [iso.slice(5, 10), iso.slice(11, step < minute ? 19 : 16)];
  if (step >= day) return step >= 28 * day ? iso.slice(0, 10) : date;
  return clock === "00:00" || clock === "00:00:00" ? date : clock;
}

/** @param factor below 1 to zoom in. @param around time that keeps its position. */
export function zoomed({ from, to }: Stretch, factor: number, around: number, within: Stretch): Stretch {
  const length = Math.min(within.to - within.from, Math.max(shortest, (to - from) * factor));
  const begin = around - ((around - from) / (to - from)) * length;
  return kept({ from: begin, to: begin + length }, within);
}

export function moved({ from, to }: Stretch, by: number, within: Stretch): Stretch {
  return kept({ from: from + by, to: to + by }, within);
}

/** Changes that a button or a key makes to the stretch in view. */
export const windowSteps = ["in", "out", "earlier", "later", "whole"] as const;

export type WindowStep = (typeof windowSteps)[number];

export function stepped(window: Stretch, step: WindowStep, within: Stretch): Stretch {
  const [length, middle] = [window.to - window.from, (window.from + window.to) / 2];
  switch (step) {
    case "in":
      return zoomed(window, 0.5, middle, within);
    case "out":
      return zoomed(window, 2, middle, within);
    case "earlier":
      return moved(window, -length / 4, within);
    case "later":
      return moved(window, length / 4, within);
    case "whole":
      return within;
  }
}

/** Moves a stretch back into the bounds. */
function kept({ from, to }: Stretch, within: Stretch): Stretch {
  const length = to - from;
  const begin = Math.min(Math.max(from, within.from), Math.max(within.from, within.to - length));
  return { from: begin, to: begin + length };
}
