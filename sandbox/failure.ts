/** A refusal or failure to tell a person in one sentence, without a stack: the command ends with exit code 1. */
export class Failure extends Error {
  override readonly name = "Failure";
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
