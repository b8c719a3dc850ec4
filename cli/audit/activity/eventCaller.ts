import { isObject } from "../records/values.ts";
import { EventReader } from "./eventReader.ts";

/** The caller of an event of the activity log. A missing fact is null. */
export interface EventCaller {
  /** User principal name, or the object id of an application. */
  readonly caller: string | null;
  readonly callerName: string | null;
  /** Client id of the calling application: a user's tool, or an application that acts for itself. */
  readonly callerApp: string | null;
  /** Object id of the user or the application. */
  readonly objectId: string | null;
}

/** Returns the caller of an event in any of its forms. All facts are null if the value is not an event. */
export function eventCaller(value: unknown): EventCaller {
  return callerIn(new EventReader(isObject(value) ? value : {}));
}

/** Like {@link eventCaller}, for an event that is already being read. */
export function callerIn(event: EventReader): EventCaller {
  const [objectId, callerApp, name] = [event.text("objectId"), event.text("callerApp"), event.text("name")];
  const caller = event.text("caller") ?? event.text("email") ?? event.text("upn") ?? objectId ?? callerApp;
  return { caller, callerName: name === caller ? null : name, callerApp, objectId };
}
