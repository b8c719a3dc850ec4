import assert from "node:assert/strict";
import { ValidationError } from "../../../components/shared/validate.ts";
import { keyNames, type Key } from "../../../program/config/keys.ts";
import { problemsOf } from "../../stackConfig.ts";
import { hub, publicKey, run } from "../recordedStack.ts";

const network = `${hub}/Microsoft.Network/virtualNetworks/hub`;
const adopted = {
  existingVirtualNetworkId: network,
  existingBastionSubnetId: `${network}/subnets/AzureBastionSubnet`,
  existingVmSubnetId: `${network}/subnets/machines`,
  existingBastionHostId: `${hub}/Microsoft.Network/bastionHosts/hub-bastion`,
  existingStorageAccountId: `${hub}/Microsoft.Storage/storageAccounts/centrallogs`,
  existingWorkspaceId: `${hub}/Microsoft.OperationalInsights/workspaces/central`,
};
const vms = [{ name: "web", sshPublicKey: publicKey }];

/** One value of each key that is not its default. */
const chosen: Readonly<Record<Key, unknown>> = {
  ...adopted,
  location: "northeurope",
  namePrefix: "path",
  tags: { team: "blue" },
  lock: "CanNotDelete",
  addressSpace: ["10.60.0.0/15"],
  bastionSubnetPrefix: "10.60.9.0/26",
  vmSubnetPrefix: "10.60.8.0/24",
  bastionSku: "Premium",
  bastionScaleUnits: 3,
  bastionZones: ["1"],
  nativeClient: true,
  ipConnect: true,
  shareableLink: true,
  fileCopy: true,
  disableCopyPaste: true,
  kerberos: true,
  privateOnly: true,
  sessionRecording: true,
  hubStack: "organization/bastion-trail/hub",
  audit: false,
  archiveRetentionDays: 90,
  archiveReplication: "Standard_GRS",
  archiveSharedKey: true,
  immutability: "unlocked",
  immutabilityDays: 60,
  workspaceRetentionDays: 60,
  activityLogExport: false,
  flowLogs: "off",
  flowLogRetentionDays: 60,
  networkWatcherId: `${hub}/Microsoft.Network/networkWatchers/central`,
  allowEvidenceLoss: true,
  vms: [{ name: "db", login: "entraId" }],
  passwordVaultId: `${hub}/Microsoft.KeyVault/vaults/passwords`,
  defenderPlan: "manage",
};

/** `hubStack` is replaced by the ids that it stands for, and `allowEvidenceLoss` acts on changes of a deployment alone. */
const others: readonly Key[] = ["hubStack", "allowEvidenceLoss"];

const stacks: readonly (readonly [string, Record<string, unknown>])[] = [
  ["a stack that creates everything", { vms, bastionSku: "Premium" }],
  ["a stack with a Developer host", { vms, bastionSku: "Developer", audit: false }],
  ["a stack that adopts everything", { vms, ...adopted }],
  ["a stack without logs", { vms, audit: false, activityLogExport: false, flowLogs: "off" }],
];

/** What a config makes of a deployment. The inputs of components only record it. */
async function made(config: Record<string, unknown>): Promise<string> {
  const { resources, result } = await run(config);
  const registered = resources.map(({ inputs, ...resource }) => ({
    ...resource,
    inputs: resource.type.startsWith("bastion-trail:") ? undefined : inputs,
  }));
  const text = ({ type, name }: { readonly type: string; readonly name: string }) => `${type} ${name}`;
  return JSON.stringify([registered.sort((a, b) => text(a).localeCompare(text(b))), result]);
}

/** What is adopted may not fit. */
function refusal(error: unknown): string {
  assert.ok(error instanceof ValidationError, String(error));
  return error.message;
}

describe("a key of the config", () => {
  for (const [stack, config] of stacks) {
    it(`has an effect on ${stack}, or is refused`, async () => {
      const before = await made(config);
      const idle: Key[] = [];
      for (const key of keyNames.filter((name) => !others.includes(name) && !(name in config))) {
        const changed = { ...config, [key]: chosen[key] };
        const after = problemsOf(changed).length === 0 ? await made(changed).catch(refusal) : "refused";
        if (after === before) idle.push(key);
      }
      assert.deepEqual(idle, []);
    }).timeout(60_000);
  }
});
