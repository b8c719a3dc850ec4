/** `bootstrap --destroy`: moves the state back to this computer, and deletes everything. */
import { confirm } from "../../confirm.ts";
import { exitCodes, UserError, type ExitCode } from "../../errors.ts";
import { note, write } from "../../io.ts";
import { withProgress } from "../../progress.ts";
import { moveState, removeWithBackup } from "./move.ts";
import { localPlace } from "./places.ts";
import { PulumiStack } from "./pulumiStack.ts";
import { fitStackFile, type Run } from "./run.ts";
import { settleInterrupted } from "./settle.ts";
import { saveStackFile } from "./stackFile.ts";
import { label } from "./subscription.ts";

export async function destroy(run: Run): Promise<ExitCode> {
  const { io, options, located, workspace, source, subscription, arm } = run;
  const { current, isDeployed, leftOver } = located;
  if (!isDeployed) {
    await write(
      io.stdout,
      options.json ? `${JSON.stringify({ deleted: 0, backups: [], vaults: [] }, null, 2)}\n` : "Nothing to delete.\n",
    );
    return exitCodes.fine;
  }
  const { isLocal } = current.place;
  if (!isLocal) await refuseOthers(current);
  const resources = (await current.export()).deployment.resources.filter(({ type }) => !type.startsWith("pulumi:"));
  const vaults = [...new Set(resources.flatMap(({ inputs }) => vaultIn(inputs) ?? []))];
  await note(io, `Subscription: ${label(subscription)}, tenant ${subscription.tenantId}`);
  await note(io, `To delete:    ${resources.length} resources, with the state backend and the secrets key`);
  if (!options.yes && !(await confirm(io, "Delete everything?"))) {
    await note(io, "Nothing was deleted.");
    return exitCodes.failure;
  }

  const backups: string[] = [];
  await withProgress(io, "Moving the state to this computer", async (progress) => {
    const report = (line: string): void => {
      progress.update(line.trim());
    };
    if (leftOver !== undefined) backups.push(await removeWithBackup(leftOver, workspace, io));
    const local = isLocal ? current : new PulumiStack(workspace, localPlace(workspace), io);
    await fitStackFile(run, current);
    await settleInterrupted(current, { arm, subscriptionId: subscription.subscriptionId, io, progress });
    if (!isLocal) backups.push(await moveState(current, local, { workspace, source, io }));
    await fitStackFile(run, local);
    progress.update("Deleting");
    // Pulumi deletes the lock of the storage account first, because the lock depends on everything it covers.
    await local.destroy(report);
    await local.remove();
    saveStackFile(source, {});
  });
  if (options.json) {
    await write(io.stdout, `${JSON.stringify({ deleted: resources.length, backups, vaults }, null, 2)}\n`);
  } else {
    await write(io.stdout, `Deleted ${resources.length} resources.\n`);
  }
  for (const backup of backups) await note(io, `Backup: ${backup}`);
  for (const vault of vaults) {
    await note(
      io,
      `The key vault ${vault} is soft-deleted. The next bootstrap of the same name and region recovers it with its key.`,
    );
  }
  return exitCodes.fine;
}

/** @throws `UserError` if other stacks in this backend have resources: their state would be deleted. */
async function refuseOthers(current: PulumiStack): Promise<void> {
  const others = (await current.stacks()).filter(({ name, resources }) => resources > 0 && !current.isOwn(name));
  if (others.length === 0) return;
  const names = others.map(({ name }) => name.replace(/^organization\//, ""));
  throw new UserError(
    `${current.place.name.replace(/^t/, "T")} has the state of other stacks with resources: ${names.join(", ")}.`,
    "Destroy them first.",
  );
}

/** Name of the vault in a resource's inputs, for any type of resource. */
function vaultIn({ vaultId, vaultName }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof vaultName === "string") return vaultName;
  return typeof vaultId === "string" ? vaultId.split("/").at(-1) : undefined;
}
