import type { Json, JsonObject } from "../arm/json.ts";
import { badRequest } from "../arm/armError.ts";
import type { ConnectRequest, LoginWish } from "./sessionModel.ts";

/** Members of a request without a link: a link is to one VM and needs no Entra account. */
type SignIn = "vm" | "user";

/** One member of a request: its key, a check of the value, and what is allowed. */
type Member = readonly [key: SignIn | "link" | keyof LoginWish, isFine: (value: Json) => boolean, allowed: string];

/** In minutes. Azure documents no limit; the sandbox ends a session that nobody ends after a week. */
export const longestSession = 10_080;

const isText = (value: Json): boolean => typeof value === "string" && value.trim() !== "";

const members: readonly Member[] = [
  ["vm", isText, "the name or ARM id of a virtual machine"],
  [
    "user",
    (value) => typeof value === "string" && /^[^@\s]+@[^@\s]+$/.test(value),
    "an Entra account such as ada@example.com",
  ],
  ["link", isText, "the URL of a shareable link"],
  ["account", isText, "the name of an account on the virtual machine"],
  ["protocol", (value) => value === "ssh" || value === "rdp", "ssh or rdp"],
  [
    "minutes",
    (value) => typeof value === "number" && Number.isFinite(value) && value > 0 && value <= longestSession,
    `a number of minutes above 0 and up to ${longestSession}`,
  ],
  ["wrongPassword", (value) => typeof value === "boolean", "true or false"],
];

/** @throws ArmError `InvalidParameter` that names every invalid member, its value and what is allowed. */
export function readConnectRequest(body: JsonObject): ConnectRequest {
  const byLink = body.link !== undefined;
  const errors: string[] = [];
  for (const [key, isFine, allowed] of members) {
    const value = body[key];
    const isSignIn = key === "vm" || key === "user";
    if (value !== undefined && !isFine(value)) {
      errors.push(`${key} is ${JSON.stringify(value)}; it must be ${allowed}`);
    } else if (value !== undefined && isSignIn && byLink) {
      errors.push(`${key} cannot be given with link`);
    } else if (value === undefined && isSignIn && !byLink) {
      errors.push(`${key} is missing; it must be ${allowed}`);
    }
  }
  const unknown = Object.keys(body).filter((key) => !members.some(([known]) => known === key));
  errors.push(...unknown.map((key) => `${key} is not known; known are ${members.map(([known]) => known).join(", ")}`));
  if (errors.length > 0) throw badRequest("InvalidParameter", `The connect request is invalid: ${errors.join(". ")}.`);
  return body as unknown as ConnectRequest;
}
