/** Chooses the columns of a table and their widths, so that its lines fit. */

/** A column to be shown if there is room. */
export interface Wanted<Column extends { readonly leaveOut?: number }> {
  readonly column: Column;
  /** Width of its longest value in cells. */
  readonly width: number;
  /**
   * How a value is shortened if there is not enough room. `text`: never. `prose`: it is cut. `id`: it is cut before
   * anything else, because its first characters are enough.
   */
  readonly kind: "text" | "prose" | "id";
  /** Minimum width of prose and ids after cutting, and of texts for alignment, in cells. */
  readonly least: number;
  /** Whether no row has a value. Such a column is left out first. */
  readonly isEmpty: boolean;
}

export interface Fitted<Column> {
  readonly shown: readonly { readonly column: Column; readonly width: number }[];
  /** Hidden columns, except empty ones. */
  readonly leftOut: readonly Column[];
}

/**
 * Gives room to the columns that always stay, then to the others, the lowest `leaveOut` first. A column without enough
 * room is left out. Prose gets the remaining room in its turn; ids are whole only if everything else is. If there is
 * not even room for the columns that always stay, texts overflow their columns.
 *
 * @param gap cells between two columns.
 * @param limit width of a line in cells; `undefined` for no limit.
 */
export function fitColumns<Column extends { readonly leaveOut?: number }>(
  wanted: readonly Wanted<Column>[],
  gap: number,
  limit = Infinity,
): Fitted<Column> {
  const widths = new Map<Wanted<Column>, number>();
  const room = () => [...widths.values()].reduce((left, width) => left - width - gap, limit + gap);
  const [staying, others] = [true, false].map((stays) =>
    wanted.filter(({ column }) => (column.leaveOut === undefined) === stays),
  ) as [Wanted<Column>[], Wanted<Column>[]];
  for (const one of staying) {
    widths.set(one, leastOf(one));
  }
  widen(widths, "prose", room);
  for (const one of others.toSorted((a, b) => priority(a) - priority(b))) {
    if (leastOf(one) + gap <= room()) {
      widths.set(one, leastOf(one));
      widen(widths, "prose", room);
    }
  }
  widen(widths, "id", room);
  narrow(widths, -room());
  return {
    shown: wanted.flatMap((one) => {
      const width = widths.get(one);
      return width === undefined ? [] : { column: one.column, width };
    }),
    leftOut: wanted.filter((one) => !widths.has(one) && !one.isEmpty).map(({ column }) => column),
  };
}

function leastOf({ kind, width, least }: Wanted<object>): number {
  return kind === "text" ? width : least;
}

/** Sort key: lowest `leaveOut` first, empty columns last. */
function priority({ column: { leaveOut = 0 }, isEmpty }: Wanted<{ leaveOut?: number }>): number {
  return isEmpty ? leaveOut + 1000 : leaveOut;
}

/** Distributes the remaining room. Prose gets up to its share; an id gets all the room it needs, or none. */
function widen(widths: Map<Wanted<object>, number>, kind: "prose" | "id", room: () => number): void {
  const narrowed = [...widths].filter(([one, width]) => one.kind === kind && width < one.width);
  narrowed.sort(([a], [b]) => a.width - b.width);
  for (const [index, [one, width]] of narrowed.entries()) {
    const share = kind === "id" ? room() : Math.floor(room() / (narrowed.length - index));
    const missing = one.width - width;
    if (share > 0 && (kind === "prose" || missing <= share)) {
      widths.set(one, width + Math.min(missing, share));
    }
  }
}

/** Narrows the widest texts. */
function narrow(widths: Map<Wanted<object>, number>, cells: number): void {
  let missing = cells;
  while (missing > 0) {
    const [widest, next] = [...widths]
      .filter(([{ kind, least }, width]) => kind === "text" && width > least)
      .toSorted(([, a], [, b]) => b - a);
    if (widest === undefined) break;
    const [one, width] = widest;
    const taken = Math.min(missing, width - one.least, Math.max(1, width - (next?.[1] ?? 0)));
    widths.set(one, width - taken);
    missing -= taken;
  }
}
