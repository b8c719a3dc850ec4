/** Signatures of OpenSSH, by its own program (ssh-keygen(1), `-Y`). */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownerOnlyFile } from "../audit/privateFolder.ts";
import { UserError } from "../errors.ts";

/** What a signature is for, so that one for something else does not pass for it. */
const namespace = "evidence-pack@bastion-trail";

/**
 * Writes the signature of a file beside it, as `FILE.sig`. A private key with a passphrase is asked for in the terminal; with a public
 * key, the SSH agent signs.
 * @throws `UserError` where ssh-keygen does not sign.
 */
export async function signFile(file: string, key: string): Promise<void> {
  const { ok, said } = await sshKeygen(["-Y", "sign", "-f", key, "-n", namespace, file], "");
  if (!ok) throw new UserError(`The pack was not signed: ${said}.`, "Give --sign-key an OpenSSH key that can be used.");
}

/** Who is to have signed. */
export interface Signer {
  /** A file in the form of ssh-keygen(1), "ALLOWED SIGNERS". */
  readonly allowedSigners: string;
  readonly identity: string;
}

export interface SignatureCheck {
  readonly ok: boolean;
  /** What ssh-keygen says, in one line without a full stop. */
  readonly said: string;
}

/** @param signer whose signature it must be; `undefined` for anybody's. */
export async function checkSignature(
  manifest: Buffer,
  signature: Buffer,
  signer: Signer | undefined,
): Promise<SignatureCheck> {
  const folder = await mkdtemp(join(tmpdir(), "bastion-trail-"));
  try {
    const file = join(folder, "signature");
    await writeFile(file, signature, { mode: ownerOnlyFile });
    const whose =
      signer === undefined
        ? ["-Y", "check-novalidate"]
        : ["-Y", "verify", "-f", signer.allowedSigners, "-I", signer.identity];
    return await sshKeygen([...whose, "-n", namespace, "-s", file], manifest);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function sshKeygen(args: readonly string[], input: string | Buffer): Promise<SignatureCheck> {
  return new Promise((resolve) => {
    let said = "";
    const child = spawn("ssh-keygen", args, { stdio: ["pipe", "pipe", "pipe"] });
    const listen = (chunk: Buffer): void => {
      said += chunk.toString("utf8");
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("error", (error: NodeJS.ErrnoException) => {
      resolve({ ok: false, said: error.code === "ENOENT" ? "ssh-keygen is not on PATH" : error.message });
    });
    child.on("close", (code) => {
      resolve({ ok: code === 0, said: oneLine(said) });
    });
    // It may end before it has read everything, which its exit code tells.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

function oneLine(text: string): string {
  return text
    .trim()
    .split(/\s*\r?\n\s*/)
    .map((line) => line.replace(/\.$/, ""))
    .join("; ");
}
