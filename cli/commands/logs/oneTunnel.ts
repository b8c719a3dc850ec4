import { ambiguousId } from "../../names/idPrefix.ts";

/** Number of candidates to keep for an error message. The rest are dropped. */
const held = 11;

interface OfTunnel {
  readonly tunnelId: string | null;
}

/**
 * Yields the rows of the one tunnel that an id or its prefix matches.
 * @param rows rows whose tunnel begins with the typed text.
 * @throws `UserError` naming the candidates, if several tunnels begin with it and none equals it.
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
