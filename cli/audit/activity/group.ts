import { isDeepStrictEqual } from "node:util";
import { isSameIgnoringCase } from "../../names/ignoringCase.ts";
import { meaningOf } from "./operations.ts";
import { isEnd } from "./status.ts";
import type { ActivityEvent, ActivityKind, WrittenRule } from "./types.ts";
import { hourMs } from "../../time.ts";

/** The events of one operation, in order of time. */
export interface Group {
  readonly kind: ActivityKind;
  readonly correlationId: string | null;
  /** All correlation ids of its events, in lower case. */
  readonly correlationIds: Set<string>;
  /** Time of the first event, in milliseconds since the Unix epoch. */
  readonly first: number;
  readonly events: ActivityEvent[];
  /** For a request: the rules that earlier Defender writes opened for it. */
  readonly opened: WrittenRule[];
}

/** How long events that share a correlation id are one operation, in milliseconds. Most operations last seconds. */
export const windowMs = hourMs;
/** The same for events without a correlation id, which only share their caller and resource. */
const looseWindowMs = 300_000;

/**
 * Groups events that arrive in order of time. All events of a JIT request form one group, whatever their resource; the events
 * of a write form one group per resource.
 */
export class Grouping {
  readonly #byKey = new Map<string, Group>();
  readonly #byCorrelation = new Map<string, Group[]>();
  readonly #open: Group[] = [];

  /** Groups that may still get events, earliest first. */
  get open(): readonly Group[] {
    return this.#open;
  }

  /** Returns the open groups that share one of these correlation ids, each once. */
  correlated(correlationIds: Iterable<string>): readonly Group[] {
    return [...new Set([...correlationIds].flatMap((id) => this.#byCorrelation.get(id.toLowerCase()) ?? []))];
  }

  /** Adds an event. The caller must have taken out all groups that ended before it. */
  add(event: ActivityEvent): void {
    const time = Date.parse(event.time);
    const { kind } = meaningOf(event.operation);
    const keys = keysOf(event, kind);
    const known = keys.map((key) => this.#byKey.get(key)).find((group) => group !== undefined);
    const isOpen =
      known !== undefined &&
      (event.correlationId !== null || time - known.first <= looseWindowMs) &&
      !isOfNext(known, event);
    if (isOpen) {
      known.events.push(event);
      this.#register(known, keys, event);
      return;
    }
    const { correlationId } = event;
    const group: Group = { kind, correlationId, correlationIds: new Set(), first: time, events: [event], opened: [] };
    this.#open.push(group);
    this.#register(group, keys, event);
  }

  /** Takes out the earliest group if it began more than the window before `now`. */
  take(now: number): Group | undefined {
    const [group] = this.#open;
    if (group === undefined || now - group.first <= windowMs) {
      return undefined;
    }
    this.#open.shift();
    for (const key of group.events.flatMap((event) => keysOf(event, group.kind))) {
      if (this.#byKey.get(key) === group) this.#byKey.delete(key);
    }
    for (const id of group.correlationIds) {
      const others = (this.#byCorrelation.get(id) ?? []).filter((other) => other !== group);
      if (others.length > 0) this.#byCorrelation.set(id, others);
      else this.#byCorrelation.delete(id);
    }
    return group;
  }

  #register(group: Group, keys: readonly string[], event: ActivityEvent): void {
    keys.forEach((key) => this.#byKey.set(key, group));
    for (const id of idsOf(event)) {
      if (group.correlationIds.has(id)) continue;
      group.correlationIds.add(id);
      this.#byCorrelation.set(id, [...(this.#byCorrelation.get(id) ?? []), group]);
    }
  }
}

/**
 * Returns whether an event is of a later operation under the same correlation id: a client may use one id for all its calls
 * (azure-dev #9141), and the later operation may open what the earlier one did not. An operation has one start and one content
 * on a resource. Its end may come twice, and at the time of its start if an export cut the times to seconds.
 */
function isOfNext({ events }: Group, event: ActivityEvent): boolean {
  const own = events.filter(({ resource }) => isSameIgnoringCase(resource, event.resource));
  const hasEnded = own.some(({ status, time }) => isEnd(status) && time < event.time);
  const isOther = (fact: "rules" | "asked" | "operationId"): boolean => {
    const told = own.map((one) => one[fact]).filter((value) => value !== null);
    return event[fact] !== null && told.length > 0 && !told.some((value) => isDeepStrictEqual(value, event[fact]));
  };
  const hasOther = isOther("rules") || isOther("asked");
  if (event.status === "started") return own.some(({ status }) => status === "started") && (hasEnded || hasOther);
  return isEnd(event.status) && hasEnded && (hasOther || isOther("operationId"));
}

/** Returns the keys of an event's operation: each of its correlation ids, or its caller if it has none. */
function keysOf(event: ActivityEvent, kind: ActivityKind): string[] {
  const { operation, resource, caller } = event;
  const ids = idsOf(event);
  const owners = ids.length > 0 ? ids : [`of ${caller?.toLowerCase() ?? "nobody"}`];
  return owners.map((owner) =>
    kind === "request" ? `request ${owner}` : `${operation} ${owner} ${resource?.toLowerCase() ?? ""}`,
  );
}

/** Returns the correlation ids of an event in lower case, its own first. */
function idsOf({ correlationId, serviceRequestId }: ActivityEvent): string[] {
  return [correlationId, serviceRequestId].flatMap((id) => id?.toLowerCase() ?? []);
}
