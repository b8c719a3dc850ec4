/** Access to Azure for the commands that act on it. */
import type { ArmClient } from "./azure/armClient.ts";
import type { AzureAccess } from "./azureAccess.ts";
import type { Io } from "./io.ts";
import { openSettings, type Settings } from "./settings/settings.ts";
import type { SettingsFlags } from "./settings/settingValues.ts";

export interface ArmAccess extends AzureAccess {
  readonly arm: ArmClient;
  readonly settings: Settings;
}

/** @throws `AzureFailure` as `openAzure` does. */
export async function openArm(flags: SettingsFlags, io: Io): Promise<ArmAccess> {
  const [{ openAzure }, { ArmClient }] = await Promise.all([
    import("./azureAccess.ts"),
    import("./azure/armClient.ts"),
  ]);
  const { cloud, credential } = await openAzure(io);
  const arm = new ArmClient({ cloud, credential, signal: io.signal });
  return { cloud, credential, arm, settings: openSettings(flags, io) };
}
