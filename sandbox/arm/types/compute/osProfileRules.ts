/**
 * Names, passwords and keys that Azure accepts for a new VM (azure-docs, virtual-machines: error-messages.md,
 * linux/faq.yml, windows/faq.yml).
 */
import { flagAt, objectsAt, textAt, valueAt, type JsonObject } from "../../json.ts";
import { words } from "../../../words.ts";
import { invalidParameter, missingParameter } from "./invalidParameter.ts";

const forbiddenUserNames = new Set(
  words(`
    1 123 a actuser adm admin admin1 admin2 administrator aspnet backup console david guest john owner root server sql
    support support_388945a0 sys test test1 test2 test3 user user1 user2 user3 user4 user5
  `),
);

const forbiddenPasswords = new Set(
  words("abc@123 iloveyou! P@$$w0rd P@ssw0rd P@ssword123 Pa$$word pass@word1 Password! Password1 Password22"),
);

const nameCharacters = "` ~ ! @ # $ % ^ & * ( ) = + _ [ ] { } \\ | ; : . ' \" , < > / ?";
const invalidNameCharacter = /[`~!@#$%^&*()=+_[\]{}\\|;:.'",<>/?\s]/;

export type OperatingSystem = "Linux" | "Windows";

/**
 * Checks the `osProfile` of a VM that is created from an image.
 * @throws ArmError `InvalidParameter` with the member as its target.
 */
export function checkOsProfile(profile: JsonObject, os: OperatingSystem, machineName: string): void {
  checkComputerName(textAt(profile, "computerName") ?? machineName, os);
  const userName = textAt(profile, "adminUsername");
  if (userName === undefined || userName === "") throw missingParameter("adminUsername");
  checkUserName(userName, os);
  if (os === "Windows") checkWindows(profile);
  else checkLinux(profile, userName);
}

function checkComputerName(name: string, os: OperatingSystem): void {
  const isTooLong = name.length > (os === "Windows" ? 15 : 64);
  if (!isTooLong && !invalidNameCharacter.test(name) && !(os === "Windows" && /^\d+$/.test(name))) return;
  throw invalidParameter(
    "computerName",
    os === "Windows"
      ? `Windows computer name cannot be more than 15 characters long, be entirely numeric, or contain the following characters: ${nameCharacters}.`
      : `Linux host name cannot exceed 64 characters in length or contain the following characters: ${nameCharacters}.`,
  );
}

function checkUserName(name: string, os: OperatingSystem): void {
  if (os === "Windows" && (name.length > 20 || name.endsWith(".") || /["/\\[\]:;|=,+*?<>@]/.test(name))) {
    throw invalidParameter(
      "adminUsername",
      `Windows admin user name cannot be more than 20 characters long, end with a period(.), or contain the following characters: \\ / " [ ] : | < > + = ; , ? * @.`,
    );
  }
  const isAllowed = os === "Windows" || /^[A-Za-z_][A-Za-z0-9._-]{0,63}$/.test(name);
  if (forbiddenUserNames.has(name.toLowerCase()) || !isAllowed) {
    throw invalidParameter("adminUsername", "The Admin Username specified is not allowed.");
  }
}

function checkWindows(profile: JsonObject): void {
  if (valueAt(profile, "linuxConfiguration") !== undefined) throw invalidParameter("linuxConfiguration");
  const password = textAt(profile, "adminPassword");
  if (password === undefined) throw missingParameter("adminPassword");
  checkPassword(password, 8, 123);
}

function checkLinux(profile: JsonObject, userName: string): void {
  if (valueAt(profile, "windowsConfiguration") !== undefined) throw invalidParameter("windowsConfiguration");
  const keys = objectsAt(profile, "linuxConfiguration.ssh.publicKeys");
  for (const key of keys) checkSshKey(key, userName);
  const password = textAt(profile, "adminPassword");
  const isPasswordOff = flagAt(profile, "linuxConfiguration.disablePasswordAuthentication") === true;
  if (isPasswordOff ? keys.length === 0 : password === undefined && keys.length === 0) {
    throw invalidParameter(
      "linuxConfiguration",
      "Authentication using either SSH or by user name and password must be enabled in Linux profile.",
    );
  }
  if (password !== undefined) checkPassword(password, 6, 72);
  else if (!isPasswordOff) throw missingParameter("adminPassword");
}

function checkPassword(password: string, shortest: number, longest: number): void {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(password)).length;
  const hasControl = /[\u0000-\u001f\u007f]/.test(password);
  if (password.length < shortest || password.length > longest || kinds < 3 || hasControl) {
    throw invalidParameter(
      "adminPassword",
      `The supplied password must be between ${shortest}-${longest} characters long and must satisfy at least 3 of password complexity requirements from the following:\r\n1) Contains an uppercase character\r\n2) Contains a lowercase character\r\n3) Contains a numeric digit\r\n4) Contains a special character\r\n5) Control characters are not allowed`,
    );
  }
  if (forbiddenPasswords.has(password)) {
    throw invalidParameter("adminPassword", "The Admin password specified is not allowed.");
  }
}

function checkSshKey(key: JsonObject, userName: string): void {
  const path = `/home/${userName}/.ssh/authorized_keys`;
  if ((textAt(key, "path") ?? path) !== path) {
    throw invalidParameter(
      "linuxConfiguration.ssh.publicKeys.path",
      `Destination path for SSH public keys is currently limited to its default value ${path}  due to a known issue in Linux provisioning agent.`,
    );
  }
  if (!isPublicKey(textAt(key, "keyData") ?? "")) throw invalidParameter("linuxConfiguration.ssh.publicKeys.keyData");
}

/** RSA of at least 2048 bits, or ED25519 (azure-docs, ssh-from-windows.md, "Supported SSH key formats"). */
function isPublicKey(text: string): boolean {
  const [algorithm = "", data = ""] = text.trim().split(/\s+/);
  const blob = Buffer.from(data, "base64");
  if (blob.length < 4 || blob.toString("base64").replace(/=+$/, "") !== data.replace(/=+$/, "")) return false;
  const [name, ...rest] = sshFields(blob);
  if (name?.toString("latin1") !== algorithm) return false;
  if (algorithm === "ssh-ed25519") return rest[0]?.length === 32;
  // The modulus has a leading zero byte, which makes it a positive number.
  return algorithm === "ssh-rsa" && (rest[1]?.length ?? 0) - 1 >= 2048 / 8;
}

/** Returns the length-prefixed fields of an SSH key blob (RFC 4253, section 6.6). */
function sshFields(blob: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  for (let offset = 0; offset + 4 <= blob.length;) {
    const end = offset + 4 + blob.readUInt32BE(offset);
    if (end > blob.length) break;
    fields.push(blob.subarray(offset + 4, end));
    offset = end;
  }
  return fields;
}
