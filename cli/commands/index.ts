/** All commands, in the order of the help. */
import type { AnyCommand } from "../command.ts";
import { activity } from "./activity/command.ts";
import { bootstrap } from "./bootstrap/command.ts";
import { cacheLs } from "./cache/lsCommand.ts";
import { cacheRm } from "./cache/rmCommand.ts";
import { complete } from "./complete/command.ts";
import { connect } from "./connect/command.ts";
import { cost } from "./cost/command.ts";
import { doctor } from "./doctor/command.ts";
import { drift } from "./drift/command.ts";
import { evidencePack } from "./evidence/packCommand.ts";
import { evidenceVerify } from "./evidence/verifyCommand.ts";
import { init } from "./init/command.ts";
import { jitLs } from "./jit/lsCommand.ts";
import { jitRequest } from "./jit/requestCommand.ts";
import { jitRevoke } from "./jit/revokeCommand.ts";
import { logs } from "./logs/command.ts";
import { report } from "./report/command.ts";
import { sessionsKill } from "./sessions/killCommand.ts";
import { sessionsLs } from "./sessions/lsCommand.ts";
import { status } from "./status/command.ts";
import { trail } from "./trail/command.ts";
import { use } from "./use/command.ts";

export const commands: readonly AnyCommand[] = [
  status,
  sessionsLs,
  sessionsKill,
  jitLs,
  jitRequest,
  jitRevoke,
  connect,
  logs,
  activity,
  trail,
  report,
  evidencePack,
  evidenceVerify,
  doctor,
  drift,
  cost,
  init,
  bootstrap,
  use,
  cacheLs,
  cacheRm,
  complete,
];

/** Descriptions of the first word of two-word commands. */
export const groups: Readonly<Record<string, string>> = {
  sessions: "Open Bastion sessions.",
  jit: "Just-in-time requests.",
  evidence: "Evidence packs for an auditor.",
  cache: "Evidence cached on this computer.",
};
