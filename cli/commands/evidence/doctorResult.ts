/** The result of `doctor` when the pack is made: `doctor.json`. */
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { AzureFailure } from "../../azure/failure.ts";
import { UserError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { fallbacksOf } from "../../options.ts";
import { openSettings } from "../../settings/settings.ts";
import { runDoctor } from "../doctor/doctor.ts";
import { doctorOptions } from "../doctor/options.ts";
import { subjectOf } from "../doctor/subject.ts";
import type { evidencePackOptions } from "./packOptions.ts";
import type { Input } from "../../command.ts";

export interface DoctorResult {
  /** The document of `doctor --json`, or the reason why there is none. */
  readonly json: string;
  /** Text for a person. */
  readonly summary: string;
}

export async function doctorResult(
  options: Input<typeof evidencePackOptions>,
  io: Io,
  run: typeof runDoctor = runDoctor,
): Promise<DoctorResult> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const printed = Promise.all([text(stdout), text(stderr)]);
  const isTty = { ...io.isTty, stdout: false, stderr: false };
  try {
    // Checks for a subscription first, so that its absence is reported without a sign-in.
    await subjectOf(openSettings(options, io), false);
    await run({ ...fallbacksOf(doctorOptions), ...options, json: true }, { ...io, stdout, stderr, isTty });
  } catch (error) {
    if (!(error instanceof AzureFailure || error instanceof UserError)) throw error;
    const json = `${JSON.stringify({ notRun: error.message }, null, 2)}\n`;
    return { json, summary: `warning: doctor was not run: ${error.message}` };
  } finally {
    stdout.end();
    stderr.end();
  }
  const [json, summary] = await printed;
  return { json, summary: summary.trim().replace(/^/gm, "Doctor: ") };
}
