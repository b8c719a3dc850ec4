import { reasons } from "../pieces/piece.ts";
import { logOf } from "../records/logOf.ts";
import { badTime, cut, instantOf, isObject, membersOf, noTime, textOf, type Members } from "../records/values.ts";
import { askedOf, bodyOf, rulesOf, type ReadBody } from "./bodies.ts";
import { callerIn } from "./eventCaller.ts";
import { keptNames, type EventFacts } from "./eventFields.ts";
import { EventReader } from "./eventReader.ts";
import { accessOperation, friendlyOperation, meaningOf } from "./operations.ts";
import { isRefused } from "./status.ts";
import type { ActivityEvent, Asked, OtherEvent, WrittenRule } from "./types.ts";

/** What a JSON value is: an event about access, the time of an event about something else, or the reason why it is no event. */
export type ReadEvent =
  | {
      readonly event: ActivityEvent;
      /** One sentence for each unreadable member. The event is read without these. */
      readonly wrong: readonly string[];
    }
  | OtherEvent
  | { readonly reason: string };

const statuses: Readonly<Record<string, string>> = {
  start: "started",
  accept: "accepted",
  success: "succeeded",
  failure: "failed",
  cancelled: "canceled",
};

/** Reads one event in any of its forms. Member names match in any case and with words apart, and unknown members are ignored. */
export function eventOf(value: unknown): ReadEvent {
  if (!isObject(value)) {
    return { reason: reasons.object };
  }
  const read = new EventReader(value);
  const names = read.texts("operation");
  const written = read.text("time");
  if (names.length === 0) {
    return { reason: logOf(membersOf(value)) === undefined ? reasons.unknown : "The event has no operation." };
  }
  if (written === null) {
    return { reason: noTime("event", membersOf(value)) };
  }
  const time = instantOf(written);
  if (time === null) {
    return { reason: badTime(written) };
  }
  const operation = operationOf(names, read);
  if (operation === undefined) {
    return { otherTime: time, resource: read.text("resource") };
  }

  const { caller, callerName } = callerIn(read);
  const status = statusOf(read.text("status"), read.text("eventName"));
  const { wrong, ...stated } = statedBy(operation, read);
  const kept = Object.fromEntries(keptNames.map((name) => [name, read.text(name)])) as EventFacts;
  return {
    event: {
      ...kept,
      time,
      operation,
      status,
      error: isRefused(status) ? errorOf(read) : null,
      caller,
      callerName,
      ...stated,
    },
    wrong: [...read.problemsOf("properties"), ...read.problemsOf("claims"), ...wrong],
  };
}

/** What was asked for or which rules were written, with one sentence for each part of it that cannot be read. */
interface Stated {
  readonly asked: Asked | null;
  readonly rules: readonly WrittenRule[] | null;
  readonly wrong: readonly string[];
}

/** Reads what a body states: that of the request or, if it has nothing, that of the response. */
function statedBy(operation: string, read: EventReader): Stated {
  const { kind } = meaningOf(operation);
  if (kind === "request") {
    const { stated: asked = null, wrong } = firstOf(read, askedOf);
    return { asked, rules: null, wrong };
  }
  if (kind !== "rule" || operation.endsWith("/delete")) {
    return { asked: null, rules: null, wrong: [] };
  }
  const single = /\/securityRules\/([^/]+)$/i.exec(read.text("resource") ?? "")?.[1] ?? null;
  const { stated: rules = null, wrong } = firstOf(read, (body) => rulesOf(body, single));
  return { asked: null, rules, wrong };
}

/** Returns the first body that states anything. If none does, all that is wrong with them. */
function firstOf<Of>(read: EventReader, readBody: (body: Members) => ReadBody<Of>): ReadBody<Of> {
  const bodies = read.values("body").map((value): ReadBody<Of> => {
    const body = bodyOf(value);
    if (body !== undefined) return readBody(body);
    const text = textOf(value);
    const isNone = text === null || text === "null";
    return { stated: undefined, wrong: isNone ? [] : [`Its body is not a JSON object: ${cut(text)}`] };
  });
  const first = bodies.find(({ stated }) => stated !== undefined);
  return first ?? { stated: undefined, wrong: bodies.flatMap(({ wrong }) => wrong) };
}

/**
 * Returns the access operation of an event, by the operation's own name, else by the permission that was used, else by the
 * display name.
 */
function operationOf(names: readonly string[], read: EventReader): string | undefined {
  const own = names.filter((name) => name.includes("/"));
  if (own.length > 0) return own.flatMap((name) => accessOperation(name) ?? [])[0];
  const action = read.text("action");
  return action === null
    ? names.flatMap((name) => friendlyOperation(name, read.text("resource")) ?? [])[0]
    : accessOperation(action);
}

function statusOf(word: string | null, eventName: string | null): string | null {
  const status = word?.toLowerCase();
  if (status !== undefined) {
    return statuses[status] ?? status;
  }
  return eventName?.toLowerCase() === "beginrequest" ? "started" : null;
}

/** Returns Azure's error, given as a text with `{"error": {"code", "message"}}`; any other text is returned unchanged. */
function errorOf(read: EventReader): string | null {
  const said = textOf(read.values("statusMessage")[0]);
  const outer = bodyOf(said ?? "");
  const inner = bodyOf(outer?.get("error")) ?? outer;
  const parts = [textOf(inner?.get("code")), textOf(inner?.get("message"))].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(": ") : said;
}
