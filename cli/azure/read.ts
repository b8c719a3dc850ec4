import * as v from "valibot";
import { AzureFailure } from "./failure.ts";

/**
 * An answer's JSON as the type that a call goes on with. Members that are not in the schema are let go: Azure adds some
 * with every version.
 * @throws AzureFailure that names the member which is not what it should be.
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

/** A text that may be missing, or null as some providers write it. */
export const optionalText = v.nullish(v.string());

/** Whether two ARM ids, or two names in one, are the same: they have no case. */
export function isSameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** The last segment of an ARM id. */
export function nameOf(id: string): string {
  return id.split("/").at(-1) ?? id;
}
