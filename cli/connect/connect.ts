/** `connect` */
import { openAccess, type Access } from "../access.ts";
import { exitCodes, UserError } from "../errors.ts";
import { note, write, type Io } from "../io.ts";
import { bastionRanges } from "../jit/bastionSource.ts";
import { withProgress, type Progress } from "../progress.ts";
import { formatOf, report } from "../reporters/report.ts";
import { formatTime } from "../time.ts";
import { ensureAccess, type ConnectAccess } from "./access.ts";
import { connectionColumns, connectionOf } from "./connection.ts";
import { withoutNativeClient } from "./nativeClient.ts";
import { planConnection, type ConnectOptions, type Plan } from "./plan.ts";
import { findAz, runAz } from "./runAz.ts";

const defaultTimeoutMs = 180_000;

/** @returns the exit code of the Azure CLI, where it was handed over to. */
export async function runConnect(
  options: ConnectOptions,
  io: Io,
  open: typeof openAccess = openAccess,
): Promise<number> {
  const handsOver = formatOf(options) === "table";
  const access = await open(options, io);
  const { plan, az, given } = await withProgress(io, "Looking at the VM and the Bastion host", async (progress) => {
    const plan = await planConnection(access, options, io);
    // Before the request: a port that nobody can connect to here should not be opened.
    const az = handsOver && plan.client !== undefined ? azFor(plan, io) : undefined;
    return { plan, az, given: await openPort(access, plan, options, io, progress) };
  });
  if (!handsOver) {
    const connection = connectionOf(plan, given);
    await report(io, options, {
      rows: [connection],
      columns: connectionColumns,
      json: { connection: () => connection },
      empty: "",
    });
    return exitCodes.fine;
  }
  await tellAccess(io, plan, given, options.local);
  if (plan.client === undefined || az === undefined) {
    await note(io, `${withoutNativeClient(plan.host) ?? ""} Connect from the VM's page in the portal:`);
    await write(io.stdout, `${plan.link}\n`);
    return exitCodes.fine;
  }
  if (plan.client.localPort !== undefined) {
    await note(io, `A tunnel: connect your client to localhost:${plan.client.localPort}. Ctrl+C closes it.`);
  }
  return runAz(az, plan.client.args, io);
}

function azFor({ link }: Plan, io: Io): string {
  const az = findAz(io.env);
  if (az === undefined) {
    throw new UserError(
      "The Azure CLI (az), which has the native client, is not on PATH.",
      `Install it from https://aka.ms/azure-cli and run \`az login\`, or connect in the portal: ${link}`,
    );
  }
  return az;
}

function openPort(
  { arm, settings }: Access,
  { target }: Plan,
  options: ConnectOptions,
  io: Io,
  progress: Progress,
): Promise<ConnectAccess> {
  return ensureAccess(arm, target, {
    seconds: options.for === undefined ? undefined : options.for / 1000,
    reason: options.reason,
    newRequest: options.newRequest,
    ranges: bastionRanges(arm, settings),
    timeoutMs: options.timeout ?? defaultTimeoutMs,
    signal: io.signal,
    onStep: (text) => {
      progress.update(text);
    },
  });
}

async function tellAccess(io: Io, { vm, port }: Plan, given: ConnectAccess, local: boolean): Promise<void> {
  const whose = given.access === "active" ? `, requested by ${given.requestor ?? "somebody"}` : "";
  const unseen = given.access === "requested" ? " Your role may not read the rules, so nobody saw that it is." : "";
  await note(io, `Port ${port} of ${vm.name} is open until ${formatTime(given.until, { local })}${whose}.${unseen}`);
}
