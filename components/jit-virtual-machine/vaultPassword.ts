import { createHash } from "node:crypto";
import { VirtualMachineExtension } from "@pulumi/azure-native/compute/virtualMachineExtension.js";
import { getSecret } from "@pulumi/azure-native/keyvault/getSecret.js";
import * as pulumi from "@pulumi/pulumi";
import type { ArmClient } from "../shared/armClient.ts";
import { locate } from "../shared/armId.ts";
import { unlessMissing, withRetries } from "../shared/armRequest.ts";
import { ArmTask } from "../shared/armTask.ts";
import type { Placement } from "../shared/placement.ts";
import type { HookInputs } from "../shared/hookInputs.ts";
import type { Problem } from "../shared/validate.ts";
import { generatePassword } from "./generatedPassword.ts";
import { VmOs } from "./vmOs.ts";

/** Arguments of a password that is kept in a vault. */
export interface VaultPasswordArgs extends Placement {
  /** ARM id of the vault. */
  readonly vaultId: pulumi.Input<string>;
  readonly vmName: pulumi.Output<string>;
  readonly os: VmOs;
  readonly adminUsername: pulumi.Input<string>;
}

/** The result: where the password is, and the extension that sets it. */
export interface VaultPassword {
  /** Address of the secret that holds the password. */
  readonly secretUri: pulumi.Output<string>;
  readonly extension: VirtualMachineExtension;
}

/**
 * Sets the administrator's password to one that only the vault holds.
 *
 * Azure requires a VM's first password in the body of the VM, and Pulumi keeps it in the state. That password is
 * replaced as soon as the VM runs: a hook of the program generates another one and writes it to the vault, and the
 * VMAccess extension reads it from there by reference (`protectedSettingsFromKeyVault`). The next `pulumi up` applies a
 * new version of the settings secret.
 *
 * @param opts - `parent`, and the extensions that must be installed first: Azure works on one extension of a VM at a
 * time.
 */
export function createVaultPassword(
  name: string,
  args: VaultPasswordArgs,
  opts: pulumi.CustomResourceOptions,
): VaultPassword {
  const { vaultId, vmName, os, adminUsername, ...placement } = args;
  const passwordId = pulumi
    .all([vaultId, placement.resourceGroupName, vmName])
    .apply(([vault, group, vm]) => `${vault}/secrets/${secretName(group, vm)}`);
  const settingsId = pulumi.interpolate`${passwordId}-settings`;
  const secrets = new ArmTask<PasswordSecrets>(
    { id: "settingsId", work: keepPassword },
    `${name}-password-secret`,
    { settingsId, passwordId, os, adminUsername },
    opts,
  );
  // Resolves once the secrets exist.
  const written = (secretId: pulumi.Output<string>) =>
    pulumi.all([secrets.id, secretId]).apply(([, id]) => getSecret(placeOf(id), { parent: opts.parent }));
  const [settings, password] = [written(settingsId), written(passwordId)];
  const { publisher, type, version } = accessExtension[os];
  const extension = new VirtualMachineExtension(
    `${name}-password-reset`,
    {
      ...placement,
      vmName,
      vmExtensionName: type,
      publisher,
      type,
      typeHandlerVersion: version,
      autoUpgradeMinorVersion: true,
      ...(os === VmOs.Windows && { settings: { UserName: adminUsername } }),
      protectedSettingsFromKeyVault: {
        secretUrl: settings.apply(({ properties }) => properties.secretUriWithVersion),
        sourceVault: { id: vaultId },
      },
    },
    { ...opts, deleteBeforeReplace: true },
  );
  return { secretUri: password.apply(({ properties }) => properties.secretUri), extension };
}

/** The extension that sets a local user's password (azure-docs, virtual-machines/extensions/vmaccess-linux.md, vmaccess-windows.md). */
const accessExtension: Readonly<Record<VmOs, { publisher: string; type: string; version: string }>> = {
  [VmOs.Linux]: { publisher: "Microsoft.OSTCExtensions", type: "VMAccessForLinux", version: "1.5" },
  [VmOs.Windows]: { publisher: "Microsoft.Compute", type: "VMAccessAgent", version: "2.4" },
};

/**
 * Returns the name of the secret. VMs of several deployments can share a vault. The hash distinguishes names that
 * differ only in characters that a secret's name cannot contain, or in where the group's name ends and the VM's begins.
 */
export function secretName(resourceGroupName: string, vmName: string): string {
  const readable = `${resourceGroupName}-${vmName}`.replaceAll(/[^A-Za-z0-9-]/g, "-").slice(0, 90);
  const hash = createHash("sha256").update(`${resourceGroupName}/${vmName}`.toLowerCase()).digest("hex").slice(0, 8);
  return `${readable}-${hash}-password`;
}

function placeOf(secretId: string) {
  const [vaultId = "", secret = ""] = secretId.split("/secrets/");
  const { resourceGroupName, name: vaultName } = locate(vaultId);
  return { resourceGroupName, vaultName, secretName: secret };
}

/** The two secrets of one VM. */
export interface PasswordSecrets {
  /** ARM id of the secret with the settings of the extension, as JSON. */
  readonly settingsId: string;
  /** ARM id of the secret with only the password, for people and for Bastion's login with a key vault secret. */
  readonly passwordId: string;
  readonly os: VmOs;
  readonly adminUsername: string;
}

/**
 * Writes a generated password to the vault, unless it has one for this user. Azure Resource Manager never returns the
 * value of a secret.
 */
export async function keepPassword(secrets: PasswordSecrets, arm: ArmClient): Promise<void> {
  const { settingsId, passwordId, os, adminUsername } = secrets;
  const version = "?api-version=2024-11-01";
  await withRetries(async () => {
    const present = (await arm.send("GET", `${settingsId}${version}`).catch(unlessMissing)) as Secret | undefined;
    if (present?.tags?.[userTag] === adminUsername) return;
    const password = generatePassword();
    const settings = os === VmOs.Windows ? { Password: password } : { username: adminUsername, password };
    const tags = { [userTag]: adminUsername };
    // The settings are written last: their presence means that both secrets exist.
    for (const [id, value, contentType] of [
      [passwordId, password, "text/plain"],
      [settingsId, JSON.stringify(settings), "application/json"],
    ] as const) {
      await arm.send("PUT", `${id}${version}`, { body: { tags, properties: { value, contentType } } });
    }
  });
}

interface Secret {
  readonly tags?: Readonly<Record<string, string>>;
}

const userTag = "adminUsername";

/**
 * Returns the reason why a VM with a password cannot leave its vault, if any: the stack would show a password that is no
 * longer valid.
 */
export function vaultChangeProblems(before: HookInputs, after: HookInputs): Problem[] {
  const [was, wanted] = [before.passwordVaultId, after.passwordVaultId];
  return typeof was === "string" && (wanted === undefined || wanted === null)
    ? [
        {
          key: "passwordVaultId",
          value: undefined,
          reason: `it was ${was}, which alone holds the password of the VM; set it back, or remove the VM before adding it again`,
        },
      ]
    : [];
}
