/** Which columns of a table are shown, and how wide they are, so that its lines fit. */

/** A column that wants to be shown. */
export interface Wanted<Column extends { readonly leaveOut?: number }> {
  readonly column: Column;
  /** Cells that show its longest value. */
  readonly width: number;
  /**
   * What happens where there is not enough room. `text`: its values are not cut. `prose`: they are cut. `id`: they are cut
   * before anything else, because their beginning is enough.
   */
  readonly kind: "text" | "prose" | "id";
  /** Cells that prose and ids are cut to at least, and to which texts are lined up at least. */
  readonly least: number;
  /** Whether no row has a value: it is the first that is left out. */
  readonly isEmpty: boolean;
}

export interface Fitted<Column> {
  readonly shown: readonly { readonly column: Column; readonly width: number }[];
  /** Without those that are empty. */
  readonly leftOut: readonly Column[];
}

/**
 * Gives room to the columns that always stay, then to the others, the lowest `leaveOut` first; a column without enough room is
 * left out. Prose takes what is left at its turn; ids are whole only where everything else is. Where there is not even room for the
 * columns that always stay, texts stick out of columns that are narrower than they are.
 *
 * @param gap cells between two columns.
 * @param limit cells of a line; `undefined` when there is none.
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

/** The lowest first: what is empty last. */
function priority({ column: { leaveOut = 0 }, isEmpty }: Wanted<{ leaveOut?: number }>): number {
  return isEmpty ? leaveOut + 1000 : leaveOut;
}

/** Shares what is left: prose takes as much as it needs of its share, an id all that it needs or nothing. */
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

/** Takes cells from the widest texts. */
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
