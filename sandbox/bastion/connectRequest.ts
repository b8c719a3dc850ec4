import type { Json, JsonObject } from "../arm/model.ts";
import { ArmError } from "../arm/model.ts";
import type { ConnectRequest } from "./sessionModel.ts";

/** One member of a request: its key, and what is wrong with a value, if anything. */
type Member = readonly [
  key: keyof ConnectRequest,
  required: boolean,
  isFine: (value: Json) => boolean,
  allowed: string,
];

const isText = (value: Json): boolean => typeof value === "string" && value.trim() !== "";

const members: readonly Member[] = [
  ["vm", true, isText, "the name or ARM id of a virtual machine"],
  [
    "user",
    true,
    (value) => typeof value === "string" && /^[^@\s]+@[^@\s]+$/.test(value),
    "an Entra account such as ada@example.com",
  ],
  ["account", false, isText, "the name of an account on the virtual machine"],
  ["protocol", false, (value) => value === "ssh" || value === "rdp", "ssh or rdp"],
  [
    "minutes",
    false,
    (value) => typeof value === "number" && Number.isFinite(value) && value > 0 && value <= 1440,
    "a number of minutes above 0 and up to 1440",
  ],
  ["wrongPassword", false, (value) => typeof value === "boolean", "true or false"],
];

/** @throws ArmError `InvalidParameter` that names every bad member, its value and what is allowed. */
export function readConnectRequest(body: JsonObject): ConnectRequest {
  const errors: string[] = [];
  for (const [key, required, isFine, allowed] of members) {
    const value = body[key];
    if (value === undefined ? required : !isFine(value)) {
      const given = value === undefined ? "is missing" : `is ${JSON.stringify(value)}`;
      errors.push(`${key} ${given}; it must be ${allowed}`);
    }
  }
  const unknown = Object.keys(body).filter((key) => !members.some(([known]) => known === key));
  errors.push(...unknown.map((key) => `${key} is not known; known are ${members.map(([known]) => known).join(", ")}`));
  if (errors.length > 0) {
    throw new ArmError(400, "InvalidParameter", `The connect request is invalid: ${errors.join(". ")}.`);
  }
  return body as unknown as ConnectRequest;
}
