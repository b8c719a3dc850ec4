/** The file that `--accept` names: known findings of `trail` and `doctor`, each with its reason, owner and last day. */
import { resolve } from "node:path";
import * as v from "valibot";
import { parse, YAMLParseError } from "yaml";
import { fileProblem } from "./audit/pieces/fileProblem.ts";
import { verdicts, type Acceptance } from "./audit/trail/types.ts";
import { UserError } from "./errors.ts";
import type { Io } from "./io.ts";
import { readText } from "./readText.ts";
import { parseMoment } from "./time.ts";

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

const trailEntry = v.pipe(
  v.strictObject({
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

const doctorEntry = v.strictObject({ code: nonEmpty, resource: v.optional(nonEmpty), ...acceptance });

/** YAML parses a file or a list that has only comments as null. */
const schema = v.nullable(
  v.strictObject({
    trail: v.nullish(v.array(trailEntry), []),
    doctor: v.nullish(v.array(doctorEntry), []),
  }),
  {},
);

/** A session of the trail. All fields given must match. */
export type AcceptedSession = v.InferOutput<typeof trailEntry> & Acceptance;
export type AcceptedFinding = v.InferOutput<typeof doctorEntry> & Acceptance;

export interface AcceptedFindings {
  readonly trail: readonly AcceptedSession[];
  readonly doctor: readonly AcceptedFinding[];
}

/**
 * Reads a file of accepted findings, as JSON or YAML. Expired entries are left out, so that their findings count again.
 * @param file value of `--accept`, if given.
 * @throws `UserError` naming every problem in the file.
 */
export function readAccepted(file: string | undefined, io: Pick<Io, "cwd" | "now">): AcceptedFindings {
  if (file === undefined) return { trail: [], doctor: [] };
  const parsed = v.safeParse(schema, documentIn(resolve(io.cwd, file)));
  if (!parsed.success) {
    const details = parsed.issues.map((issue) => {
      const place = v.getDotPath(issue);
      return `${place === null ? "" : `${place}: `}${wordsOf(issue)}`;
    });
    throw new UserError(`${file} is not a list of accepted findings.`, "See docs/cli.md for its form.", { details });
  }
  const isRunning = ({ expires }: { readonly expires: string }): boolean => Date.parse(expires) > io.now().getTime();
  return { trail: parsed.output.trail.filter(isRunning), doctor: parsed.output.doctor.filter(isRunning) };
}

function documentIn(path: string): unknown {
  try {
    // YAML's default schema parses dates. With the core schema they stay text, as in JSON.
    return parse(readText(path), { schema: "core" });
  } catch (error) {
    // The parser's further lines show the place.
    const [problem = ""] = error instanceof YAMLParseError ? error.message.split("\n") : [fileProblem(error)];
    throw new UserError(
      `${path} cannot be read: ${problem.replace(/:$/, "")}.`,
      "Pass a JSON or YAML file to --accept.",
      {
        cause: error,
      },
    );
  }
}

function wordsOf({ type, message, expected, received }: v.BaseIssue<unknown>): string {
  if (type === "strict_object" && expected === "never") return "unknown property";
  if (received === "undefined") return "must be given";
  return message.startsWith("Invalid ") ? `must be ${expected ?? "given"}, not ${received}` : message;
}
