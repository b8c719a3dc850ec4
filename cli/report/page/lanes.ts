/** Where things lie in the timeline: a lane for each VM, and in it as many tracks as sessions run at once. */
import type { Model, Stretch } from "./model.ts";

export interface Lane {
  /** Lower-case ARM id or name of the VM. */
  readonly key: string;
  readonly name: string;
  /** Sessions by start. */
  readonly rows: Int32Array;
  /** The track of each of `rows`. */
  readonly tracks: Uint8Array;
  readonly trackCount: number;
  /** Milliseconds of the longest session: none that began earlier than this before a moment is there at that moment. */
  readonly longest: number;
  /** Indexes of `grants` and `rules`. */
  readonly grants: readonly number[];
  readonly rules: readonly number[];
  /** Pixels from the top of the first lane. */
  readonly top: number;
  readonly height: number;
}

export interface Lanes {
  readonly lanes: readonly Lane[];
  readonly height: number;
}

export const trackHeight = 18;
/** More sessions at once than this share the last track. */
const maxTracks = 8;
const padding = 7;

const byName = new Intl.Collator("en", { numeric: true }).compare;

/** @param heading pixels above the tracks of each lane, for its name where the timeline is too narrow to have it beside them. */
export function lanesOf(model: Model, rows: Int32Array, withOthers: boolean, heading: number): Lanes {
  const { grants } = model.data;
  const ofRows = Map.groupBy(rows, (row) => keyOfRow(model, row));
  const ofGrants = indexesByVm(grants.map(({ vm }) => [vm]));
  const ofRules = indexesByVm(model.ruleVms);
  const keys = withOthers ? new Set([...ofRows.keys(), ...ofGrants.keys(), ...ofRules.keys()]) : ofRows.keys();
  const named = Array.from(keys, (key) => ({ key, name: nameOf(model, key, ofRows.get(key)?.[0]) }));
  named.sort((one, other) => byName(one.name, other.name) || (one.key < other.key ? -1 : 1));
  let top = 0;
  const lanes = named.map(({ key, name }): Lane => {
    const own = Int32Array.from(ofRows.get(key) ?? []);
    const { tracks, trackCount } = tracksOf(model, own);
    const longest = own.reduce((most, row) => Math.max(most, (model.end[row] ?? 0) - (model.start[row] ?? 0)), 0);
    const height = heading + trackCount * trackHeight + 2 * padding;
    const lane = { key, name, rows: own, tracks, trackCount, longest, top, height };
    top += height;
    return { ...lane, grants: ofGrants.get(key) ?? [], rules: ofRules.get(key) ?? [] };
  });
  return { lanes, height: top };
}

/** The top of a track within its lane. */
export function trackTop(track: number, heading: number): number {
  return heading + padding + track * trackHeight;
}

/** The lane at a height; `undefined` below the last. */
export function laneAt({ lanes }: Lanes, y: number): Lane | undefined {
  return lanes[firstIndex(lanes.length, (index) => bottomOf(lanes[index]) > y)];
}

/** The first lane that reaches below a height. */
export function firstLaneBelow({ lanes }: Lanes, y: number): number {
  return firstIndex(lanes.length, (index) => bottomOf(lanes[index]) > y);
}

/** Where in a lane's rows those begin and end that may be there in a stretch of time. */
export function rowsInView(
  model: Model,
  { rows, longest }: Lane,
  { from, to }: Stretch,
): { first: number; last: number } {
  return {
    first: firstIndex(rows.length, (index) => (model.start[rows[index] ?? -1] ?? 0) >= from - longest),
    last: firstIndex(rows.length, (index) => (model.start[rows[index] ?? -1] ?? 0) >= to),
  };
}

/** The first index for which a test holds that then holds for all further ones. */
export function firstIndex(count: number, test: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function bottomOf(lane: Lane | undefined): number {
  return lane === undefined ? Infinity : lane.top + lane.height;
}

/** Each session gets the first track that is free at its start. */
function tracksOf(model: Model, rows: Int32Array): { tracks: Uint8Array; trackCount: number } {
  const tracks = new Uint8Array(rows.length);
  const busyUntil: number[] = [];
  rows.forEach((row, index) => {
    const start = model.start[row] ?? 0;
    const free = busyUntil.findIndex((until) => until <= start);
    const track = Math.min(free === -1 ? busyUntil.length : free, maxTracks - 1);
    busyUntil[track] = Math.max(busyUntil[track] ?? 0, model.end[row] ?? start);
    tracks[index] = track;
  });
  return { tracks, trackCount: Math.max(1, busyUntil.length) };
}

/** One VM has one lane, however a log spells it. */
function keyOfRow(model: Model, row: number): string {
  return (model.text(row, "vm") ?? model.text(row, "vmName") ?? "").toLowerCase();
}

function indexesByVm(vms: readonly Iterable<string>[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [index, ids] of vms.entries()) {
    for (const id of ids) {
      const key = id.toLowerCase();
      const indexes = found.get(key);
      if (indexes === undefined) found.set(key, [index]);
      else indexes.push(index);
    }
  }
  return found;
}

function nameOf(model: Model, key: string, row: number | undefined): string {
  const named = row === undefined ? null : model.text(row, "vmName");
  return named ?? (key === "" ? "(VM unknown)" : key.slice(key.lastIndexOf("/") + 1));
}
