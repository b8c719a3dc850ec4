/**
 * The bars of one lane. Overlapping bars are merged, so that the cost of a hundred thousand sessions depends on the
 * number of pixels.
 */
import { rowsInView, type Lane } from "./lanes.ts";
import type { Model, Stretch } from "./model.ts";
import { verdicts } from "./verdicts.ts";

/** The bars of one verdict, as arrays of x, width and track. */
export interface Bars {
  readonly x: number[];
  readonly width: number[];
  readonly track: number[];
}

/** Width of the shortest bar in pixels, so that a session of a second can be seen and clicked. */
export const minWidth = 3;

/** @param toX returns the position of a time on the axis. @returns the bars by index of the verdict. */
export function barsOf(model: Model, lane: Lane, window: Stretch, toX: (time: number) => number): readonly Bars[] {
  const bars = verdicts.map((): Bars => ({ x: [], width: [], track: [] }));
  // The index of the last bar of each verdict and track.
  const last = verdicts.map(() => new Int32Array(lane.trackCount).fill(-1));
  const { first, last: end } = rowsInView(model, lane, window);
  for (let index = first; index < end; index += 1) {
    const row = lane.rows[index] ?? -1;
    if ((model.end[row] ?? 0) < window.from) continue;
    const verdict = model.verdict[row] ?? 0;
    const [own, before] = [bars[verdict], last[verdict]];
    if (own === undefined || before === undefined) continue;
    const track = lane.tracks[index] ?? 0;
    const x = toX(Math.max(model.start[row] ?? 0, window.from));
    const right = Math.max(x + minWidth, toX(Math.min(model.end[row] ?? 0, window.to)));
    const previous = before[track] ?? -1;
    const [previousX = 0, previousWidth = -1] = [own.x[previous], own.width[previous]];
    if (previousWidth >= 0 && x <= previousX + previousWidth + 0.5) {
      own.width[previous] = Math.max(previousWidth, right - previousX);
    } else {
      before[track] = own.x.length;
      own.x.push(x);
      own.width.push(right - x);
      own.track.push(track);
    }
  }
  return bars;
}

/** The session at a point of a lane. Of several, one whose verdict is a finding takes precedence. */
export function rowAt(
  model: Model,
  lane: Lane,
  window: Stretch,
  { track, x }: { readonly track: number; readonly x: number },
  toX: (time: number) => number,
): number | undefined {
  let best: number | undefined;
  const { first, last } = rowsInView(model, lane, window);
  for (let index = first; index < last; index += 1) {
    const row = lane.rows[index] ?? -1;
    if (lane.tracks[index] !== track || toX(model.start[row] ?? 0) > x + 1) continue;
    if (Math.max(toX(model.start[row] ?? 0) + minWidth, toX(model.end[row] ?? 0)) < x - 1) continue;
    const isFinding = verdicts[model.verdict[row] ?? -1]?.isFinding === true;
    if (best === undefined || isFinding || verdicts[model.verdict[best] ?? -1]?.isFinding !== true) best = row;
  }
  return best;
}
