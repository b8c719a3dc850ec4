import { ambiguousId } from "../../idPrefix.ts";

/** Candidates that an error can name; of more, only the first are held. */
const held = 11;

interface OfTunnel {
  readonly tunnelId: string | null;
}

/**
 * The rows of the one tunnel that is meant by an id or its beginning.
 * @param rows those whose tunnel begins with what is typed.
 * @throws `UserError` that names the candidates, if several tunnels begin with it and none is it.
 */
export async function* oneTunnel<Row extends OfTunnel>(
  rows: AsyncIterable<Row>,
  typed: string | undefined,
): AsyncGenerator<Row> {
  if (typed === undefined) {
    yield* rows;
    return;
  }
  const exact: Row[] = [];
  const candidates = new Map<string, Row[]>();
  for await (const row of rows) {
    const id = row.tunnelId?.toLowerCase() ?? "";
    const known = candidates.get(id);
    if (id === typed.toLowerCase()) {
      exact.push(row);
    } else if (known !== undefined) {
      known.push(row);
    } else if (candidates.size < held) {
      candidates.set(id, [row]);
    }
  }
  if (exact.length === 0 && candidates.size > 1) {
    throw ambiguousId(typed, [...candidates.keys()], "tunnel ids");
  }
  yield* exact.length > 0 ? exact : [...candidates.values()].flat();
}
