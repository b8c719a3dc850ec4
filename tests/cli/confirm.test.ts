import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
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

  it("is not given if the command is stopped", async () => {
    const io = fakeIo({ answer: "" });
    io.interrupt();
    await assert.rejects(confirm(io, "Disconnect?"), Interrupted);
  });

  for (const [key, typed] of [
    ["Ctrl+C", "\u0003"],
    ["Ctrl+D", "\u0004"],
  ] as const) {
    it(`is not given by ${key}, which a terminal in raw mode passes on as a character`, async () => {
      const io = fakeIo({ answer: "" });
      const stdin = new PassThrough();
      const asked = confirm({ ...io, stdin, stderr: Object.assign(io.stderr, { isTTY: true }) }, "Disconnect?");
      stdin.write(typed);
      await assert.rejects(asked, Interrupted);
      assert.ok(io.written.stderr.endsWith("\n"));
    });
  }
});
