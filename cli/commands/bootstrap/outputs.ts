/** The outputs of the program for the subscription it has prepared. */
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

/** @throws `UserError` if an output is missing, because the program is not `@bastion-trail/bootstrap`. */
export function readOutputs(given: unknown): BootstrapOutputs {
  const result = v.safeParse(outputs, given);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new UserError(
    `The program has no output ${v.getDotPath(issue) ?? ""} of the expected form.`,
    "Check --program.",
  );
}
