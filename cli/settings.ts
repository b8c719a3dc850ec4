/** Where a deployment is: from flags, the environment, or the outputs of its Pulumi stack. */
import { activityLogContainerName, auditContainerName, blobPrefix } from "../links/archivePath.ts";
import { UserError } from "./errors.ts";
import type { Environment, Io } from "./io.ts";
import type { OptionValues, settingsOptions } from "./options.ts";
import type { OutputsOrigin } from "./stackOutputs.ts";

/** Where one kind of log lies in the archive. */
export interface ArchiveFolder {
  /** `https://ACCOUNT.blob.core.windows.net` */
  readonly blobEndpoint: string;
  readonly container: string;
  /** Start of the names of all its blobs: `resourceId=/SUBSCRIPTIONS/.../`; empty when every resource's logs are meant. */
  readonly blobPrefix: string;
}

/** A machine of the deployment. */
export interface KnownVm {
  readonly name: string;
  readonly id: string;
  readonly privateIp: string;
  /** ARM id of its JIT policy. */
  readonly jitPolicyId: string;
  /** ARM id of its network security group; outputs of earlier versions lack it. */
  readonly nsgId?: string | undefined;
}

/** The settings. The name of each is also that of the stack's output. */
export interface SettingValues {
  readonly subscriptionId: string;
  readonly tenantId: string;
  /** ARM id. */
  readonly bastionHostId: string;
  /** The Bastion audit logs. */
  readonly archive: ArchiveFolder;
  /** The exported activity log. */
  readonly activityLogArchive: ArchiveFolder;
  /** ARM id of the Log Analytics workspace. */
  readonly workspaceId: string;
  /** What queries address the workspace by, a GUID. */
  readonly workspaceCustomerId: string;
  readonly vms: readonly KnownVm[];
}

export type SettingName = keyof SettingValues;

/** The settings of one call. Outputs are read at most once, and only when the flags and the environment do not suffice. */
export interface Settings {
  /** @returns `undefined` where nothing says it. @throws `UserError` when what says it cannot be read. */
  find<Name extends SettingName>(name: Name): Promise<SettingValues[Name] | undefined>;
  /** @throws `UserError` that says how to give it. */
  need<Name extends SettingName>(name: Name): Promise<SettingValues[Name]>;
}

export type SettingsFlags = Partial<OptionValues<typeof settingsOptions>>;

/**
 * Settings in this order, the first that has a value wins:
 * 1. the value's own flag (`--subscription`, `--bastion`, `--archive`, `--workspace`);
 * 2. the outputs that a flag names (`--outputs FILE`, `--stack NAME`);
 * 3. the value's environment variable (`BASTION_TRAIL_...`, then Azure's own);
 * 4. the outputs that the environment names (`BASTION_TRAIL_OUTPUTS`, `PULUMI_STACK`);
 * 5. the stack that is selected in the Pulumi project in the current folder.
 */
export function openSettings(flags: SettingsFlags, io: Io): Settings {
  const { env } = io;
  const fromFlags = valuesOf({
    subscription: flags.subscription,
    bastion: flags.bastion,
    archive: flags.archive,
    workspace: flags.workspace,
  });
  const fromEnvironment = valuesOf({
    subscription: first(env, ["BASTION_TRAIL_SUBSCRIPTION", "AZURE_SUBSCRIPTION_ID", "ARM_SUBSCRIPTION_ID"]),
    tenant: first(env, ["BASTION_TRAIL_TENANT", "AZURE_TENANT_ID", "ARM_TENANT_ID"]),
    bastion: first(env, ["BASTION_TRAIL_BASTION"]),
    archive: first(env, ["BASTION_TRAIL_ARCHIVE"]),
    workspace: first(env, ["BASTION_TRAIL_WORKSPACE"]),
  });
  const named = once(() => outputsOf(originFrom(flags), io));
  const standing = once(() => outputsOf(originFrom(namedByEnvironment(env)), io));
  const selected = once(() => selectedStack(io));
  const layers = [() => fromFlags, named, () => fromEnvironment, standing, async () => (await selected()).values];

  const find: Settings["find"] = async (name) => {
    for (const layer of layers) {
      const value = (await layer())[name];
      if (value !== undefined) {
        return value;
      }
    }
    return undefined;
  };
  const need: Settings["need"] = async (name) => {
    const value = await find(name);
    if (value === undefined) {
      const { failure } = await selected();
      const reason = failure === undefined ? "." : `: ${failure.message}`;
      throw new UserError(`${missing[name].what} is not known${reason}`, missing[name].nextStep, { cause: failure });
    }
    return value;
  };
  return { find, need };
}

const outputsHint = "name the stack with --stack or its outputs with --outputs.";

const missing: Readonly<Record<SettingName, { readonly what: string; readonly nextStep: string }>> = {
  subscriptionId: { what: "The Azure subscription", nextStep: `Give --subscription ID, or ${outputsHint}` },
  tenantId: { what: "The Entra tenant", nextStep: `Set AZURE_TENANT_ID, or ${outputsHint}` },
  bastionHostId: { what: "The Bastion host", nextStep: `Give --bastion ID, or ${outputsHint}` },
  archive: { what: "The archive of the audit logs", nextStep: `Give --archive URL, or ${outputsHint}` },
  activityLogArchive: {
    what: "The archive of the activity log",
    nextStep: `Give --archive URL, or switch on activityLogExport in the stack's config and ${outputsHint}`,
  },
  workspaceId: { what: "The Log Analytics workspace", nextStep: `To say which one it is, ${outputsHint}` },
  workspaceCustomerId: { what: "The Log Analytics workspace", nextStep: `Give --workspace ID, or ${outputsHint}` },
  vms: { what: "The list of virtual machines", nextStep: `To say what they are, ${outputsHint}` },
};

interface Given {
  readonly subscription?: string | undefined;
  readonly tenant?: string | undefined;
  readonly bastion?: string | undefined;
  readonly archive?: string | undefined;
  readonly workspace?: string | undefined;
}

type PartialValues = Partial<SettingValues>;

function valuesOf({ subscription, tenant, bastion, archive, workspace }: Given): PartialValues {
  return {
    ...(subscription !== undefined && { subscriptionId: subscription }),
    ...(tenant !== undefined && { tenantId: tenant }),
    ...(bastion !== undefined && { bastionHostId: bastion }),
    ...(archive !== undefined && {
      archive: archiveAt(archive, auditContainerName, bastion),
      activityLogArchive: archiveAt(
        archive,
        activityLogContainerName,
        subscription && `/subscriptions/${subscription}`,
      ),
    }),
    ...(workspace !== undefined && { workspaceCustomerId: workspace }),
  };
}

/** One kind of log in an account: all of it, or what one resource or subscription logged. */
function archiveAt(url: string, container: string, resourceId: string | undefined): ArchiveFolder {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    throw new UserError(
      `The archive '${url}' is no URL.`,
      "Give the account's blob endpoint: https://ACCOUNT.blob.core.windows.net",
    );
  }
  return {
    blobEndpoint: url.replace(/\/+$/, ""),
    container,
    blobPrefix: resourceId === undefined ? "" : blobPrefix(resourceId),
  };
}

function namedByEnvironment(env: Environment): Pick<SettingsFlags, "outputs" | "stack"> {
  return { outputs: first(env, ["BASTION_TRAIL_OUTPUTS"]), stack: first(env, ["PULUMI_STACK"]) };
}

function originFrom({ outputs, stack }: Pick<SettingsFlags, "outputs" | "stack">): OutputsOrigin | undefined {
  return outputs !== undefined
    ? { kind: "file", path: outputs }
    : stack !== undefined
      ? { kind: "stack", name: stack }
      : undefined;
}

interface SelectedStack {
  readonly values: PartialValues;
  readonly failure?: UserError;
}

/** Nobody asked for this stack, so that it cannot be read matters only where nothing else has the value. */
async function selectedStack(io: Io): Promise<SelectedStack> {
  try {
    return { values: await outputsOf({ kind: "selected" }, io) };
  } catch (error) {
    if (error instanceof UserError) {
      return { values: {}, failure: error };
    }
    throw error;
  }
}

async function outputsOf(origin: OutputsOrigin | undefined, io: Io): Promise<PartialValues> {
  if (origin === undefined) {
    return {};
  }
  const { readStackOutputs } = await import("./stackOutputs.ts");
  return readStackOutputs(origin, io);
}

/** The first of the variables that is set to something. */
function first(env: Environment, names: readonly string[]): string | undefined {
  return names.map((name) => env[name]).find((value) => value !== undefined && value !== "");
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
