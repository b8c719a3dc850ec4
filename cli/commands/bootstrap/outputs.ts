/** What the program says of the subscription that it has prepared. */
import * as v from "valibot";
import { UserError } from "../../errors.ts";

const variables = v.record(v.string(), v.string());
const outputs = v.object({
  backendUrl: v.string(),
  secretsProvider: v.string(),
  variables,
  environmentVariables: variables,
});
export type BootstrapOutputs = v.InferOutput<typeof outputs>;

/** @throws `UserError` when an output is missing: another program than `@bastion-trail/bootstrap`. */
export function readOutputs(given: unknown): BootstrapOutputs {
  const result = v.safeParse(outputs, given);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new UserError(
    `The program has no output ${v.getDotPath(issue) ?? ""} of the expected form.`,
    "Check --program.",
  );
}
