import { flag, outPath } from "../../options.ts";
import { trailOptions, trailSourceOptions } from "../trail/options.ts";

const { since, from, to, accept, strict } = trailOptions;

export const reportOptions = {
  since,
  from,
  to,
  out: outPath("--out <file>", "the file to write, such as report.html"),
  force: flag("--force", "overwrite the file if it exists"),
  accept,
  strict,
  ...trailSourceOptions,
} as const;
