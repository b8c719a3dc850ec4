import assert from "node:assert/strict";
import { confirm } from "../../cli/confirm.ts";
import { Interrupted, UserError } from "../../cli/errors.ts";
import { fakeIo } from "./fakeIo.ts";

describe("a confirmation", () => {
  for (const [answer, agreed] of [
    ["y", true],
    ["Yes", true],
    ["", false],
    ["n", false],
    ["yep", false],
  ] as const) {
    it(`is ${agreed ? "given" : "refused"} by ${JSON.stringify(answer)}`, async () => {
      const io = fakeIo({ answer });
      assert.equal(await confirm(io, "Disconnect 2 sessions?"), agreed);
      assert.ok(io.written.stderr.startsWith("Disconnect 2 sessions? [y/N] "));
      assert.equal(io.written.stdout, "");
    });
  }

  it("is not taken from a pipe, and says how to go ahead", async () => {
    await assert.rejects(
      confirm(fakeIo(), "Disconnect?"),
      new UserError("Cannot prompt: stdin is not a terminal.", "Pass --yes."),
    );
  });

  it("is not given by Ctrl+C", async () => {
    const io = fakeIo({ answer: "" });
    io.interrupt();
    await assert.rejects(confirm(io, "Disconnect?"), Interrupted);
  });
});
