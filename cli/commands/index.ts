/** Every command, in the order in which help lists them. */
import type { AnyCommand } from "../command.ts";
import { activity } from "./activity.ts";
import { complete } from "./complete.ts";
import { connect } from "./connect.ts";
import { doctor } from "./doctor.ts";
import { drift } from "./drift.ts";
import { jitLs } from "./jitLs.ts";
import { jitRequest } from "./jitRequest.ts";
import { jitRevoke } from "./jitRevoke.ts";
import { logs } from "./logs.ts";
import { sessionsKill } from "./sessionsKill.ts";
import { sessionsLs } from "./sessionsLs.ts";
import { status } from "./status.ts";
import { use } from "./use.ts";

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
  doctor,
  drift,
  use,
  complete,
];

/** What the first word of a two-word command stands for. */
export const groups: Readonly<Record<string, string>> = {
  sessions: "Open Bastion sessions.",
  jit: "Just-in-time requests.",
};
