/** The kinds of command options. The handler's types are derived from a definition's record of them. */
import { checkBastionId, checkEndpoint, checkGuid, type Check } from "./azure/identifiers.ts";
import { usualLatenessMs } from "./audit/sources/archive/hours.ts";
import { didYouMean } from "./names/didYouMean.ts";
import { durationText, parseDuration, parseMoment } from "./time.ts";

export interface OptionSpec<Value = unknown> {
  /** In commander's form: `--user <name>`, `-y, --yes`. */
  readonly flags: string;
  readonly description: string;
  /** Parses one value. @throws `OptionError` naming what is allowed. */
  readonly parse?: (text: string) => unknown;
  /** The only values that `parse` takes; help and shell completion show them. */
  readonly choices?: readonly string[];
  /** Whether it can be given several times. The value is then a list. */
  readonly repeatable?: boolean;
  readonly required?: boolean;
  /** Heading in help. Default: "Options:". */
  readonly group?: string;
  /** The value if the option is not given. */
  readonly fallback?: Value;
  /** Values that shell completion offers in addition to the choices. */
  readonly suggestions?: readonly string[];
  readonly completes?: "file" | "folder" | "vm" | "session" | "profile";
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export type OptionValues<Specs extends OptionSpecs> = {
  readonly [Name in keyof Specs]: Specs[Name] extends OptionSpec<infer Value> ? Value : never;
};

/** An option's value is invalid. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

type Extra = Pick<OptionSpec, "suggestions" | "completes">;

/** An option without a value, such as `--yes`. */
export function flag(flags: string, description: string): OptionSpec<boolean> {
  return { flags, description, fallback: false };
}

export function text(flags: string, description: string, extra: Extra = {}): OptionSpec<string | undefined> {
  return { flags, description, parse: notBlank, ...extra };
}

/** The name of a VM, or its ARM id, of which a slash at the end is ignored. */
export function vmText(flags: string, description: string): OptionSpec<string | undefined> {
  const parse = (given: string): string => withoutLastSlash(notBlank(given));
  return { flags, description, parse, completes: "vm" };
}

/** The name of a VM, or its ARM id without a slash at the end. */
export function withoutLastSlash(given: string): string {
  return given.replace(/(?<=.)\/+$/, "");
}

export function requiredText(flags: string, description: string): OptionSpec<string> {
  return { flags, description, parse: notBlank, required: true };
}

/** A path to write to. */
export function outPath(flags: string, description: string): OptionSpec<string> {
  const parse = (given: string): string => {
    if (given.trim() === "-") throw new OptionError("Must be a path: this command cannot write to standard output.");
    return notBlank(given);
  };
  return { flags, description, parse, required: true };
}

export function texts(flags: string, description: string): OptionSpec<readonly string[]> {
  return { flags, description, parse: notBlank, repeatable: true, fallback: [] };
}

/** A text that must have a given form. */
export function checked(flags: string, description: string, check: Check): OptionSpec<string | undefined> {
  const parse = (given: string): string => {
    const wanted = check(given);
    if (wanted !== undefined) {
      throw new OptionError(`Must be ${wanted}.`);
    }
    return given;
  };
  return { flags, description, parse };
}

/** Refuses an empty text: it filters and names nothing, and usually comes from an unset variable of a script. */
export function notBlank(given: string): string {
  if (given.trim() === "") {
    throw new OptionError("Must not be empty.");
  }
  return given;
}

export function choice<const Value extends string>(
  flags: string,
  description: string,
  choices: readonly Value[],
): OptionSpec<Value | undefined> {
  return { flags, description, choices, parse: (given) => oneOf(choices, given) };
}

/** The same, once or several times. */
export function choices<const Value extends string>(
  flags: string,
  description: string,
  values: readonly Value[],
): OptionSpec<readonly Value[]> {
  return {
    flags,
    description,
    choices: values,
    parse: (given) => oneOf(values, given),
    repeatable: true,
    fallback: [],
  };
}

/** @throws `OptionError` that says what is allowed, and what may be meant. */
export function oneOf<Value extends string>(allowed: readonly Value[], given: string): Value {
  const known = allowed.find((value) => value === given);
  if (known === undefined) {
    const [only = "", ...others] = allowed;
    throw new OptionError(
      others.length === 0
        ? `Must be ${only}.`
        : `Must be one of ${allowed.join(", ")}. ${didYouMean(given, allowed)}`.trim(),
    );
  }
  return known;
}

export function wholeNumber(
  flags: string,
  description: string,
  [lowest, highest]: readonly [number, number],
): OptionSpec<number | undefined> {
  const parse = (given: string): number => {
    const value = Number(given);
    if (!/^\d+$/.test(given) || value < lowest || value > highest) {
      throw new OptionError(`Must be a whole number from ${lowest} to ${highest}.`);
    }
    return value;
  };
  return { flags, description, parse };
}

/**
 * A duration such as `90m`, `24h` or `1h30m`, in milliseconds.
 * @param least the shortest length allowed, in milliseconds. Default: no length of zero.
 */
export function duration(flags: string, description: string, least?: number): OptionSpec<number | undefined> {
  const parse = (given: string): number => {
    const value = parseDuration(given, least);
    if (value === undefined) {
      const isZero = parseDuration(given, 0) === 0;
      throw new OptionError(
        isZero ? "Must be longer than 0." : "Must be a length of time, such as 90m, 24h, 7d or 1h30m.",
      );
    }
    return value;
  };
  return { flags, description, parse };
}

/** A date or time such as `2026-05-04` or `2026-05-04T10:00Z`. The zone defaults to UTC. */
export function moment(flags: string, description: string): OptionSpec<Date | undefined> {
  const parse = (given: string): Date => {
    const value = parseMoment(given);
    if (value === undefined) {
      throw new OptionError("Must be a date or time, such as 2026-05-04, 2026-05-04T10:00Z or 2026-05-04T12:00+02:00.");
    }
    return value;
  };
  return { flags, description, parse };
}

/** Name of the first environment of a project, and so of its stacks. */
export const defaultStack = "dev";

/** Output format. Every command that shows rows has these options. */
export const formatOptions = under("Result:", {
  json: flag("--json", "print one JSON document"),
  csv: flag("--csv", "print comma-separated values with a header line"),
  local: flag("--local", "show times in the local time zone instead of UTC (tables only)"),
});

/** Source of the settings; see `openSettings`. Every command that talks to Azure has these options. */
const deploymentOptions = under("Settings:", {
  stack: text("--stack <name>", "take the settings from this Pulumi stack's outputs"),
  outputs: text("--outputs <file>", "take the settings from a file with the JSON of `pulumi stack output --json`", {
    completes: "file",
  }),
  profile: text("--profile <name>", "take the settings from this profile; see `bastion-trail use`", {
    completes: "profile",
  }),
});

const valueOptions = under("Settings:", {
  subscription: checked("--subscription <id>", "Azure subscription", checkGuid),
  bastion: checked("--bastion <id>", "ARM id of the Bastion host", checkBastionId),
  archive: checked(
    "--archive <url>",
    "blob endpoint of the archive: https://ACCOUNT.blob.core.windows.net",
    checkEndpoint,
  ),
  workspace: checked("--workspace <id>", "customer id (a GUID) of the Log Analytics workspace", checkGuid),
});

/** All options that settings can come from. */
export const settingsOptions = { ...deploymentOptions, ...valueOptions };

/** The options of a command that uses only these values. Other options would have no effect, so they are refused. */
export function settingsFor<const Name extends keyof typeof valueOptions>(
  ...names: readonly Name[]
): typeof deploymentOptions & Pick<typeof valueOptions, Name> {
  const values = Object.fromEntries(names.map((name) => [name, valueOptions[name]]));
  return { ...deploymentOptions, ...(values as Pick<typeof valueOptions, Name>) };
}

/** Selects the cache. */
export const cacheOption = text("--cache <folder>", "folder of the cache (default: in the user's cache folder)", {
  completes: "folder",
});

/** Folder for what was read from a source; see `openCache`. Every command that reads a source has these options. */
export const cacheOptions = under("Cache:", {
  cache: cacheOption,
  noCache: flag("--no-cache", "read everything again, without using the cache"),
});

/** Every command that reads a time range of the archive has this option. */
export const lateOption = duration(
  "--late <length>",
  `include records that arrived up to this long after the range (archive only; default: ${durationText(usualLatenessMs)})`,
);

/** Returns the values of options of which none is given. */
export function fallbacksOf<Specs extends OptionSpecs>(specs: Specs): OptionValues<Specs> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { fallback }]) => [name, fallback]),
  ) as OptionValues<Specs>;
}

/** Puts options under a separate heading in help. */
export function under<const Specs extends OptionSpecs>(group: string, specs: Specs): Specs {
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, { ...spec, group }]),
  ) as unknown as Specs;
}
