import type { AzureFailure } from "./azure/failure.ts";
import { note, type Io } from "./io.ts";
import { visible } from "@bastion-trail/core/rules/visible";

/** Reports the items of a list that are left out, because they have an unexpected form. */
export async function tellOdd(io: Io, odd: readonly AzureFailure[]): Promise<void> {
  for (const { message } of odd) await note(io, `warning: ${visible(message)} It is left out.`);
}
