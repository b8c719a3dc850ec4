/** Config as a stack file has it, for the tests. */
import assert from "node:assert/strict";
import { ValidationError } from "../components/shared/validate.ts";
import { parseConfig, type TrailConfig } from "../program/config/index.ts";

export const publicKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAlBdXY/GSTsnwu93d5uSZJmHWfXkuOQ/0QVmOTc+rWv somebody`;
const idIn = (provider: string) =>
  `/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/hub/providers/${provider}`;
/** Ids of things to adopt, one of each kind. */
export const existing = {
  existingVirtualNetworkId: idIn("Microsoft.Network/virtualNetworks/hub"),
  existingBastionSubnetId: idIn("Microsoft.Network/virtualNetworks/hub/subnets/AzureBastionSubnet"),
  existingVmSubnetId: idIn("Microsoft.Network/virtualNetworks/spoke/subnets/vms"),
  existingBastionHostId: idIn("Microsoft.Network/bastionHosts/hub"),
  existingStorageAccountId: idIn("Microsoft.Storage/storageAccounts/logs"),
  existingWorkspaceId: idIn("Microsoft.OperationalInsights/workspaces/logs"),
};

/** The config from values as a stack file has them, handed over as the engine does it: text, with lists and objects as JSON. */
export function configOf(values: Record<string, unknown>, stack = "dev"): TrailConfig {
  const raw = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
  return parseConfig(raw, { project: "bastion-trail", stack });
}

/** What the config is refused with: one line for each problem, without the namespace. */
export function problemsOf(values: Record<string, unknown>, stack?: string): string[] {
  try {
    configOf({ location: "westeurope", ...values }, stack);
  } catch (error) {
    assert.ok(error instanceof ValidationError);
    return error.message
      .replace(/^The config of stack \w+(?: has \d+ problems)?:\s+/, "")
      .split("\n")
      .map((line) => line.replace(/^ *(?:- )?bastion-trail:/, "").replace(/\.$/, ""));
  }
  return [];
}

/** The key that a problem is about. */
export function keyOf(problem: string): string {
  return problem.split(" ")[0] ?? "";
}
