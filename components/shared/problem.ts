/** Problems of inputs, in words. Does not import Pulumi's SDK, so that rules can be used without it. */
import { suggestion } from "@bastion-trail/core/rules/similarNames";
import { visible } from "@bastion-trail/core/rules/visible";

/** One reason to refuse an input. */
export interface Problem {
  /** Name of the argument or config key, as the user wrote it. */
  readonly key: string;
  /** The given value; `undefined` if it is missing. */
  readonly value: unknown;
  /** What is wrong and what is allowed, as a clause after a semicolon: lower case, no period. */
  readonly reason: string;
}

/** Longest value that a message repeats, in characters: an ARM id fits, a list of a thousand VMs does not. */
const longestValue = 300;

/** Shown in messages instead of a secret. */
export const hiddenValue = "[secret]";
/** Names of properties that can only hold a secret, unlike the id of a vault. */
const secretName =
  /(?:password|passwd|passphrase|pass|pwd|secret|token|credential|(?:private|account|api)[_-]?key)s?$/i;
/** Values that contain a secret: a SAS, a connection string, or JSON that could not be parsed. */
const secretText =
  /[?&]sig=|AccountKey=|SharedAccess(?:Signature|Key)=|(?:password|passwd|pwd|secret|token)["']?\s*[:=]/i;

/** Whether a text contains a private key: in PEM or PuTTY's form, or OpenSSH's without the lines around it. */
export function holdsPrivateKey(text: string): boolean {
  return /PRIVATE KEY|Private-Lines:|b3BlbnNzaC1rZXktdjE/i.test(text);
}

/** Returns a problem as one sentence: `scaleUnits is 3; the Basic SKU has exactly 2`. Hides secrets. */
export function describeProblem(problem: Problem): string {
  return problemSentence(problem, describeValue(problem));
}

/**
 * Invisible characters and letters of another alphabet are shown by their code: a value that is refused because of them
 * would look like one that is allowed.
 * @param value - the value as the sentence shows it.
 */
export function problemSentence({ key, reason }: Problem, value: string): string {
  return visible(`${key} is ${value}; ${reason}`);
}

function describeValue({ key, value }: Problem): string {
  if (value === undefined) {
    return "missing";
  }
  // JSON has no NaN.
  const text = typeof value === "number" ? String(value) : JSON.stringify(withoutSecret(key, value), withoutSecret);
  return text.length <= longestValue ? text : `${text.slice(0, longestValue)}...`;
}

function withoutSecret(name: string, value: unknown): unknown {
  const isSecret =
    typeof value === "string" && (secretName.test(name) || secretText.test(value) || holdsPrivateKey(value));
  return isSecret ? hiddenValue : value;
}

/**
 * Returns a problem that does not repeat the secrets, neither as the value nor in the reason.
 * @param secrets - their values, of which the texts and numbers are hidden.
 */
export function withoutSecrets({ key, value, reason }: Problem, secrets: readonly unknown[]): Problem {
  const hidden = new Set(secrets.flatMap(partsOf));
  const words = [...hidden].filter((part) => part !== "").map(wholeWord);
  const hide = (text: string): string => words.reduce((shown, word) => shown.replaceAll(word, hiddenValue), text);
  const shown = (part: unknown): unknown => {
    if (hidden.has(part as string | number)) return hiddenValue;
    if (typeof part === "string") return hide(part);
    if (Array.isArray(part)) return part.map(shown);
    return isPlainObject(part)
      ? Object.fromEntries(Object.entries(part).map(([name, member]) => [name, shown(member)]))
      : part;
  };
  return { key, value: shown(value), reason: hide(reason) };
}

/** A secret inside of an ordinary word stays: to hide it there would tell it. */
function wholeWord(secret: string | number): RegExp {
  const literal = String(secret).replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return new RegExp(`(?<!\\w)${literal}(?!\\w)`, "g");
}

/** Returns the texts and numbers in a value. */
function partsOf(value: unknown): (string | number)[] {
  if (typeof value === "string" || typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(partsOf) : [];
}

function isPlainObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Returns the reason to refuse a value that is not one of the allowed ones. */
export function oneOfForm(value: unknown, allowed: readonly string[]): string {
  return `must be one of ${allowed.join(", ")}${suggestion(value, allowed)}`;
}

/** Returns the reason to refuse a value that is not text. YAML reads a number, true and false as text only in quotes. */
export function textForm(value: unknown): string {
  return isTextInQuotes(value) ? "must be text; put it in quotes" : "must be text";
}

/** Whether a value becomes the text that was meant if it is put in quotes. */
export function isTextInQuotes(value: unknown): value is number | boolean {
  return typeof value === "number" || typeof value === "boolean";
}

/** Whether a number is whole and in a range, both ends included. */
export function isWholeNumberWithin(value: number, from: number, to: number): boolean {
  return Number.isInteger(value) && value >= from && value <= to;
}
