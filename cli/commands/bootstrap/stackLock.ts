/** The lock of a stack in a self-managed backend, which a killed run leaves behind. */
import { execFile } from "node:child_process";
import { hostname, userInfo } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { UserError } from "../../errors.ts";
import type { Io } from "../../io.ts";

/** Longest wait for a run that continues after its command has ended, in milliseconds. */
const patience = 600_000;

interface Holder {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  readonly since: string;
}

/**
 * Waits until the lock is free, and releases it if its holder was killed.
 * @param said Pulumi's output when it was refused.
 * @param release removes the lock.
 * @returns false if Pulumi was not refused because of a lock.
 * @throws `UserError` if somebody else holds it.
 */
export async function waitForLock(said: string, io: Io, release: () => Promise<unknown>): Promise<boolean> {
  const holders = holdersIn(said);
  if (holders.length === 0) return false;
  const other = holders.find(({ host, user }) => host !== hostname() || user !== userInfo().username);
  if (other !== undefined) throw held(other);
  const end = Date.now() + patience;
  for (const holder of holders) {
    while (await isRunning(holder.pid)) {
      if (Date.now() > end) throw held(holder);
      await delay(500, undefined, { signal: io.signal });
    }
  }
  await release();
  return true;
}

/** The format is from pulumi, pkg/backend/diy/lock.go, `checkForLock`. */
function holdersIn(said: string): Holder[] {
  if (!said.includes("the stack is currently locked by")) return [];
  return [...said.matchAll(/: created by (.+)@(\S+) \(pid (\d+)\) at (\S+)/g)].map(
    ([, user = "", host = "", pid, since = ""]) => ({ user, host, pid: Number(pid), since }),
  );
}

/** Whether the process is still Pulumi, and not another one that reuses its id. */
async function isRunning(pid: number): Promise<boolean> {
  const [file, args] =
    process.platform === "win32"
      ? ["tasklist", ["/FI", `PID eq ${pid}`, "/NH"]]
      : ["ps", ["-p", String(pid), "-o", "comm="]];
  const { stdout } = await promisify(execFile)(file, args).catch(() => ({ stdout: "" }));
  return stdout.includes("pulumi");
}

function held({ user, host, pid, since }: Holder): UserError {
  return new UserError(
    `${user}@${host} (process ${pid}) has held the stack's lock since ${since}.`,
    "Wait until that run ends. If it was killed, run this command on that computer, or `pulumi cancel`.",
  );
}
