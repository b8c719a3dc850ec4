import { fieldNames, isProperty, memberOf } from "../fields.ts";
import { unlessUnreadable, type Engine } from "./engine.ts";
import { layoutsInFiles, type Layout, type LineFiles } from "./lines.sql.ts";
import { withEmptyFile } from "./emptyFile.ts";
import { mayBeRegular } from "./mayBeRegular.ts";

/** Files in which layouts are looked for, out of those that are read at once. */
const sampleFiles = 8;

/** Layouts that are told apart. */
const mostLayouts = 32;

const names = new Map(fieldNames.filter(isProperty).map((name) => [memberOf(name).toLowerCase(), memberOf(name)]));

/**
 * Whether DuckDB finds each fact in records of this layout where the tolerant reader finds it: every member with a fact is spelt
 * as Azure spells it, and is there once.
 */
export function isRegular(members: readonly string[]): boolean {
  const relevant = members.filter((member) => names.has(member.toLowerCase()));
  return (
    relevant.length > 0 &&
    relevant.every((member) => names.get(member.toLowerCase()) === member) &&
    new Set(relevant).size === relevant.length
  );
}

/** The layouts of the records that were met so far. Azure documents one order of the members, and promises none. */
export class Layouts {
  readonly #engine: Engine;
  readonly #known = new Map<bigint, Layout>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get all(): readonly Layout[] {
    return [...this.#known.values()];
  }

  /** Looks for layouts in some of the files. @returns whether there is a new one. */
  async learn({ paths, compression }: LineFiles): Promise<boolean> {
    const before = this.#known.size;
    const sample = spread(paths).filter(mayBeRegular);
    const scanned = withEmptyFile({ paths: sample, compression }, this.#engine.folder);
    const found = sample.length === 0 ? [] : await unlessUnreadable(() => this.#engine.rows(layoutsInFiles(scanned)));
    for (const [hash, members] of found ?? []) {
      const layout = { hash: BigInt(hash ?? 0), members: JSON.parse(String(members)) as readonly string[] };
      if (this.#known.size < mostLayouts && isRegular(layout.members)) {
        this.#known.set(layout.hash, layout);
      }
    }
    return this.#known.size > before;
  }
}

/** Some of the files, from the first on. */
function spread(files: readonly string[]): string[] {
  const step = Math.max(1, files.length / sampleFiles);
  return Array.from(
    { length: Math.min(files.length, sampleFiles) },
    (_, at) => files[Math.floor(at * step)] ?? [],
  ).flat();
}
