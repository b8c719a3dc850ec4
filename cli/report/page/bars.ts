/** The bars of one lane, joined where they would be drawn over each other, so that a hundred thousand cost what there are pixels. */
import { rowsInView, type Lane } from "./lanes.ts";
import type { Model, Stretch } from "./model.ts";
import { verdicts } from "./verdicts.ts";

/** A row of bars of one verdict: x and width in turn, and the track of each. */
export interface Bars {
  readonly x: number[];
  readonly width: number[];
  readonly track: number[];
}

/** Pixels of the shortest bar, so that a session of a second can be seen and hit. */
export const minWidth = 3;

/** @param toX the place of a time on the axis. @returns the bars by the verdict's index. */
export function barsOf(model: Model, lane: Lane, window: Stretch, toX: (time: number) => number): readonly Bars[] {
  const bars = verdicts.map((): Bars => ({ x: [], width: [], track: [] }));
  // The bar that each track and verdict has last.
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

/** The session at a place of a lane. Of several, the one whose verdict needs a look. */
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
