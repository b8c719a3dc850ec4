/**
 * Parsers of single config values. The engine passes every value as a string: numbers and booleans as written, lists
 * and objects as JSON, `null` as the empty string.
 */
import { oneOfForm, textForm } from "@bastion-trail/components/shared/problem";
import { regionName } from "@bastion-trail/core/rules/region";
import * as v from "valibot";

/** A string. The empty string means "not set", because the engine requires a value of every key without a default. */
export function optionalText() {
  return v.pipe(
    text(),
    v.transform((value) => (value === "" ? undefined : value)),
  );
}

export function text() {
  return v.string(({ input }) => textForm(input));
}

/** The short name of an Azure region. */
export function shortRegion() {
  const allowed = 'must be the short name of an Azure region, such as "westeurope"';
  return v.pipe(
    v.string(allowed),
    v.check(isShortRegion, ({ input }) => `${allowed}${regionSuggestion(input)}`),
  );
}

function isShortRegion(value: string): boolean {
  return /^[a-z][a-z0-9]+$/.test(value);
}

/** Returns ` (did you mean westeurope?)` for "West Europe". */
function regionSuggestion(value: string): string {
  const short = regionName(value);
  return isShortRegion(short) ? ` (did you mean ${short}?)` : "";
}

export function matching(pattern: RegExp, allowed: string) {
  return v.pipe(v.string(allowed), v.regex(pattern, allowed));
}

export function oneOf<const Options extends readonly string[]>(options: Options) {
  return v.picklist(options, ({ input }) => oneOfForm(input, options));
}

/** A whole number. Its range is checked in problems.ts, and is here only for the message. */
export function wholeNumber({ from, to }: { readonly from: number; readonly to: number }) {
  const allowed = `must be a whole number from ${from} to ${to}`;
  return v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(/^-?\d+$/), v.transform(Number))], allowed),
    v.safeInteger(allowed),
  );
}

/** An object. valibot's `record` and `object` would also accept a list. */
export function object(allowed: string) {
  return v.custom<Record<string, unknown>>(
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    ({ input }) => withJsonFault(allowed, input),
  );
}

export function listOf<const Item extends v.GenericSchema>(item: Item, allowed: string) {
  return v.array(item, ({ input }) => withJsonFault(allowed, input));
}

export function flag() {
  return v.union(
    [
      v.boolean(),
      v.pipe(
        v.picklist(["true", "false"]),
        v.transform((value) => value === "true"),
      ),
    ],
    "must be true or false",
  );
}

/**
 * Parses the JSON of lists and objects. Any other text, and malformed JSON, is kept, and the schema of its key refuses
 * it.
 */
export function decoded(raw: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, decodedValue(value)]));
}

function decodedValue(value: string): unknown {
  if (!isJsonLike(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** A list or an object that is still text could not be parsed. */
function withJsonFault(allowed: string, input: unknown): string {
  return typeof input === "string" && isJsonLike(input) ? `${allowed}; the text is not valid JSON` : allowed;
}

function isJsonLike(text: string): boolean {
  return /^\s*[[{]/.test(text);
}
