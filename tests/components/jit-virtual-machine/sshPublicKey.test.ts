import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { sshKeyFault } from "../../../components/jit-virtual-machine/sshPublicKey.ts";

const ed25519 = "AAAAC3NzaC1lZDI1NTE5AAAAIAlBdXY/GSTsnwu93d5uSZJmHWfXkuOQ/0QVmOTc+rWv";

function field(data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, data]);
}

function ed25519Key(bytes: number): string {
  const fields = [Buffer.from("ssh-ed25519"), Buffer.alloc(bytes)].map(field);
  return `ssh-ed25519 ${Buffer.concat(fields).toString("base64")}`;
}

function rsaKey(bits: number): string {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  const { e = "", n = "" } = publicKey.export({ format: "jwk" });
  const modulus = Buffer.concat([Buffer.alloc(1), Buffer.from(n, "base64url")]);
  const fields = [Buffer.from("ssh-rsa"), Buffer.from(e, "base64url"), modulus].map(field);
  return `ssh-rsa ${Buffer.concat(fields).toString("base64")} ada`;
}

describe("an SSH public key", () => {
  it("is Ed25519, or RSA of 2048 bits or more, with or without a comment", () => {
    for (const key of [
      `ssh-ed25519 ${ed25519}`,
      `ssh-ed25519 ${ed25519} ada@example.com`,
      `ssh-ed25519 ${ed25519} ada\n`,
      `ssh-ed25519 ${ed25519}\r\n`,
      rsaKey(2048),
      rsaKey(3072),
    ]) {
      assert.equal(sshKeyFault(key), undefined);
    }
  });

  const incomplete = (type: string) => `is not a complete ${type} key; copy the whole content of the .pub file`;
  const other =
    'must be one line, such as "ssh-ed25519 KEY COMMENT" or "ssh-rsa KEY COMMENT", the content of the .pub file';
  const type = (name: string) => `is a key of type ${name}; Azure accepts only ssh-ed25519 and ssh-rsa`;
  for (const [what, key, fault] of [
    ["cut off", `ssh-ed25519 ${ed25519.slice(0, 40)}`, incomplete("ssh-ed25519")],
    ["an RSA key that is cut off", rsaKey(4096).slice(0, 600), incomplete("ssh-rsa")],
    ["cut off within the length of a field", `ssh-ed25519 ${ed25519.slice(0, 28)}`, incomplete("ssh-ed25519")],
    ["of a wrong length", ed25519Key(31), incomplete("ssh-ed25519")],
    ["of another type than it says", `ssh-rsa ${ed25519}`, incomplete("ssh-rsa")],
    ["without content", `ssh-ed25519 ${"A".repeat(68)}`, incomplete("ssh-ed25519")],
    ["a short RSA key", rsaKey(1024), "has 1024 bits; Azure requires an RSA key of 2048 or more"],
    ["of a type that Azure does not accept", `ecdsa-sha2-nistp256 ${ed25519}`, type("ecdsa-sha2-nistp256")],
    ["of a security key", `sk-ssh-ed25519@openssh.com ${ed25519}`, type("sk-ssh-ed25519@openssh.com")],
    ["a DSA key", "ssh-dss AAAAB3NzaC1kc3MAAACBAP ada", type("ssh-dss")],
    ["behind options of authorized_keys", `no-pty ssh-ed25519 ${ed25519}`, other],
    ["with two spaces between its parts", `ssh-ed25519  ${ed25519}`, other],
    ["one of two keys", `ssh-ed25519 ${ed25519}\nssh-ed25519 ${ed25519}`, other],
    ["the path of a file", "~/.ssh/id_ed25519.pub", other],
    ["broken over two lines", `ssh-ed25519 ${ed25519.slice(0, 40)}\n${ed25519.slice(40)}`, other],
  ] as const) {
    it(`is refused if it is ${what}`, () => {
      assert.equal(sshKeyFault(key), fault);
    });
  }
});
