/** Checks whether an evidence pack is unchanged. */
import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { fileProblem } from "../files/fileProblem.ts";
import { UserError } from "../errors.ts";
import { errorCode } from "../files/fileErrors.ts";
import {
  type Hashed,
  type Manifest,
  manifestHashName,
  manifestIn,
  manifestName,
  ownFiles,
  signatureName,
} from "./manifest.ts";
import { noManifest, type PackContent, type PackEntry } from "./packReader.ts";
import { checkSignature, type Signer } from "./sshSignature.ts";

/** A problem of a pack or its source. */
export interface Problem {
  readonly of: "file" | "source" | "signature";
  readonly name: string;
  /** A sentence. */
  readonly message: string;
}

export interface PackCheck {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest. */
  readonly sha256: string;
  /** `valid`: made by any key. `verified`: made by the key of the required signer. */
  readonly signature: "none" | "valid" | "verified" | "invalid";
  /** Output of ssh-keygen for the signature; null without one. */
  readonly signedBy: string | null;
  readonly problems: readonly Problem[];
}

/** More than a manifest of millions of blobs has. A larger file is not a manifest and would fill the memory. */
const largestOwnFile = 512 * 1024 * 1024;

/** @throws `UserError` if there is no readable manifest. */
export async function verifyPack({ entries, odd }: PackContent, signer: Signer | undefined): Promise<PackCheck> {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const bytes = await ownFile(byName, manifestName);
  if (bytes === undefined) throw noManifest(folderWithManifest(entries));
  const manifest = manifestIn(bytes.toString("utf8"));
  if (typeof manifest === "string") {
    throw new UserError(manifest, "Pass an undamaged pack that this version of bastion-trail can read.");
  }
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const listed = new Set([...manifest.files.map(({ name }) => name), ...ownFiles]);
  const added = entries.filter(({ name }) => !listed.has(name));
  const problems: Problem[] = [
    ...added.map(({ name }) => ({ of: "file" as const, name, message: `${name} is not in the manifest.` })),
    ...odd.map((name) => ({ of: "file" as const, name, message: `${name} is neither a file nor a folder.` })),
  ];
  for (const file of manifest.files) problems.push(...(await changeOf(file, byName.get(file.name))));
  problems.push(...(await manifestChange(byName, sha256)));
  const signature = await signatureOf(bytes, await ownFile(byName, signatureName), signer);
  return { manifest, sha256, ...signature, problems: [...problems, ...signature.problems] };
}

/** Returns the folder in a pack that has a manifest. */
function folderWithManifest(entries: readonly PackEntry[]): string | undefined {
  const ending = `/${manifestName}`;
  return entries.find(({ name }) => name.endsWith(ending))?.name.slice(0, -ending.length);
}

async function ownFile(entries: ReadonlyMap<string, PackEntry>, name: string): Promise<Buffer | undefined> {
  const entry = entries.get(name);
  if (entry === undefined) return undefined;
  if (entry.bytes > largestOwnFile) throw new UserError(`${name} is too large to be one.`, "Pass another pack.");
  try {
    return Buffer.concat(await Array.fromAsync((await entry.read()) as AsyncIterable<Buffer>));
  } catch (error) {
    throw new UserError(`${name} cannot be read: ${reasonOf(error)}.`, "Get the evidence pack again.", {
      cause: error,
    });
  }
}

async function changeOf(expected: Hashed, entry: PackEntry | undefined): Promise<Problem[]> {
  const { name } = expected;
  const message = entry === undefined ? `${name} is missing.` : await difference(name, expected, entry);
  return message === undefined ? [] : [{ of: "file", name, message }];
}

async function difference(name: string, expected: Hashed, entry: PackEntry): Promise<string | undefined> {
  if (entry.bytes !== expected.bytes) {
    return `${name} has changed: it has ${entry.bytes} bytes, the manifest says ${expected.bytes}.`;
  }
  try {
    const sha256 = await hashOf(await entry.read());
    return sha256 === expected.sha256
      ? undefined
      : `${name} has changed: its SHA-256 is ${sha256}, the manifest says ${expected.sha256}.`;
  } catch (error) {
    return `${name} cannot be read: ${reasonOf(error)}.`;
  }
}

async function manifestChange(entries: ReadonlyMap<string, PackEntry>, sha256: string): Promise<Problem[]> {
  const said = await ownFile(entries, manifestHashName);
  const message =
    said === undefined
      ? `${manifestHashName} is missing.`
      : `${manifestName} or ${manifestHashName} has changed: the SHA-256 of the manifest is ${sha256}.`;
  return said?.toString("utf8") === `${sha256}  ${manifestName}\n`
    ? []
    : [{ of: "file", name: said === undefined ? manifestHashName : manifestName, message }];
}

async function signatureOf(
  manifest: Buffer,
  signature: Buffer | undefined,
  signer: Signer | undefined,
): Promise<Pick<PackCheck, "signature" | "signedBy" | "problems">> {
  const problem = (message: string): readonly Problem[] => [{ of: "signature", name: signatureName, message }];
  if (signature === undefined) {
    const message = `${signatureName} is missing: the pack is not signed.`;
    return { signature: "none", signedBy: null, problems: signer === undefined ? [] : problem(message) };
  }
  const { ok, said } = await checkSignature(manifest, signature, signer);
  if (ok) return { signature: signer === undefined ? "valid" : "verified", signedBy: said, problems: [] };
  const whose = signer === undefined ? "" : ` by ${signer.identity}`;
  return {
    signature: "invalid",
    signedBy: null,
    problems: problem(`${signatureName} is not a valid signature of the manifest${whose}: ${said}.`),
  };
}

/** Returns the SHA-256 of a stream, in hexadecimal digits. */
async function hashOf(stream: Readable): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of stream as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest("hex");
}

function reasonOf(error: unknown): string {
  if (errorCode(error) !== undefined) return fileProblem(error);
  return error instanceof Error ? error.message : String(error);
}
