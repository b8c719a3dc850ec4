import assert from "node:assert/strict";
import { AzureFailure } from "../../cli/azure/failure.ts";
import { UserError } from "../../cli/errors.ts";
import { call, failing, attempt } from "./tryCommand.ts";

describe("an error", () => {
  it("is one sentence and what to do now", async () => {
    const error = new UserError("The archive is not known.", "Pass --archive URL.");
    assert.deepEqual(await call(attempt, [failing(error)]), {
      exitCode: 2,
      stdout: "",
      stderr: "error: The archive is not known. Pass --archive URL.\n",
    });
  });

  it("shows its stack and its cause's only with --debug, in any position", async () => {
    const error = new UserError("A is wrong.", "Do B.", { cause: new RangeError("deep down") });
    assert.doesNotMatch((await call(attempt, [failing(error)])).stderr, /at |deep down/);
    for (const words of [
      [...attempt, "--debug"],
      ["--debug", ...attempt],
    ]) {
      const { stderr } = await call(words, [failing(error)]);
      assert.match(
        stderr,
        /^error: A is wrong\. Do B\.\nUserError: A is wrong\.\n {4}at [^]*caused by: RangeError: deep down\n {4}at /,
      );
    }
  });

  it("that is unexpected mentions --debug", async () => {
    assert.equal(
      (await call(attempt, [failing(new TypeError("x is not a function"))])).stderr,
      "error: x is not a function. Add --debug to see where it happened.\n",
    );
  });

  it("shows what a terminal would act on", async () => {
    const { stderr } = await call(attempt, [failing(new UserError("VM '\u001B[2Jx\r' is unknown.", "Look."))]);
    assert.equal(stderr, "error: VM '\\u{1b}[2Jx\\u{d}' is unknown. Look.\n");
  });

  for (const [what, error, said] of [
    [
      "Azure's own",
      new AzureFailure("The VM is locked.\nRequest id: 1", "Remove the lock first."),
      "The VM is locked. Remove the lock first.",
    ],
    [
      "a folder that cannot be made",
      Object.assign(new Error("EACCES: permission denied, mkdir '/nonexistent'"), {
        code: "EACCES",
        path: "/nonexistent",
      }),
      "Permission denied: /nonexistent. The CLI's own files can be in other folders: set BASTION_TRAIL_CACHE, " +
        "BASTION_TRAIL_STATE or TMPDIR, or pass --cache DIR.",
    ],
    [
      "a folder that a file system without writing refuses as missing",
      Object.assign(new Error("ENOENT: no such file or directory, mkdir '/ro/.cache'"), {
        code: "ENOENT",
        syscall: "mkdir",
        path: "/ro/.cache",
      }),
      "The folder cannot be created: /ro/.cache. The CLI's own files can be in other folders: set BASTION_TRAIL_CACHE, " +
        "BASTION_TRAIL_STATE or TMPDIR, or pass --cache DIR.",
    ],
    [
      "no such host",
      Object.assign(new Error("fetch failed"), {
        cause: Object.assign(new Error("getaddrinfo ENOTFOUND trail.blob.example"), { code: "ENOTFOUND" }),
      }),
      "Host not found: getaddrinfo ENOTFOUND trail.blob.example. " +
        "Check the name of the account or endpoint, the network and the proxy.",
    ],
  ] as const) {
    it(`of a cloud or a network is told in words: ${what}`, async () => {
      assert.equal((await call(attempt, [failing(error)])).stderr, `error: ${said}\n`);
    });
  }

  it("of an output that is no longer read is not reported", async () => {
    const gone = Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
    assert.deepEqual(await call(attempt, [failing(gone)]), { exitCode: 2, stdout: "", stderr: "" });
  });
});
