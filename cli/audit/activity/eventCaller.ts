import { isObject } from "../records/values.ts";
import { EventReader } from "./eventReader.ts";

/** Who called, by an event of the activity log. An absent fact is null. */
export interface EventCaller {
  /** User principal name, or the object id of an application. */
  readonly caller: string | null;
  readonly callerName: string | null;
  /** Client id of the application that called, a person's tool or an application of its own. */
  readonly callerApp: string | null;
  /** Object id of the person or the application. */
  readonly objectId: string | null;
}

/** Who called, by an event in any of its forms; everything is null in what is not an event. */
export function eventCaller(value: unknown): EventCaller {
  return callerIn(new EventReader(isObject(value) ? value : {}));
}

/** The same, of an event that is being read. */
export function callerIn(event: EventReader): EventCaller {
  const [objectId, callerApp, name] = [event.text("objectId"), event.text("callerApp"), event.text("name")];
  const caller = event.text("caller") ?? event.text("email") ?? event.text("upn") ?? objectId ?? callerApp;
  return { caller, callerName: name === caller ? null : name, callerApp, objectId };
}
