/** The inputs of a run: the program, its config, the subscription and the location of the state. */
import { existsSync } from "node:fs";
import type { openArm } from "../../armAccess.ts";
import type { ArmClient } from "../../azure/armClient.ts";
import { callerOf } from "../../azure/caller.ts";
import type { Input } from "../../command.ts";
import { temporaryFolder } from "../../files/temporaryFolder.ts";
import type { Io } from "../../io.ts";
import { defaultStack } from "../../options.ts";
import { secretsMembers } from "./deployment.ts";
import { repositoryHere } from "./gitHub.ts";
import { locate, type Located } from "./locate.ts";
import { type bootstrapOptions, configOptions, type ConfigKey } from "./options.ts";
import { azurePlace, localPlace, readAzure } from "./places.ts";
import { requirePulumi } from "./pulumi.ts";
import { PulumiStack } from "./pulumiStack.ts";
import {
  configIn,
  openStackFile,
  setConfig,
  subscriptionIn,
  writeStackFile,
  type StackFileSource,
} from "./stackFile.ts";
import { findSubscription, type Subscription } from "./subscription.ts";
import { findProgram, openWorkspace, type Program, type Workspace, workspaceFolder } from "./workspace.ts";

export type BootstrapInput = Input<typeof bootstrapOptions>;

export interface Run {
  readonly options: BootstrapInput;
  readonly io: Io;
  readonly arm: ArmClient;
  readonly program: Program;
  readonly stack: string;
  readonly subscription: Subscription;
  /** Name of the signed-in account. */
  readonly caller: string;
  readonly workspace: Workspace;
  /** The user's stack file, with the config of this run. */
  readonly source: StackFileSource;
  readonly located: Located;
  /** Value of a config key, or the program's default. */
  readonly config: (key: ConfigKey) => string;
  /** Removes temporary files of this run. */
  readonly close: () => void;
}

/**
 * @throws `UserError` or `AzureFailure` naming what is missing. At that point nothing has been created, neither in
 *   Azure nor in the project.
 */
export async function openRun(options: BootstrapInput, io: Io, open: typeof openArm): Promise<Run> {
  const { stack = defaultStack } = options;
  const program = findProgram(options.program, io);
  const source = openStackFile(program, stack);
  await requirePulumi(io);
  const { arm } = await open({}, io);
  const caller = callerOf(await arm.token());
  const recorded = subscriptionIn(source);
  const subscription = await findSubscription(arm, { given: options.subscription, recorded, env: io.env });
  const { subscriptionId } = subscription;

  const stored = configIn(source, program);
  const repository = options.repository ?? stored.repository ?? (await repositoryHere(io));
  const asked = { ...options, ...(repository === undefined ? {} : { repository }) };
  const keys = Object.keys(configOptions) as ConfigKey[];
  const given = keys.flatMap((key) => (asked[key] === undefined ? [] : [[key, asked[key]] as const]));
  setConfig(source, program, Object.fromEntries(given), subscriptionId);
  const config = (key: ConfigKey): string => configIn(source, program)[key] ?? defaultOf(program, key);

  const kept = workspaceFolder(io, subscriptionId, stack);
  const temporary = options.dryRun && !existsSync(kept) ? temporaryFolder() : undefined;
  const folder = temporary?.path ?? kept;
  const close = (): void => {
    temporary?.remove();
  };
  try {
    const workspace = openWorkspace(folder, { program, stack, subscriptionId });
    const group = config("namePrefix");
    const facts = await readAzure(arm, subscriptionId, group);
    const { backendUrl } = facts;
    const azure =
      backendUrl === undefined ? undefined : new PulumiStack(workspace, azurePlace(workspace, backendUrl, ""), io);
    const located = await locate(new PulumiStack(workspace, localPlace(workspace), io), azure, facts, group);
    return { options, io, arm, program, stack, subscription, caller, workspace, source, located, config, close };
  } catch (error) {
    close();
    throw error;
  }
}

function defaultOf({ project }: Program, key: ConfigKey): string {
  const { config } = project as { config?: Readonly<Record<string, { default?: unknown } | undefined>> };
  const value = config?.[key]?.default;
  return typeof value === "string" ? value : "";
}

/** Writes the stack file that Pulumi needs to read the state: its config, and how the state's secrets are encrypted. */
export async function fitStackFile({ workspace, source }: Run, stack: PulumiStack): Promise<void> {
  writeStackFile(workspace, source, secretsMembers(await stack.export()));
}
