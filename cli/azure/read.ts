import * as v from "valibot";
import { AzureFailure } from "./failure.ts";

/**
 * Checks the JSON of a response against a schema. Members that are not in the schema are ignored, because Azure adds some with
 * every version.
 * @throws AzureFailure that names the invalid member.
 */
export function readAs<Schema extends v.GenericSchema>(
  schema: Schema,
  body: unknown,
  what: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, body);
  if (!result.success) {
    const [issue] = result.issues;
    throw new AzureFailure(`Azure's answer for ${what} has an unexpected form (${v.getDotPath(issue) ?? "body"}).`);
  }
  return result.output;
}

/**
 * Reads the items of a list. One of an unexpected form does not hide the others.
 * @param onOdd called with an error that names it. Default: it is thrown.
 */
export async function readEach<Schema extends v.GenericSchema>(
  schema: Schema,
  items: AsyncIterable<unknown>,
  what: string,
  onOdd: (error: AzureFailure) => void = raise,
): Promise<v.InferOutput<Schema>[]> {
  const read: v.InferOutput<Schema>[] = [];
  for await (const item of items) {
    try {
      read.push(readAs(schema, item, what + nameIn(item)));
    } catch (error) {
      if (!(error instanceof AzureFailure)) throw error;
      onOdd(error);
    }
  }
  return read;
}

function raise(error: AzureFailure): never {
  throw error;
}

/** The name of an item of a list, as an insertion: `, web-jit,`. */
function nameIn(item: unknown): string {
  const { id, sessionId } = (item ?? {}) as { id?: unknown; sessionId?: unknown };
  const name = [id, sessionId].find((one) => typeof one === "string");
  return typeof name === "string" ? `, ${nameOf(name)},` : "";
}

/** A text that may be missing, or null, which some providers write. */
export const optionalText = v.nullish(v.string());

/** Texts that may be missing. */
export const optionalTexts = v.nullish(v.array(v.string()), []);

/** The ARM id of another resource, if there is one. */
export const reference = v.nullish(v.object({ id: v.string() }));

/** Returns the last segment of an ARM id. */
export function nameOf(id: string): string {
  return id.split("/").at(-1) ?? id;
}
