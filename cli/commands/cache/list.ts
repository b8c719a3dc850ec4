/** `cache ls`. */
import { listEvidence } from "../../audit/store/lifetime.ts";
import { openCache } from "../../files/cacheFolder.ts";
import type { Handler } from "../../command.ts";
import { exitCodes } from "../../errors.ts";
import { report } from "../../reporters/report.ts";
import { cacheColumns, rowOf } from "./columns.ts";
import type { cacheLsOptions } from "./lsOptions.ts";

export const runCacheLs: Handler<typeof cacheLsOptions> = async (options, io) => {
  const folder = openCache(options, io);
  const rows = (await listEvidence(folder)).map(rowOf);
  await report(io, options, {
    rows,
    columns: cacheColumns,
    json: { folder: () => folder, kept: rows },
    empty: `The cache ${folder} is empty.`,
  });
  return exitCodes.fine;
};
