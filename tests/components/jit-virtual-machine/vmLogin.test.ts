import assert from "node:assert/strict";
import { describeProblem } from "../../../components/shared/problem.ts";
import { loginProblems, type LoginSettings, needsPassword } from "../../../components/jit-virtual-machine/vmLogin.ts";

const key = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAlBdXY/GSTsnwu93d5uSZJmHWfXkuOQ/0QVmOTc+rWv somebody@somewhere`;

describe("login", () => {
  const problems = (settings: Partial<LoginSettings>) =>
    loginProblems({ os: "linux", login: "sshKey", adminUsername: "azureuser", sshPublicKey: key, ...settings }).map(
      describeProblem,
    );

  it("by SSH key needs the public key", () => {
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problems({ sshPublicKey: undefined }), [
      "sshPublicKey is missing; required with login sshKey; or set login to entraId or password",
    ]);
    assert.deepEqual(problems({ sshPublicKey: `ecdsa-sha2-nistp256 ${"A".repeat(80)}` }), [
      `sshPublicKey is "ecdsa-sha2-nistp256 ${"A".repeat(80)}"; is a key of type ecdsa-sha2-nistp256; Azure accepts only ssh-ed25519 and ssh-rsa`,
    ]);
  });

  it("never repeats a private key in its message", () => {
    assert.deepEqual(problems({ sshPublicKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nabc" }), [
      'sshPublicKey is "[secret]"; is a private key; use the public key, the content of the .pub file',
    ]);
  });

  it("by Entra ID needs no key, and takes one for the emergency administrator", () => {
    assert.deepEqual(problems({ login: "entraId" }), []);
    assert.deepEqual(problems({ login: "entraId", sshPublicKey: undefined }), []);
  });

  it("by password takes no key", () => {
    assert.deepEqual(problems({ login: "password", sshPublicKey: undefined }), []);
    assert.deepEqual(problems({ login: "password" }), [
      `sshPublicKey is "${key}"; not used with login password; remove it, or set login to sshKey`,
    ]);
  });

  it("to Windows knows no keys", () => {
    assert.deepEqual(problems({ os: "windows" }), [
      'login is "sshKey"; must be entraId or password on windows, which has no SSH key login',
      `sshPublicKey is "${key}"; not used on windows; remove it`,
    ]);
  });

  it("has an administrator whom Azure accepts", () => {
    assert.deepEqual(problems({ adminUsername: "Admin" }), [
      'adminUsername is "Admin"; Azure does not allow this name',
    ]);
    assert.deepEqual(problems({ adminUsername: "Ops Team" }), [
      'adminUsername is "Ops Team"; must be 1 to 32 lowercase letters, digits, hyphens and underscores on linux, not starting with a digit or hyphen',
    ]);
    assert.deepEqual(problems({ os: "windows", login: "password", sshPublicKey: undefined, adminUsername: "ops." }), [
      'adminUsername is "ops."; must be 1 to 20 characters on windows, none of \\ / " [ ] : | < > + = ; , ? * @ & or a space, not ending with a period',
    ]);
  });

  it("needs a generated password unless there is a key that is used", () => {
    assert.equal(needsPassword({ os: "linux", login: "sshKey", sshPublicKey: key }), false);
    assert.equal(needsPassword({ os: "linux", login: "entraId", sshPublicKey: key }), false);
    assert.equal(needsPassword({ os: "linux", login: "entraId" }), true);
    assert.equal(needsPassword({ os: "linux", login: "password" }), true);
    assert.equal(needsPassword({ os: "windows", login: "entraId" }), true);
  });
});
