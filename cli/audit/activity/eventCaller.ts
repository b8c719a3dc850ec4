import { isObject, objectIn } from "../records/values.ts";
import { contentOf, firstText, membersOf, type Members } from "./eventMembers.ts";

/** Who called, by an event of the activity log. An absent fact is null. */
export interface EventCaller {
  /** User principal name, or the object id of an application. */
  readonly caller: string | null;
  readonly callerName: string | null;
  /** Client id of the application that called, a person's tool or an application of its own. */
  readonly callerApp: string | null;
  /** Object id of the person or the application. */
  readonly objectId: string | null;
  /** Address that the caller signed in from. */
  readonly ip: string | null;
}

/** What a token says of whom it is for: claims by their short and their long names (Entra, "Access token claims"). */
const claims = {
  email: ["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "email"],
  upn: ["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn", "upn"],
  name: ["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", "name"],
  objectId: ["http://schemas.microsoft.com/identity/claims/objectidentifier", "oid"],
  app: ["appid", "azp"],
  ip: ["ipaddr"],
} as const;

/** Who called, by an event in any of its forms; everything is null in what is not an event. */
export function eventCaller(value: unknown): EventCaller {
  return callerIn(membersOf(isObject(value) ? value : {}));
}

/** The same, of an event whose members are at hand. */
export function callerIn(facts: Members): EventCaller {
  const identity = membersOf(objectIn(facts.get("identity")));
  const token = membersOf(contentOf(facts.get("claims") ?? facts.get("claims_d") ?? identity.get("claims")));
  const claim = (fact: keyof typeof claims): string | null => firstText(token, claims[fact]);
  const objectId = claim("objectId");
  const callerApp = claim("app");
  const caller = firstText(facts, ["caller"]) ?? claim("email") ?? claim("upn") ?? objectId ?? callerApp;
  const name = claim("name");
  return { caller, callerName: name === caller ? null : name, callerApp, objectId, ip: claim("ip") };
}
