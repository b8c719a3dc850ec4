/** `cache rm`. */
import { listEvidence, removeEvidence, type KeptEvidence } from "../../audit/store/lifetime.ts";
import { openCache } from "../../files/cacheFolder.ts";
import type { Handler } from "../../command.ts";
import { exitCodes, UserError } from "../../errors.ts";
import { ambiguousId, idsMeant, typedId } from "../../names/idPrefix.ts";
import { note } from "../../io.ts";
import { formatOf, report } from "../../reporters/report.ts";
import { cacheColumns, rowOf } from "./columns.ts";
import type { cacheRmOptions } from "./rmOptions.ts";

export const runCacheRm: Handler<typeof cacheRmOptions> = async (options, io) => {
  const format = formatOf(options);
  const { all, operands } = options;
  if (all && operands.length > 0) throw new UserError("--all and ids cannot be combined.", "Use one of them.");
  if (!all && operands.length === 0) throw new UserError("No ids given.", "Pass ids from `cache ls`, or --all.");
  const folder = openCache(options, io);
  const kept = await listEvidence(folder);
  const meant = all ? kept : [...new Set(operands.map((typed) => find(kept, typed)))];
  for (const one of meant) await removeEvidence(one);
  const rows = meant.map(rowOf);
  await report(io, options, {
    rows,
    columns: cacheColumns,
    json: { folder: () => folder, removed: rows },
    empty: `The cache ${folder} is empty.`,
  });
  if (format === "table" && rows.length > 0) await note(io, "Removed.");
  return exitCodes.fine;
};

function find(kept: readonly KeptEvidence[], typed: string): KeptEvidence {
  const id = typedId(typed);
  const ids = idsMeant(
    id,
    kept.map((one) => one.id),
  );
  if (ids.length > 1) throw ambiguousId(id, ids, "ids");
  const found = kept.find((one) => one.id === ids[0]);
  if (found === undefined) {
    throw new UserError(`No cached source has the id '${id}'.`, "List the cache with: bastion-trail cache ls");
  }
  return found;
}
