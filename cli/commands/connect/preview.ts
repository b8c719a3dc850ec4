/** Shows what `connect` would do, for `--dry-run`, `--json` and `--csv`. */
import type { ConnectOptions } from "./options.ts";
import { note, write, type Io } from "../../io.ts";
import { shownRequestor, type Requestor } from "../../jit/requestor.ts";
import { formatOf, report } from "../../reporters/report.ts";
import type { Column } from "../../reporters/rows.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { quoted } from "../../shell.ts";
import { formatDuration, formatTime } from "../../time.ts";
import type { Plan } from "./plan.ts";
import type { Method } from "./problems.ts";

/** A connection that has not been made. */
interface Connection {
  /** ARM id. */
  readonly vm: string;
  readonly vmName: string;
  readonly port: number;
  readonly method: Method;
  /**
   * `request`: access would be requested. `own`: the caller's grant would be used. `ride`: somebody else's would be
   * used.
   */
  readonly access: "request" | "own" | "ride";
  /** Duration of the request in seconds; null if none would be made. */
  readonly requestSeconds: number | null;
  /** The reason of the request or the grant. */
  readonly reason: string | null;
  /** Active grants for the port, the one that ends last first. */
  readonly grants: readonly ({
    readonly reason: string | null;
    /** ISO 8601 UTC. */
    readonly until: string;
  } & Requestor)[];
  /** The call of the Azure CLI; null for the portal, and if no call is possible. */
  readonly command: readonly string[] | null;
  /** The VM's page in the portal. */
  readonly link: string;
  /** The problems that prevent the call. */
  readonly problems: readonly { readonly message: string; readonly nextStep: string }[];
}

const columns: readonly Column<Connection>[] = [
  { key: "vm", value: ({ vm }) => vm },
  { key: "port", type: "number", value: ({ port }) => port },
  { key: "method", value: ({ method }) => method },
  { key: "access", value: ({ access }) => access },
  { key: "requestSeconds", type: "duration", value: ({ requestSeconds }) => requestSeconds },
  { key: "reason", value: ({ reason }) => reason },
  { key: "command", value: ({ command }) => command?.map(quoted).join(" ") },
  { key: "link", value: ({ link }) => link },
  { key: "problems", value: ({ problems }) => problems.map(({ message }) => message).join(" ") },
];

export async function printPreview(plan: Plan, options: ConnectOptions, io: Io): Promise<void> {
  if (formatOf(options) === "table") {
    await write(
      io.stdout,
      linesOf(plan, options)
        .map((line) => `${visible(line)}\n`)
        .join(""),
    );
    for (const { message, nextStep } of plan.problems) {
      await note(io, `problem: ${visible(`${message} ${nextStep}`)}`);
    }
    return;
  }
  const connection = connectionOf(plan, options);
  await report(io, options, { rows: [connection], columns, json: { connection: () => connection }, empty: "" });
}

function linesOf({ target, port, method, client, access, link }: Plan, { reason, local }: ConnectOptions): string[] {
  const { grant, grants, seconds } = access;
  const where = `port ${port} of ${target.vm.name}`;
  const others = grants.filter(({ isOwn }) => !isOwn);
  const opens =
    grant === undefined
      ? [
          `Would request ${where} for ${formatDuration(seconds)}, with the reason: ${reason?.trim() ?? "none"}`,
          ...others.map(
            ({ end, ...who }) =>
              `Would replace the request of ${shownRequestor(who)}, and last at least until its end: ${formatTime(end, { local })}`,
          ),
        ]
      : [
          `Would use ${grant.isOwn ? "your request" : `the request of ${shownRequestor(grant)}`} for ${where}, which ends at ${formatTime(grant.end, { local })}`,
        ];
  const connects =
    method === "portal"
      ? [`Would print: ${link}`]
      : client === undefined
        ? []
        : [`Would run: az ${client.args.map(quoted).join(" ")}`];
  return [...opens, ...connects];
}

function connectionOf(plan: Plan, options: ConnectOptions): Connection {
  const { target, port, method, client, access, link, problems } = plan;
  const { grant, grants, seconds } = access;
  return {
    vm: target.vm.id,
    vmName: target.vm.name,
    port,
    method,
    access: grant === undefined ? "request" : grant.isOwn ? "own" : "ride",
    requestSeconds: grant === undefined ? seconds : null,
    reason: grant === undefined ? (options.reason?.trim() ?? null) : grant.reason,
    grants: grants.map(({ requestor, requestorId, isOwn, reason, end }) => ({
      requestor,
      requestorId,
      isOwn,
      reason,
      until: end,
    })),
    command: client === undefined ? null : ["az", ...client.args],
    link,
    problems: problems.map(({ message, nextStep }) => ({ message, nextStep })),
  };
}
