/** Layout of the timeline: a lane for each VM, with one track for each concurrent session. */
import { visible } from "@bastion-trail/core/rules/visible";
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
  /**
   * Length of the longest session in milliseconds. A session that began earlier than this before a moment has ended by
   * then.
   */
  readonly longest: number;
  /** Indexes of `grants` and `rules`. */
  readonly grants: readonly number[];
  readonly rules: readonly number[];
  /** Distance in pixels from the top of the first lane. */
  readonly top: number;
  readonly height: number;
}

export interface Lanes {
  readonly lanes: readonly Lane[];
  readonly height: number;
}

export const trackHeight = 18;
/** Maximum number of tracks. Further concurrent sessions share the last one. */
const maxTracks = 8;
const padding = 7;

const byName = new Intl.Collator("en", { numeric: true }).compare;

/**
 * @param heading pixels above the tracks of each lane for its name, if the timeline is too narrow for names beside the
 *   lanes.
 */
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

/** Top of a track within its lane. */
export function trackTop(track: number, heading: number): number {
  return heading + padding + track * trackHeight;
}

/** The lane at a vertical position; `undefined` below the last lane. */
export function laneAt({ lanes }: Lanes, y: number): Lane | undefined {
  return lanes[firstIndex(lanes.length, (index) => bottomOf(lanes[index]) > y)];
}

/** Index of the first lane that extends below a vertical position. */
export function firstLaneBelow({ lanes }: Lanes, y: number): number {
  return firstIndex(lanes.length, (index) => bottomOf(lanes[index]) > y);
}

/** Range of a lane's rows that contains all sessions within a stretch of time. */
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

/** Binary search for the first index that passes a test which all later ones pass too. */
function firstIndex(count: number, test: (index: number) => boolean): number {
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

/** Assigns each session to the first track that is free at its start. */
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

/** Identifies the lane's VM, ignoring case, because logs differ in the spelling. */
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
  if (key === "") return "(VM unknown)";
  const label = model.vmLabels.get(key);
  return label === undefined ? ((row === undefined ? null : model.text(row, "vmName")) ?? key) : visible(label);
}
