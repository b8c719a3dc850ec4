import { messageOf } from "./failure.ts";

/**
 * Returns the error message of a failed Pulumi command. The Automation API's error contains the command line, the exit
 * code, and the command's output, twice; only the lines from `error: ` on are useful to a person.
 */
export function engineComplaint(error: unknown): string {
  const message = messageOf(error);
  const stderr = /\n stderr: ([^]*?)(?=\n err\?: |$(?![^]))/.exec(message)?.[1];
  if (stderr === undefined) return message;
  const killedBy = /^Command was killed with (SIG\w+)/.exec(stderr)?.[1];
  if (killedBy !== undefined) {
    return `The Pulumi engine was killed (${killedBy}). Run the command again: it continues from there.`;
  }
  const complaints = stderr.split(/^error: /m).slice(1);
  return (complaints.length > 0 ? complaints.join("") : stderr).trim();
}
