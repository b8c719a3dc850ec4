import { sessionsKillOptions } from "../../../../cli/commands/sessions/killOptions.ts";
import { sessionsLsOptions } from "../../../../cli/commands/sessions/lsOptions.ts";
import { runSessionsKill } from "../../../../cli/commands/sessions/kill.ts";
import { runSessionsLs } from "../../../../cli/commands/sessions/list.ts";
import type { logOf } from "../../accessBench.ts";
import { given, noLog, type AccessBench } from "../../accessBench.ts";
import type { FakeOptions } from "../../fakeIo.ts";

type Row = Record<string, unknown>;
type OpenLog = typeof noLog | ReturnType<typeof logOf>;

/** The sessions commands, each in one word. */
export class SessionsBench {
  readonly azure: AccessBench;

  constructor(azure: AccessBench) {
    this.azure = azure;
  }

  /** Opens a session. @returns its id. */
  async connected(more: Parameters<AccessBench["bench"]["connect"]>[0] = {}): Promise<string> {
    if (more.vm === undefined) await this.azure.bench.request(180);
    return (await this.azure.bench.connected({ minutes: 1000, ...more })).tunnelId;
  }

  async list(values: object = {}, log: OpenLog = noLog, open = this.azure.open) {
    const io = this.azure.io();
    const exitCode = await runSessionsLs(given(sessionsLsOptions, { json: true, ...values }), io, open, log);
    const { sessions } = JSON.parse(io.written.stdout) as { sessions: Row[] };
    return { exitCode, sessions, stderr: io.written.stderr };
  }

  async kill(
    values: object,
    ids: string[] = [],
    more: { log?: OpenLog; io?: FakeOptions; open?: AccessBench["open"] } = {},
  ) {
    const io = this.azure.io(more.io);
    const options = given(sessionsKillOptions, { json: true, reason: "INC-7", yes: true, ...values }, ...ids);
    const exitCode = await runSessionsKill(options, io, more.open ?? this.azure.open, more.log ?? noLog);
    const { stdout, stderr } = io.written;
    const sessions = stdout === "" ? [] : (JSON.parse(stdout) as { sessions: Row[] }).sessions;
    return { exitCode, sessions, stderr };
  }
}
