import * as v from "valibot";
import { computeApiVersion } from "./apiVersions.ts";
import type { ArmClient } from "./armClient.ts";
import { optionalText, readAs } from "./read.ts";

export interface VirtualMachine {
  readonly id: string;
  readonly name: string;
  readonly os: "linux" | "windows";
  /** Name of the local administrator. */
  readonly adminUsername: string | null;
  /** Whether it is a Linux VM without passwords, which accepts only SSH keys. */
  readonly keysOnly: boolean;
  /** ARM id of the network interface with its address. */
  readonly primaryNicId: string | null;
  /** `running`, `stopped`, `deallocated`, ... (Learn, "States and billing status"); null if Azure does not tell. */
  readonly power: string | null;
  /** `succeeded`, `creating`, `updating`, `deleting`, `failed`, ... in lower case; null if Azure does not tell. */
  readonly state: string | null;
}

const vmShape = v.object({
  id: v.string(),
  name: v.string(),
  properties: v.object({
    provisioningState: optionalText,
    instanceView: v.nullish(v.object({ statuses: v.nullish(v.array(v.object({ code: optionalText })), []) })),
    storageProfile: v.nullish(v.object({ osDisk: v.nullish(v.object({ osType: optionalText })) })),
    osProfile: v.nullish(
      v.object({
        adminUsername: optionalText,
        windowsConfiguration: v.optional(v.unknown()),
        linuxConfiguration: v.nullish(v.object({ disablePasswordAuthentication: v.nullish(v.boolean()) })),
      }),
    ),
    networkProfile: v.nullish(
      v.object({
        networkInterfaces: v.nullish(
          v.array(v.object({ id: v.string(), properties: v.nullish(v.object({ primary: v.nullish(v.boolean()) })) })),
          [],
        ),
      }),
    ),
  }),
});

/** @throws ArmError, e.g. `ResourceNotFound`. */
export async function readVirtualMachine(arm: ArmClient, id: string): Promise<VirtualMachine> {
  const answer = await arm.get(`${id}?$expand=instanceView`, computeApiVersion);
  const { name, properties } = readAs(vmShape, answer, "the virtual machine");
  const { provisioningState, instanceView, storageProfile, osProfile, networkProfile } = properties;
  const nics = networkProfile?.networkInterfaces ?? [];
  const isWindows =
    storageProfile?.osDisk?.osType?.toLowerCase() === "windows" || osProfile?.windowsConfiguration !== undefined;
  return {
    id,
    name,
    os: isWindows ? "windows" : "linux",
    adminUsername: osProfile?.adminUsername ?? null,
    keysOnly: osProfile?.linuxConfiguration?.disablePasswordAuthentication ?? false,
    primaryNicId: (nics.find((nic) => nic.properties?.primary === true) ?? nics[0])?.id ?? null,
    power: powerIn(instanceView?.statuses ?? []),
    state: provisioningState?.toLowerCase() ?? null,
  };
}

function powerIn(statuses: readonly { readonly code?: string | null | undefined }[]): string | null {
  const found = statuses.map(({ code }) => /^PowerState\/(.+)$/i.exec(code ?? "")?.[1]);
  return found.find((state) => state !== undefined)?.toLowerCase() ?? null;
}

const listed = v.object({ id: v.string(), name: v.string(), location: v.string() });

/** A VM in a list. */
export type ListedVm = v.InferOutput<typeof listed>;

/** Lists all virtual machines of a subscription. @throws ArmError */
export function listVirtualMachines(arm: ArmClient, subscriptionId: string): Promise<ListedVm[]> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Compute/virtualMachines`;
  return Array.fromAsync(arm.list(path, computeApiVersion), (item) => readAs(listed, item, "a virtual machine"));
}

const extension = v.object({
  properties: v.nullish(v.object({ publisher: optionalText, type: optionalText, provisioningState: optionalText })),
});

/**
 * Types of extensions with which users log in with their Entra account (Learn, "Log in to a VM by using Microsoft Entra ID").
 */
const entraLogins = ["aadsshloginforlinux", "aadloginforlinux", "aadloginforwindows"];

/** Returns whether users can log in to the VM with their Entra account. @throws ArmError */
export async function hasEntraLogin(arm: ArmClient, vmId: string): Promise<boolean> {
  for await (const item of arm.list(`${vmId}/extensions`, computeApiVersion)) {
    const type = readAs(extension, item, "a VM extension").properties?.type;
    if (entraLogins.includes(type?.toLowerCase() ?? "")) return true;
  }
  return false;
}
