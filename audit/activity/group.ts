import { meaningOf } from "./operations.ts";
import type { ActivityEvent, ActivityKind, WrittenRule } from "./types.ts";

/** Events of one operation, as they come in the order of time. */
export interface Group {
  readonly kind: ActivityKind;
  readonly correlationId: string | null;
  /** Of the first event, in milliseconds. */
  readonly first: number;
  readonly events: ActivityEvent[];
  /** Of a request: rules that writes which were told before opened for it. */
  readonly opened: WrittenRule[];
}

/** Events that share a correlation id are one operation for this long, in milliseconds. Seconds are usual. */
export const windowMs = 3_600_000;
/** The same for events without a correlation id, which only their caller and resource hold together. */
const looseWindowMs = 300_000;

/**
 * Groups events that come in the order of time. All events of a JIT request are one group, whatever resource they are about;
 * of a write, those about one resource.
 */
export class Grouping {
  readonly #byKey = new Map<string, Group>();
  readonly #byCorrelation = new Map<string, Group[]>();
  readonly #open: Group[] = [];

  /** Groups that may still get events, the earliest first. */
  get open(): readonly Group[] {
    return this.#open;
  }

  /** Open groups of a correlation id. */
  correlated(correlationId: string | null): readonly Group[] {
    return this.#byCorrelation.get(correlationId?.toLowerCase() ?? "") ?? [];
  }

  /** Adds an event. All groups that ended before it have to be taken out first. */
  add(event: ActivityEvent): void {
    const time = Date.parse(event.time);
    const { kind } = meaningOf(event.operation);
    const key = keyOf(event, kind);
    const known = this.#byKey.get(key);
    const isOpen = known !== undefined && (event.correlationId !== null || time - known.first <= looseWindowMs);
    if (isOpen) {
      known.events.push(event);
      return;
    }
    const group: Group = { kind, correlationId: event.correlationId, first: time, events: [event], opened: [] };
    this.#byKey.set(key, group);
    this.#open.push(group);
    if (event.correlationId !== null) {
      this.#byCorrelation.set(event.correlationId.toLowerCase(), [...this.correlated(event.correlationId), group]);
    }
  }

  /** Takes out the earliest group, if it began more than the window before this moment. */
  take(now: number): Group | undefined {
    const [group] = this.#open;
    const [event] = group?.events ?? [];
    if (group === undefined || event === undefined || now - group.first <= windowMs) {
      return undefined;
    }
    this.#open.shift();
    const key = keyOf(event, group.kind);
    if (this.#byKey.get(key) === group) {
      this.#byKey.delete(key);
    }
    const correlated = this.correlated(group.correlationId).filter((other) => other !== group);
    if (correlated.length > 0) {
      this.#byCorrelation.set(group.correlationId?.toLowerCase() ?? "", correlated);
    } else {
      this.#byCorrelation.delete(group.correlationId?.toLowerCase() ?? "");
    }
    return group;
  }
}

function keyOf({ operation, correlationId, resource, caller }: ActivityEvent, kind: ActivityKind): string {
  const owner = correlationId?.toLowerCase() ?? `of ${caller?.toLowerCase() ?? "nobody"}`;
  return kind === "request" ? `request ${owner}` : `${operation} ${owner} ${resource?.toLowerCase() ?? ""}`;
}
