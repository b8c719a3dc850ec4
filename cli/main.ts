import { commands, groups } from "./commands/index.ts";
import { exitCodes } from "./errors.ts";
import { errorCode } from "./files/fileErrors.ts";
import { processIo, type Io } from "./io.ts";
import { runProgram } from "./program.ts";
import { packageVersion } from "./version.ts";

/** Milliseconds that a command has to end after a signal. */
const patience = 5000;

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // Not `once`: the package signal-exit, which ora loads, kills the process where it finds no other listener.
  process.on(signal, () => {
    if (interrupt.signal.aborted) process.exit(exitCodes.failure);
    interrupt.abort();
    // Ends a command that ignores the signal.
    setTimeout(() => process.exit(exitCodes.failure), patience).unref();
  });
}
// The reader has closed the pipe (`| head`), or the disk is full. The result is incomplete, which a script must be able
// to detect by the exit code. Who closes a pipe has read enough, and needs no message.
let isCut = false;
process.stdout.on("error", (error: Error) => {
  interrupt.abort();
  if (!isCut && errorCode(error) !== "EPIPE") {
    isCut = true;
    process.stderr.write(`error: Cannot write the result: ${error.message}.\n`);
  }
  process.exitCode = exitCodes.failure;
});

const exitCode = await runProgram(process.argv.slice(2), ownIo(), {
  commands,
  groups,
  version: packageVersion(),
});
process.exitCode ??= exitCode;

/** Ends the process if its current folder was deleted: no path can be resolved then. */
function ownIo(): Io {
  try {
    return processIo(interrupt.signal);
  } catch {
    process.stderr.write("error: The current folder does not exist any more. Change to another one.\n");
    process.exit(exitCodes.failure);
  }
}
