/** How wide the columns of a table are, so that its lines fit. */

/** A column that wants to be shown. */
export interface Wanted<Column extends { readonly leaveOut?: number }> {
  readonly column: Column;
  /** Cells that show its longest value. */
  readonly width: number;
  /** Cells that it can be cut to; `undefined` when it may not be cut. */
  readonly least: number | undefined;
}

export interface Fitted<Column> {
  readonly shown: readonly { readonly column: Column; readonly width: number }[];
  readonly leftOut: readonly Column[];
}

/**
 * Cuts the widest columns first, then leaves out columns, the highest `leaveOut` first, and gives those that stay the
 * place back. Where even that is not enough, the lines are longer than asked for.
 *
 * @param gap cells between two columns.
 * @param limit cells of a line; `undefined` when there is none.
 */
export function fitColumns<Column extends { readonly leaveOut?: number }>(
  wanted: readonly Wanted<Column>[],
  gap: number,
  limit: number | undefined,
): Fitted<Column> {
  const leftOut: Column[] = [];
  let staying = wanted;
  while (leastTotal(staying, gap) > (limit ?? Infinity)) {
    const last = staying
      .filter(({ column }) => column.leaveOut !== undefined)
      .toSorted((a, b) => (b.column.leaveOut ?? 0) - (a.column.leaveOut ?? 0))[0];
    if (last === undefined) {
      break;
    }
    leftOut.push(last.column);
    staying = staying.filter((one) => one !== last);
  }
  return {
    shown: shrunk(staying, gap, limit),
    leftOut: wanted.map((w) => w.column).filter((c) => leftOut.includes(c)),
  };
}

function leastOf({ width, least }: Wanted<{ leaveOut?: number }>): number {
  return Math.min(width, least ?? width);
}

function leastTotal(columns: readonly Wanted<{ leaveOut?: number }>[], gap: number): number {
  return columns.reduce((sum, column) => sum + leastOf(column), gap * (columns.length - 1));
}

/** Takes from the widest column, one cell at a time, until the lines fit. */
function shrunk<Column extends { readonly leaveOut?: number }>(
  columns: readonly Wanted<Column>[],
  gap: number,
  limit: number | undefined,
): Fitted<Column>["shown"] {
  const widths = columns.map(({ width }) => width);
  const total = () => widths.reduce((sum, width) => sum + width, gap * (columns.length - 1));
  while (total() > (limit ?? Infinity)) {
    const widest = columns
      .map((column, index) => ({ index, spare: (widths[index] ?? 0) - leastOf(column), width: widths[index] ?? 0 }))
      .filter(({ spare }) => spare > 0)
      .toSorted((a, b) => b.width - a.width)[0];
    if (widest === undefined) {
      break;
    }
    widths[widest.index] = widest.width - 1;
  }
  return columns.map(({ column }, index) => ({ column, width: widths[index] ?? 0 }));
}
