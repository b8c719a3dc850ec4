import { UserError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { errorLineIn, runPulumi } from "../../pulumi.ts";

/** @throws `UserError` if Pulumi is missing or does not run. */
export async function requirePulumi(io: Io): Promise<void> {
  const { failure, isMissing, stderr } = await runPulumi(["version"], io);
  io.signal.throwIfAborted();
  if (isMissing) {
    throw new UserError("Pulumi is not on PATH.", "Install it: https://www.pulumi.com/docs/install.", {
      cause: failure,
    });
  }
  if (failure !== undefined)
    throw new UserError(`Pulumi does not run: ${errorLineIn(stderr)}.`, "Check the installation.");
}
