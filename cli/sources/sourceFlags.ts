/** The values of `--source`, and the flags that have an effect with each of them. */
import { UserError } from "../errors.ts";
import type { CacheFlags } from "../files/cacheFolder.ts";
import type { SettingsFlags } from "../settings/settingValues.ts";
import type { ArchiveFlags } from "./logFiles.ts";

/** The flags of a command that reads logs. */
export interface SourceFlags extends SettingsFlags, CacheFlags, ArchiveFlags {
  readonly source?: string | undefined;
}

/** Default of `--source` for commands that read audit logs. */
export const defaultSource = "archive";

/** Default of `--source` for `activity`: Azure itself. */
export const defaultActivitySource = "api";

/** Whether a command that reads audit logs reads them from a folder or file. */
export function isFolder(source: string): boolean {
  return source !== "archive" && source !== "workspace";
}

/** Flags that name a deployment. */
const deploymentFlags = ["stack", "outputs", "profile"] as const;

/**
 * Refuses flags that have no effect, in a command that also reads other things than logs.
 * @param source value of `--source`.
 * @throws `UserError` naming every flag for another source.
 */
export function requireSource(flags: SourceFlags, source: string | undefined): void {
  refuse(flags, source, {
    ...(source !== "archive" && { archive: "--source archive", late: "--source archive" }),
    ...(source !== "workspace" && { workspace: "--source workspace" }),
  });
}

/**
 * Checks the flags of a command that reads only audit logs: a folder has no deployment, and a host belongs to one
 * subscription.
 * @param source value of `--source`; `none` if no source is read, and `undefined` if nothing of a deployment is.
 */
export function requireLogSource(flags: SourceFlags, source: string | undefined): void {
  requireSource(flags, source);
  if (source === undefined || (source !== "none" && isFolder(source))) {
    const uses = "--source archive and workspace";
    refuse(flags, source, Object.fromEntries(deploymentFlags.map((name) => [name, uses])));
  }
  const { bastion, subscription } = flags;
  const scope = `/subscriptions/${subscription ?? ""}/`.toLowerCase();
  if (bastion !== undefined && subscription !== undefined && !bastion.toLowerCase().startsWith(scope)) {
    throw new UserError(
      `The Bastion host ${bastion} is not in the subscription ${subscription}.`,
      "Leave --bastion or --subscription out.",
    );
  }
}

/** @param uses flags, each with its sources. */
function refuse(
  flags: SourceFlags,
  source: string | undefined,
  uses: Partial<Record<keyof SourceFlags, string>>,
): void {
  const given = Object.entries(uses).filter(([name]) => flags[name as keyof SourceFlags] !== undefined);
  if (given.length > 0) {
    throw new UserError(
      `${given.map(([name]) => `--${name}`).join(" and ")} cannot be used ${source === undefined ? "without --source" : `with --source ${source}`}.`,
      `${given.map(([name, sources]) => `--${name} is for ${sources}`).join("; ")}.`,
    );
  }
}
