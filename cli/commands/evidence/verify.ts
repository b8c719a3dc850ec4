/** `evidence verify`. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Handler } from "../../command.ts";
import { exitCodes, UserError } from "../../errors.ts";
import { openPack } from "../../evidence/packReader.ts";
import type { Signer } from "../../evidence/sshSignature.ts";
import { verifyPack, type PackCheck } from "../../evidence/verifyPack.ts";
import { verifySources } from "../../evidence/verifySources.ts";
import { note, write, type Io } from "../../io.ts";
import { withProgress } from "../../progress.ts";
import { jsonText } from "../../reporters/json.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { requireLogSource } from "../../sources/sourceFlags.ts";
import { counted } from "../../counted.ts";
import { folderHashes } from "./folderHashes.ts";
import type { evidenceVerifyOptions } from "./verifyOptions.ts";

type VerifyHandler = Handler<typeof evidenceVerifyOptions>;
type Options = Parameters<VerifyHandler>[0];

export const runEvidenceVerify: VerifyHandler = async (options, io) => {
  const { operands, source, json } = options;
  requireLogSource(options, source);
  if (source === "workspace") {
    const why = "a pack of a workspace has no source files";
    throw new UserError(`--source workspace cannot be compared: ${why}.`, "Pass archive or a folder.");
  }
  const path = resolve(io.cwd, operands[0] ?? "");
  const signer = signerIn(options, io);
  const check = await withProgress(io, "Checking the pack", async (progress) => {
    const pack = await openPack(path);
    try {
      const own = await verifyPack(pack, signer);
      if (source === undefined) return own;
      progress.update("Checking the source");
      const isArchive = source === "archive";
      const hashOf = isArchive
        ? await (await import("./archiveHashes.ts")).archiveHashes(options, io)
        : await folderHashes(source, io, progress);
      const place = isArchive ? "the archive" : resolve(io.cwd, source);
      const ofSource = await verifySources(own.manifest.sources, hashOf, place);
      return { ...own, problems: [...own.problems, ...ofSource] };
    } finally {
      pack.close();
    }
  });
  const { manifest, problems, sha256, signature, signedBy } = check;
  if (json) {
    const checked = { files: manifest.files.length, sources: source === undefined ? 0 : manifest.sources.length };
    const document = { pack: () => path, manifestSha256: () => sha256, checked: () => checked };
    const rest = { signature: () => signature, signedBy: () => signedBy, problems };
    for await (const piece of jsonText({ ...document, ...rest })) await write(io.stdout, piece);
  } else {
    for (const { message } of problems) await write(io.stdout, `${visible(message)}\n`);
    await tell(io, check, source !== undefined);
  }
  return problems.length === 0 ? exitCodes.fine : exitCodes.findings;
};

async function tell(io: Io, { manifest, problems, sha256, signature, signedBy }: PackCheck, withSources: boolean) {
  const { files, sources } = manifest;
  const what = `${counted(files.length, "file")}${withSources ? ` and ${counted(sources.length, "source file")}` : ""}`;
  const result = problems.length === 0 ? "no problem found" : counted(problems.length, "problem");
  await note(io, `Checked ${what}: ${result}.`);
  await note(io, `SHA-256 of the manifest: ${sha256}`);
  if (signedBy !== null) await note(io, visible(`${signedBy}.`));
  if (signature === "valid") {
    await note(io, "Whose key that is was not checked: give --allowed-signers and --identity.");
  } else if (signature === "none") {
    await note(io, "The pack is not signed: compare the SHA-256 of the manifest with the one that its maker has.");
  }
}

function signerIn({ allowedSigners, identity }: Options, io: Io): Signer | undefined {
  if (allowedSigners === undefined && identity === undefined) return undefined;
  if (allowedSigners === undefined || identity === undefined) {
    throw new UserError("--allowed-signers and --identity must be used together.", "Pass both.");
  }
  const path = resolve(io.cwd, allowedSigners);
  if (!existsSync(path)) throw new UserError(`File not found: ${path}.`, "Pass an existing file to --allowed-signers.");
  return { allowedSigners: path, identity };
}
