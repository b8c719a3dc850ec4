import { appendFileSync, chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { startDaemon } from "./daemon.ts";
import { sandboxDirectory, writeDescription, writePrivate } from "./directory.ts";
import { clientEnvironment, shellExports } from "./environment.ts";
import { waitForLock } from "./exclusiveLock.ts";
import { messageOf } from "./failure.ts";
import type { DaemonMessage, StartOptions } from "./lifecycle.ts";

/**
 * The process of a running sandbox. Its only argument is the JSON of `{root, armPort?, blobPort?, bridgePort?}`. It
 * notifies its parent over Node's IPC channel when it is ready, and then detaches.
 */
async function main(argument: string | undefined): Promise<void> {
  const { root, ...options } = JSON.parse(argument ?? "{}") as StartOptions & { root: string };
  const directory = sandboxDirectory(root);
  // State, blobs and logs contain secrets, and Azurite and SQLite set no file modes. The folder may exist already.
  process.umask(0o077);
  mkdirSync(directory.root, { recursive: true });
  chmodSync(directory.root, 0o700);
  // A command that only checks whether the folder is locked takes the lock for an instant.
  const lock = await waitForLock(directory.daemonLock, { limit: 1000 });
  if (lock === undefined) {
    tell({ kind: "alreadyRunning" });
    return;
  }
  writeFileSync(directory.pidFile, `${process.pid}\n`);

  const daemon = await startDaemon(directory, {
    ...options,
    log,
    onStopRequest: () => {
      stop("asked to");
    },
  });
  let stopping = false;
  const stop = (reason: string) => {
    if (stopping) return;
    stopping = true;
    log(`Stopping: ${reason}.`);
    daemon.close().then(
      () => {
        lock.release();
        process.exit(0);
      },
      (error: unknown) => {
        log(`Stopping failed: ${messageOf(error)}`);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  writePrivate(directory.envFile, shellExports(clientEnvironment(directory, daemon.description)));
  writeDescription(directory, daemon.description);
  log(`Ready at ${daemon.description.armEndpoint}, process ${process.pid}.`);
  tell({ kind: "ready" });
}

function tell(message: DaemonMessage): void {
  // The parent may have ended, so that nobody waits for the message.
  process.send?.(message, undefined, undefined, () => {
    if (process.connected) process.disconnect();
  });
}

function log(line: string): void {
  try {
    appendFileSync(1, `${new Date().toISOString()} ${line}\n`);
  } catch {
    // The disk is full: clients of the sandbox get the error.
  }
}

try {
  await main(process.argv[2]);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
  process.send?.({ kind: "failed", reason: messageOf(error) } satisfies DaemonMessage, undefined, undefined, () => {
    process.exit(1);
  });
}
