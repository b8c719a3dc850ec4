/** The stack file of the project that the pipeline deploys. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import type { Io } from "../../io.ts";
import { stackFileName } from "../../pulumi.ts";
import { secretsMemberNames } from "./deployment.ts";

export interface ProjectStackFile {
  readonly file: string;
  /** Existing content is never changed. */
  readonly change: "created" | "changed" | "kept";
}

/**
 * Adds the secrets provider, and the backend as a comment: Pulumi takes it from `PULUMI_BACKEND_URL` or `pulumi login`.
 * Existing content is not overwritten.
 * @returns `undefined` if the current folder has no project, or has the bootstrap program's own.
 */
export function hintProject(
  {
    stack,
    bootstrap,
    backendUrl,
    secretsProvider,
  }: { stack: string; bootstrap: string; backendUrl: string; secretsProvider: string },
  io: Io,
): ProjectStackFile | undefined {
  if (!existsSync(join(io.cwd, "Pulumi.yaml")) || bootstrap === io.cwd) return undefined;
  const file = join(io.cwd, stackFileName(stack));
  const exists = existsSync(file);
  const before = exists ? readFileSync(file, "utf8") : "";
  const document = parseDocument(before);
  const hasProvider = secretsMemberNames.some((name) => document.has(name));
  const login = before.includes("azblob://") ? "" : `# Its state: pulumi login '${backendUrl}'\n`;
  const provider = hasProvider ? "" : `secretsprovider: ${secretsProvider}\n`;
  // Inserts the text after the marker that begins the document, if there is one.
  const [mark] = /^(?:%.*\n)*---.*\n|/.exec(before) ?? [""];
  const text = `${mark}${login}${provider}${before.slice(mark.length)}`;
  if (text === before || document.errors.length > 0) return { file, change: "kept" };
  writeFileSync(file, text);
  return { file, change: exists ? "changed" : "created" };
}
