/** Reads the facts of an event of the activity log from all the places that may hold them. Names match in any case. */
import {
  armIdOf,
  bareName,
  cut,
  isObject,
  jsonObjectIn,
  memberOf,
  membersOf,
  isNoId,
  objectIn,
  plainOf,
  textOf,
  type Members,
} from "../records/values.ts";
import { eventField, eventFieldNames, eventObjects, type EventFieldName, type EventObject } from "./eventFields.ts";

export class EventReader {
  readonly #own: Members;
  readonly #objects = new Map<string, Members>();

  constructor(event: Readonly<Record<string, unknown>>) {
    this.#own = membersOf(event);
  }

  /** Returns the first text of a fact, or null. */
  text(name: EventFieldName): string | null {
    return this.texts(name)[0] ?? null;
  }

  /** Returns all texts of a fact, best first. A fact is a text, or an object with a `value` and a display text. */
  texts(name: EventFieldName): string[] {
    const found = this.values(name)
      .flatMap((value) => textOf(plainOf(value)) ?? [])
      .filter((text) => !isNoId(text));
    return eventField(name).isId === true ? found.filter((text) => text.includes("/")).map(armIdOf) : found;
  }

  /** Returns the values of a fact, best first. */
  values(name: EventFieldName): unknown[] {
    return lookups[name].map(({ head, member, joined }) => {
      const value = member === undefined ? this.#own.get(head) : this.#object(head).get(member);
      return value ?? joined.map((one) => this.#own.get(one)).find((one) => one !== undefined);
    });
  }

  /**
   * Returns a sentence if an object is given but cannot be read in any of its places: a workspace truncates long texts, and
   * PowerShell writes the name of a type instead of an object, in Export-Csv and, two levels down, in ConvertTo-Json without
   * `-Depth`.
   */
  problemsOf(name: EventObject): string[] {
    const given = eventObjects[name].places.flatMap((place) => {
      const value = cutContentOf(this.#at(place)) ?? this.#at(place);
      return textOf(value) === null ? [] : [{ place, value }];
    });
    const [first] = given;
    const isRead = given.some(({ value }) => isObject(value) || jsonObjectIn(value) !== undefined);
    return first === undefined || isRead
      ? []
      : [`Its '${first.place.toLowerCase()}' is not a JSON object: ${cut(textOf(first.value) ?? "")}`];
  }

  /** Returns the members of an object, merged from all its places; the first place that has a member wins. */
  #object(name: string): Members {
    const known = this.#objects.get(name);
    if (known !== undefined) return known;
    const places: readonly string[] = isEventObject(name) ? eventObjects[name].places : [];
    const members = membersOf(...places.map((place) => contentOf(this.#at(place))));
    this.#objects.set(name, members);
    return members;
  }

  /** Returns a member of the event, or a member of one of its objects. */
  #at(place: string): unknown {
    const [head, member] = split(place);
    const value = this.#own.get(head.toLowerCase());
    return member === undefined ? value : memberOf(contentOf(value), member);
  }
}

interface Lookup {
  /** Member of the event, in lower case, or name of the object that has the fact. */
  readonly head: string;
  /** Member of the object, in lower case. */
  readonly member: string | undefined;
  /** Bare names of the fact in a row that was made of a nested event. */
  readonly joined: readonly string[];
}

const lookups = Object.fromEntries(
  eventFieldNames.map((name): [EventFieldName, readonly Lookup[]] => [
    name,
    eventField(name).places.map((place): Lookup => {
      const [head, member] = split(place);
      if (member === undefined) return { head: head.toLowerCase(), member, joined: [bareName(`${head}.value`)] };
      const objects: readonly string[] = isEventObject(head) ? eventObjects[head].places : [];
      return { head, member, joined: objects.map((object) => bareName(`${object}.${member}`)) };
    }),
  ]),
) as Record<EventFieldName, readonly Lookup[]>;

/** Splits a place at its first dot; the second part is in lower case. */
function split(place: string): [head: string, member: string | undefined] {
  const dot = place.indexOf(".");
  return dot === -1 ? [place, undefined] : [place.slice(0, dot), place.slice(dot + 1).toLowerCase()];
}

function isEventObject(name: string): name is EventObject {
  return Object.hasOwn(eventObjects, name);
}

/** Returns what is below `Content` if it is something else than the members of an object. */
function cutContentOf(value: unknown): unknown {
  if (!isObject(value)) return undefined;
  const [[key, content] = [], ...others] = Object.entries(value);
  return others.length === 0 && key?.toLowerCase() === "content" && !isObject(content) ? content : undefined;
}

/** Returns a value as an object. PowerShell puts an object's members below `Content` (azure-powershell #15833). */
function contentOf(value: unknown): Readonly<Record<string, unknown>> {
  const object = objectIn(value);
  const content = memberOf(object, "content");
  return isObject(content) ? content : object;
}
