/** How wide the columns of a table are, so that its lines fit. */

/** A column that wants to be shown. */
export interface Wanted<Column extends { readonly leaveOut?: number }> {
  readonly column: Column;
  /** Cells that show its longest value. */
  readonly width: number;
  /** Cells that it can be cut to; `undefined` when it must not be cut. */
  readonly least: number | undefined;
}

export interface Fitted<Column> {
  readonly shown: readonly { readonly column: Column; readonly width: number }[];
  readonly leftOut: readonly Column[];
}

/**
 * Makes the lines fit: cuts the columns that can be left out, the widest first; then leaves them out, the highest `leaveOut` first;
 * and only when none of them is left cuts the others. Where even that is not enough, the lines are longer than the limit.
 *
 * @param gap cells between two columns.
 * @param limit cells of a line; `undefined` when there is none.
 */
export function fitColumns<Column extends { readonly leaveOut?: number }>(
  wanted: readonly Wanted<Column>[],
  gap: number,
  limit = Infinity,
): Fitted<Column> {
  let staying = wanted;
  while (total(staying.map(leastOfOptional), gap) > limit) {
    const last = staying
      .filter(({ column }) => column.leaveOut !== undefined)
      .toSorted((a, b) => (b.column.leaveOut ?? 0) - (a.column.leaveOut ?? 0))[0];
    if (last === undefined) {
      break;
    }
    staying = staying.filter((one) => one !== last);
  }
  const natural = staying.map(({ width }) => width);
  const widths = shrunk(shrunk(natural, staying.map(leastOfOptional), gap, limit), staying.map(leastOf), gap, limit);
  return {
    shown: staying.map(({ column }, index) => ({ column, width: widths[index] ?? 0 })),
    leftOut: wanted.filter((one) => !staying.includes(one)).map(({ column }) => column),
  };
}

function leastOf({ width, least = width }: Wanted<{ leaveOut?: number }>): number {
  return Math.min(width, least);
}

/** What can be left out is cut before what cannot. */
function leastOfOptional(wanted: Wanted<{ leaveOut?: number }>): number {
  return wanted.column.leaveOut === undefined ? wanted.width : leastOf(wanted);
}

function total(widths: readonly number[], gap: number): number {
  return widths.reduce((sum, width) => sum + width, gap * (widths.length - 1));
}

/** Takes from the widest column, one cell at a time, until the lines fit or each has its least. */
function shrunk(widths: readonly number[], least: readonly number[], gap: number, limit: number): number[] {
  const left = [...widths];
  while (total(left, gap) > limit) {
    const [widest] = left
      .map((width, index) => ({ index, width, spare: width - (least[index] ?? width) }))
      .filter(({ spare }) => spare > 0)
      .toSorted((a, b) => b.width - a.width);
    if (widest === undefined) {
      break;
    }
    left[widest.index] = widest.width - 1;
  }
  return left;
}
