import assert from "node:assert/strict";
import { doctorResult } from "../../../../cli/commands/evidence/doctorResult.ts";
import type { evidencePackOptions } from "../../../../cli/commands/evidence/packOptions.ts";
import type { Input } from "../../../../cli/command.ts";
import { exitCodes } from "../../../../cli/errors.ts";
import { note, write } from "../../../../cli/io.ts";
import { fakeIo } from "../../fakeIo.ts";

describe("doctor's result in a pack", () => {
  const subscription = "11111111-2222-3333-4444-555555555555";
  const options = { out: "pack", subscription, strict: false, operands: [] } as unknown as Input<
    typeof evidencePackOptions
  >;

  it("is the document of `doctor --json`, with doctor's lines for a person beside it", async () => {
    const io = fakeIo();
    const result = await doctorResult(options, io, async ({ json, subscription: asked }, doctorIo) => {
      await write(doctorIo.stdout, `${JSON.stringify({ json, asked })}\n`);
      await note(doctorIo, "No finding matches these entries of known.yaml: doctor.0.");
      await note(doctorIo, "1 error, 0 warnings, 0 infos, 13 of 14 checks passed.");
      return exitCodes.findings;
    });
    assert.deepEqual(result, {
      json: `{"json":true,"asked":"${subscription}"}\n`,
      summary:
        "Doctor: No finding matches these entries of known.yaml: doctor.0.\n" +
        "Doctor: 1 error, 0 warnings, 0 infos, 13 of 14 checks passed.",
    });
    assert.deepEqual(io.written, { stdout: "", stderr: "" });
  });

  it("does not hide a fault of the program", async () => {
    const run = () => Promise.reject(new TypeError("a fault"));
    await assert.rejects(doctorResult(options, fakeIo(), run), new TypeError("a fault"));
  });
});
