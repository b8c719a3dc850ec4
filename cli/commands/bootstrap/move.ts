/** Moves a stack's state from one backend to another. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { ownerOnlyFile, ownerOnlyFolder } from "../../files/privateFolder.ts";
import { encryptedLike, isSameState } from "./deployment.ts";
import type { PulumiStack } from "./pulumiStack.ts";
import { writeStackFile, type StackFileSource } from "./stackFile.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Copies the state, compares the copy with the original, and then removes the original, keeping a backup. The original
 * is used until the copy is complete, and the copy afterwards, so that an interruption at any moment leaves a usable
 * state.
 * @returns path of the backup.
 */
export async function moveState(
  from: PulumiStack,
  to: PulumiStack,
  { workspace, source, io }: { workspace: Workspace; source: StackFileSource; io: Io },
): Promise<string> {
  const state = await from.export({ secrets: true });
  if ((await to.resources()) === undefined) {
    writeStackFile(workspace, source, {});
    await to.init();
  }
  await to.import(encryptedLike(state, await to.export()));
  const copy = await to.export({ secrets: true });
  if (!isSameState(copy, state)) {
    throw new UserError(
      `The state in ${to.place.name} differs from that in ${from.place.name}, which was not removed.`,
      "Run this command again.",
    );
  }
  return removeWithBackup(from, workspace, io);
}

/** Removes a stack whose state is in another backend too. @returns path of the backup. */
export async function removeWithBackup(stack: PulumiStack, { backups }: Workspace, io: Io): Promise<string> {
  const file = join(backups, `${io.now().toISOString().replaceAll(":", "-")}.json`);
  mkdirSync(backups, { recursive: true, mode: ownerOnlyFolder });
  writeFileSync(file, await stack.exportText(), { mode: ownerOnlyFile });
  await stack.remove();
  return file;
}
