/** A refusal or failure that is reported in one sentence, without a stack trace; the command ends with exit code 1. */
export class Failure extends Error {
  override readonly name = "Failure";
}

/** Returns the message of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
