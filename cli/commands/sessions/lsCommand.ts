import { defineCommand } from "../../command.ts";
import { sessionsLsOptions } from "./lsOptions.ts";

export const sessionsLs = defineCommand({
  name: "sessions ls",
  summary: "List open sessions: who is connected, from where, to which VM, since when.",
  details:
    "Azure's list of open sessions has neither the client's address nor the person's account. They are added from the " +
    "audit log, by tunnel. Its records take minutes to hours to arrive. LOG shows whether a session's record was found, " +
    "is still missing, or could not be read (unread).",
  options: sessionsLsOptions,
  examples: [
    ["sessions ls", "Everybody connected through the Bastion host"],
    ["sessions ls --vm web --json", "One VM's sessions, for a script"],
    ["sessions ls --source workspace", "With addresses and persons from Log Analytics, where records arrive sooner"],
  ],
  role: "operator",
  load: async () => (await import("./list.ts")).runSessionsLs,
});
