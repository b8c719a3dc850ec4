/** The file that `--accept` names: known findings of `trail` and `doctor`, each with its reason, owner and last day. */
import { resolve } from "node:path";
import { visible } from "@bastion-trail/core/rules/visible";
import * as v from "valibot";
import { parseDocument, YAMLError, type Tags } from "yaml";
import { fileProblem } from "./files/fileProblem.ts";
import { verdicts, type Acceptance } from "./audit/trail/types.ts";
import { docs } from "./documentation.ts";
import { UserError } from "./errors.ts";
import { note, type Io } from "./io.ts";
import { readText } from "./files/readText.ts";
import { formatTime, parseMoment, type TimeStyle } from "./time.ts";

const nonEmpty = v.pipe(v.string(), v.trim(), v.nonEmpty("must not be empty"));

const isDay = /^\s*\d{4}-\d\d-\d\d\s*$/;

/** Fewer characters may be the beginning of a session that nobody has seen yet. */
const shortestSession = 8;
const sessionId = v.pipe(
  nonEmpty,
  v.minLength(shortestSession, `must have at least ${shortestSession} characters of a session's id`),
);

const acceptance = {
  reason: nonEmpty,
  owner: nonEmpty,
  expires: v.pipe(
    v.string("must be a date such as 2026-12-31"),
    v.check((text) => parseMoment(text) !== undefined, "must be a date such as 2026-12-31"),
    // The last day counts to its end.
    v.transform((text) => parseMoment(isDay.test(text) ? `${text.trim()}T23:59:59.999Z` : text)?.toISOString() ?? ""),
  ),
};

/** Valibot takes a list for an object without properties. */
function mapping<Entries extends v.ObjectEntries>(entries: Entries) {
  const isNoList = v.check((value) => !Array.isArray(value), "must be a mapping");
  return v.pipe(v.unknown(), isNoList, v.strictObject(entries));
}

const trailEntry = v.pipe(
  mapping({
    session: v.optional(sessionId),
    verdict: v.optional(v.picklist(verdicts, `must be one of ${verdicts.join(", ")}`)),
    vm: v.optional(nonEmpty),
    person: v.optional(nonEmpty),
    rule: v.optional(nonEmpty),
    ...acceptance,
  }),
  v.check(
    ({ session, vm, person, rule }) => [session, vm, person, rule].some((one) => one !== undefined),
    "must name a session, a vm, a person or a rule",
  ),
);

const doctorEntry = mapping({ code: nonEmpty, resource: v.optional(nonEmpty), ...acceptance });

/** YAML parses a file or a list that has only comments as null. */
const schema = v.nullable(
  mapping({
    trail: v.nullish(v.array(trailEntry), []),
    doctor: v.nullish(v.array(doctorEntry), []),
  }),
  {},
);

/** A session of the trail. All fields given must match. */
export type AcceptedSession = v.InferOutput<typeof trailEntry> & Acceptance;
export type AcceptedFinding = v.InferOutput<typeof doctorEntry> & Acceptance;

/** The lists of the file, by the command that they are for. */
interface Lists {
  readonly trail: AcceptedSession;
  readonly doctor: AcceptedFinding;
}

export interface Accepted<Entry> {
  /** Entries that have not expired. */
  readonly entries: readonly Entry[];
  /** Place of each of them in the file. */
  readonly places: readonly string[];
  /** Places of the others. */
  readonly expired: readonly string[];
}

/**
 * Reads a command's list in a file of accepted findings, as JSON or YAML.
 * @param file value of `--accept`, if given.
 * @throws `UserError` naming every problem in the file.
 */
export function readAccepted<List extends keyof Lists>(
  list: List,
  file: string | undefined,
  io: Pick<Io, "cwd" | "now">,
): Accepted<Lists[List]> {
  if (file === undefined) return { entries: [], places: [], expired: [] };
  const parsed = v.safeParse(schema, documentIn(resolve(io.cwd, file)));
  if (!parsed.success) {
    const details = parsed.issues.map((issue) => {
      const place = v.getDotPath(issue);
      return `${place === null ? "" : `${place}: `}${wordsOf(issue)}`;
    });
    throw new UserError(
      `${file} is not a list of accepted findings.`,
      `See ${docs("cli.md#known-findings")} for its form.`,
      { details },
    );
  }
  const lists: { readonly [One in keyof Lists]: readonly Lists[One][] } = parsed.output;
  const isRunning = ({ expires }: Acceptance): boolean => Date.parse(expires) > io.now().getTime();
  const placesOf = (isMeant: (entry: Acceptance) => boolean): string[] =>
    lists[list].flatMap((entry, index) => (isMeant(entry) ? [`${list}.${index}`] : []));
  return {
    entries: lists[list].filter(isRunning),
    places: placesOf(isRunning),
    expired: placesOf((entry) => !isRunning(entry)),
  };
}

/** Tells which entries have expired: what they match counts again. */
export async function tellExpired(
  io: Io,
  file: string | undefined,
  { expired }: Pick<Accepted<Acceptance>, "expired">,
): Promise<void> {
  if (file === undefined || expired.length === 0) return;
  await note(io, visible(`Expired in ${file}: ${expired.join(", ")}. What they accepted counts again.`));
}

/**
 * Tells which entries matched nothing: they may be misspelled.
 * @param nothing what they were compared with: `No session`.
 * @param used the entries that matched one.
 */
export async function tellUnused<Entry extends Acceptance>(
  io: Io,
  nothing: string,
  file: string | undefined,
  { entries, places }: Pick<Accepted<Entry>, "entries" | "places">,
  used: ReadonlySet<Entry>,
): Promise<void> {
  const unused = entries.flatMap((entry, index) => (used.has(entry) ? [] : [places[index] ?? ""]));
  if (file === undefined || unused.length === 0) return;
  await note(io, visible(`${nothing} matches these entries of ${file}: ${unused.join(", ")}.`));
}

/**
 * Returns why the first entry that matches accepts something; null if none does.
 * @param used gets every entry that matches.
 */
export function acceptanceIn<Entry extends Acceptance>(
  entries: readonly Entry[],
  matches: (entry: Entry) => boolean,
  used = new Set<Entry>(),
): Acceptance | null {
  const matching = entries.filter(matches);
  for (const one of matching) used.add(one);
  const [entry] = matching;
  return entry === undefined ? null : { reason: entry.reason, owner: entry.owner, expires: entry.expires };
}

/** Why a finding is accepted, for a person. */
export function acceptanceText({ reason, owner, expires }: Acceptance, style?: TimeStyle): string {
  return `${reason} (${owner}, until ${formatTime(expires, style)})`;
}

function documentIn(path: string): unknown {
  try {
    // With the core schema, dates stay text, as in JSON. Without its tags for numbers and booleans, so does an id of digits.
    const document = parseDocument(readText(path), {
      schema: "core",
      customTags: (tags) => tags.filter((tag) => !isScalarType(tag)),
    });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) throw problem;
    return document.toJS();
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${problemOf(error)}.`, "Pass a JSON or YAML file to --accept.", {
      cause: error,
    });
  }
}

function isScalarType(tag: Tags[number]): boolean {
  return typeof tag === "object" && /:(?:int|float|bool)$/.test(tag.tag);
}

function problemOf(error: unknown): string {
  // Further lines of the parser show the place.
  if (error instanceof YAMLError) return (error.message.split("\n")[0] ?? "").replace(/:$|; please use YAML\S+/g, "");
  // Aliases are resolved later, by another class of errors.
  return error instanceof ReferenceError ? error.message : fileProblem(error);
}

function wordsOf({ type, message, expected, received }: v.BaseIssue<unknown>): string {
  if (type === "strict_object" && expected === "never") return "unknown property";
  if (received === "undefined") return "must be given";
  const given = yamlTerms[received] ?? received;
  if (message.startsWith("Invalid ")) return `must be ${yamlTerms[expected ?? ""] ?? "given"}, not ${given}`;
  return message.startsWith("must be") ? `${message}, not ${given}` : message;
}

/** Valibot's names of types, in the terms of YAML. */
const yamlTerms: Readonly<Record<string, string>> = { Object: "a mapping", Array: "a list", string: "a text" };
