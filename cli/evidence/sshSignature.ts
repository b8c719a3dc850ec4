/** Signs and checks signatures with OpenSSH's own program (ssh-keygen(1), `-Y`). */
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ownerOnlyFile } from "../files/privateFolder.ts";
import { temporaryFolder } from "../files/temporaryFolder.ts";
import { UserError } from "../errors.ts";

/** The purpose of a signature, so that a signature for something else is not accepted. */
const namespace = "evidence-pack@bastion-trail";
const trialNamespace = "trial@bastion-trail";

const signStep = "Pass an OpenSSH key with which ssh-keygen can sign.";

/**
 * Signs an empty text, whose signature is not kept: nothing else tells whether a key can be used, by itself or by the SSH agent.
 * @throws `UserError` if ssh-keygen does not sign.
 */
export async function requireSigningKey(key: string): Promise<void> {
  const { ok, said } = await sshKeygen(["-Y", "sign", "-f", key, "-n", trialNamespace], "");
  if (!ok) throw new UserError(`--sign-key ${key} cannot sign: ${said}.`, signStep);
}

/**
 * Writes the signature of a file beside it, as `FILE.sig`. ssh-keygen prompts for the passphrase of a private key in the
 * terminal; for a public key, the SSH agent signs.
 * @throws `UserError` if ssh-keygen does not sign.
 */
export async function signFile(file: string, key: string): Promise<void> {
  const { ok, said } = await sshKeygen(["-Y", "sign", "-f", key, "-n", namespace, file], "");
  if (!ok) throw new UserError(`The pack was not signed: ${said}.`, signStep);
}

/** The expected signer. */
export interface Signer {
  /** A file in the form of ssh-keygen(1), "ALLOWED SIGNERS". */
  readonly allowedSigners: string;
  readonly identity: string;
}

export interface SignatureCheck {
  readonly ok: boolean;
  /** Output of ssh-keygen, in one line without a full stop. */
  readonly said: string;
}

/** @param signer the required signer; `undefined` for any. */
export async function checkSignature(
  manifest: Buffer,
  signature: Buffer,
  signer: Signer | undefined,
): Promise<SignatureCheck> {
  const folder = temporaryFolder();
  try {
    const file = join(folder.path, "signature");
    await writeFile(file, signature, { mode: ownerOnlyFile });
    const whose =
      signer === undefined
        ? ["-Y", "check-novalidate"]
        : ["-Y", "verify", "-f", signer.allowedSigners, "-I", signer.identity];
    return await sshKeygen([...whose, "-n", namespace, "-s", file], manifest);
  } finally {
    folder.remove();
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
    // ssh-keygen may exit before it has read all input; its exit code tells the result.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** Leaves out the frame that ssh-keygen draws before it explains the permissions of a key. */
function oneLine(text: string): string {
  return text
    .trim()
    .split(/\s*\r?\n\s*/)
    .filter((line) => !line.startsWith("@"))
    .map((line) => line.replace(/\.$/, ""))
    .join("; ");
}
