/** `connect` */
import { randomUUID } from "node:crypto";
import { openArm, type ArmAccess } from "../../armAccess.ts";
import { ActionRecord } from "../../actionRecord.ts";
import type { ConnectOptions } from "./options.ts";
import { asOne, exitCodes } from "../../errors.ts";
import { note, write, type Io } from "../../io.ts";
import { withProgress } from "../../progress.ts";
import { formatOf } from "../../reporters/report.ts";
import { runAzureCli } from "./azureCli.ts";
import { openPort, tellAccess } from "./openPort.ts";
import { planConnection, type Plan } from "./plan.ts";
import { printPreview } from "./preview.ts";
import { checkOptions } from "./problems.ts";

/** @returns the exit code of the Azure CLI, if it was started. */
export async function runConnect(options: ConnectOptions, io: Io, open: typeof openArm = openArm): Promise<number> {
  const isPreview = options.dryRun || formatOf(options) !== "table";
  checkOptions(options);
  const access = await open(options, io);
  const plan = await withProgress(io, "Reading the VM and the Bastion host", () => planConnection(access, options, io));
  if (isPreview) {
    await printPreview(plan, options, io);
    return exitCodes.fine;
  }
  const problem = asOne(plan.problems);
  if (problem !== undefined) {
    throw problem;
  }
  return connect(access, plan, options, io);
}

async function connect(access: ArmAccess, plan: Plan, options: ConnectOptions, io: Io): Promise<number> {
  const reason = options.reason?.trim() ?? null;
  const correlationId = randomUUID();
  const record = await ActionRecord.open(io, access.arm, { action: "connect", reason });
  const target = plan.target.vm.id;
  const add = (outcome: string, details: Readonly<Record<string, unknown>>, message: string | null = null) =>
    record.add([{ target, outcome, message, correlationId, details }]);
  const asked = { port: plan.port, method: plan.method, ride: options.ride };
  await record.addAsked([{ target, correlationId, details: asked }]);
  const sent: { until?: string } = {};
  const onSending = (until: string) => (sent.until = until);
  const opened = await withProgress(io, "Opening the port", (progress) =>
    openPort(access, plan, { ...options, correlationId, onSending }, io, progress),
  ).catch(async (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    await add(io.signal.aborted ? "interrupted" : "failed", sent, message);
    throw error;
  });
  await add(opened.state, { until: opened.until, replaced: opened.replaced, grant: plan.access.grant ?? null });
  await tellAccess(io, plan, opened, options);
  const { client, azureCli, link } = plan;
  if (client === undefined || azureCli === undefined) {
    await note(io, "Connect from the VM's page in the portal:");
    await write(io.stdout, `${link}\n`);
    return exitCodes.fine;
  }
  if (client.localPort !== undefined) {
    await note(io, `Connect your client to localhost:${client.localPort}. Ctrl+C closes the tunnel.`);
  }
  await add("started", { command: ["az", ...client.args] });
  const exitCode = await runAzureCli(azureCli, client.args, io);
  await add("ended", { exitCode });
  return exitCode;
}
