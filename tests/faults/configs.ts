import type { StackConfig } from "../e2e/harness.ts";

const common: StackConfig = {
  location: "westeurope",
  namePrefix: "trail",
  bastionSku: "Premium",
  sessionRecording: true,
  lock: "CanNotDelete",
  defenderPlan: "manage",
  vms: [{ name: "web", login: "entraId" }],
};

/**
 * Small configs that have every resource of the program between them. A config after the first is there for what it adds:
 * only the writes that no config before it makes are made to fail.
 */
export const faultConfigs: Readonly<Record<string, StackConfig>> = {
  "unlocked archive": { ...common, immutability: "unlocked" },
  // Without the activity log, whose records are there at once: Azure does not delete an archive that has locked ones.
  "locked archive": { ...common, immutability: "locked", activityLogExport: false },
  // Without recording, which does not go with an Entra ID login to Windows.
  "archive that expires": {
    ...common,
    immutability: "off",
    sessionRecording: false,
    vms: [{ name: "web", os: "windows", login: "entraId" }],
  },
};
