/** Stack files: `Pulumi.STACK.yaml`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isMap, isScalar, parseDocument, type Document, type Scalar, type YAMLMap } from "yaml";
import { UserError } from "../../errors.ts";
import { stackFileName } from "../../pulumi.ts";
import { secretsMemberNames, type SecretsMembers } from "./deployment.ts";
import { type ConfigKey, configOptions } from "./options.ts";
import type { Program, Workspace } from "./workspace.ts";

/** azure-native's config key for its subscription. */
const subscriptionKey = "azure-native:subscriptionId";

/** Values of the program's config keys. */
export type BootstrapConfig = Readonly<Partial<Record<ConfigKey, string>>>;

/** The source of a run's stack file. */
export interface StackFileSource {
  /** The user's own stack file, parsed. */
  readonly document: Document;
  /** Path of that file. */
  readonly file: string;
}

/**
 * Opens the user's stack file, creating its config section if there is none.
 * @throws `UserError` if it is not YAML.
 */
export function openStackFile(program: Program, stack: string): StackFileSource {
  const file = join(program.stackFiles, stackFileName(stack));
  const document = parseDocument(existsSync(file) ? readFileSync(file, "utf8") : "");
  const [error] = document.errors;
  if (error !== undefined) {
    throw new UserError(`${file} is not valid YAML: ${error.message.split("\n", 1)[0] ?? ""}.`, "Fix it.");
  }
  if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
  return { document, file };
}

/** The config values in the file. */
export function configIn({ document }: StackFileSource, { project }: Program): BootstrapConfig {
  const values = Object.keys(configOptions).flatMap((key) => {
    const value = document.getIn(["config", `${project.name}:${key}`]);
    return typeof value === "string" ? [[key, value]] : [];
  });
  return Object.fromEntries(values) as BootstrapConfig;
}

/** The subscription in the file. */
export function subscriptionIn({ document }: StackFileSource): string | undefined {
  const value = document.getIn(["config", subscriptionKey]);
  return typeof value === "string" ? value : undefined;
}

export function setConfig(
  { document }: StackFileSource,
  { project }: Program,
  config: BootstrapConfig,
  subscriptionId: string,
): void {
  document.setIn(["config", subscriptionKey], subscriptionId);
  for (const [key, value] of Object.entries(config)) document.setIn(["config", `${project.name}:${key}`], value);
}

/** Writes a run's stack file into the workspace. */
export function writeStackFile({ stackFile }: Workspace, source: StackFileSource, secrets: SecretsMembers): void {
  writeFileSync(stackFile, withSecrets(source.document, secrets));
}

/** Writes the user's own stack file. @returns whether it changed. */
export function saveStackFile({ document, file }: StackFileSource, secrets: SecretsMembers): boolean {
  const text = withSecrets(document, secrets);
  if (existsSync(file) && readFileSync(file, "utf8") === text) return false;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return true;
}

function withSecrets(document: Document, secrets: SecretsMembers): string {
  const copy = document.clone();
  for (const name of secretsMemberNames) {
    const value = secrets[name];
    if (value !== undefined) copy.set(name, value);
    else if (isMap(copy.contents)) removeMember(copy.contents, name);
  }
  return copy.toString({ lineWidth: 0 });
}

/** Removes a member but keeps the comment above it, which may be about the whole file. */
function removeMember(map: YAMLMap, name: string): void {
  const index = map.items.findIndex(({ key }) => isScalar(key) && key.value === name);
  if (index === -1) return;
  const comment = commentedKey(map, index)?.commentBefore;
  map.items.splice(index, 1);
  const next = commentedKey(map, index);
  if (next !== undefined && comment) next.commentBefore = [comment, next.commentBefore].filter(Boolean).join("\n");
}

function commentedKey(map: YAMLMap, index: number): Scalar | undefined {
  const key = map.items[index]?.key;
  return isScalar(key) ? key : undefined;
}
