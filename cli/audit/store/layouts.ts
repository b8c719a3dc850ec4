import { fieldNames, isProperty, memberOf } from "../fields.ts";
import { bareName } from "../records/values.ts";
import { unlessUnreadable, type Engine } from "./engine.ts";
import { layoutsInFiles, type Layout, type LineFiles } from "./lines.sql.ts";
import { withEmptyFile } from "./emptyFile.ts";
import { mayBeRegular } from "./mayBeRegular.ts";

/** Number of files, out of those read together, that are searched for layouts. */
const sampleFiles = 8;

/** Maximum number of known layouts. */
const mostLayouts = 32;

const names = new Map(fieldNames.filter(isProperty).map((name) => [bareName(memberOf(name)), memberOf(name)]));

/**
 * Returns whether DuckDB finds every fact of this layout where the tolerant reader finds it: each member with a fact has
 * Azure's spelling and occurs once.
 */
function isRegular(members: readonly string[]): boolean {
  const relevant = members.filter((member) => names.has(bareName(member)));
  return (
    relevant.length > 0 &&
    relevant.every((member) => names.get(bareName(member)) === member) &&
    new Set(relevant).size === relevant.length
  );
}

/** The layouts of the records seen so far. Azure documents one order of the members, but does not promise it. */
export class Layouts {
  readonly #known = new Map<bigint, Layout>();

  get all(): readonly Layout[] {
    return [...this.#known.values()];
  }

  /** Searches some of the files for layouts. @returns whether a new one was found. */
  async learn(engine: Engine, { paths, compression }: LineFiles): Promise<boolean> {
    const before = this.#known.size;
    const sample = spread(paths).filter(mayBeRegular);
    const scanned = withEmptyFile({ paths: sample, compression }, engine.folder);
    const found = sample.length === 0 ? [] : await unlessUnreadable(() => engine.rows(layoutsInFiles(scanned)));
    for (const [hash, members] of found ?? []) {
      const layout = { hash: BigInt(hash ?? 0), members: JSON.parse(String(members)) as readonly string[] };
      if (this.#known.size < mostLayouts && isRegular(layout.members)) {
        this.#known.set(layout.hash, layout);
      }
    }
    return this.#known.size > before;
  }
}

/** Returns a sample of the files, spread evenly and starting with the first. */
function spread(files: readonly string[]): string[] {
  const step = Math.max(1, files.length / sampleFiles);
  return Array.from(
    { length: Math.min(files.length, sampleFiles) },
    (_, at) => files[Math.floor(at * step)] ?? [],
  ).flat();
}
