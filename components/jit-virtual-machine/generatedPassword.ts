/** Passwords that are generated for the local administrator of a VM. */
import { randomInt } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";

/** All four kinds of characters, of which Azure requires three, and none that a shell or XML interprets. */
const length = 32;
const specials = "!@#%*-_=+";

/** Generates the password that a VM is created with. It is a secret of the stack. */
export function createFirstPassword(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const password = new RandomPassword(
    `${name}-password`,
    { length, minLower: 1, minUpper: 1, minNumeric: 1, minSpecial: 1, overrideSpecial: specials },
    opts,
  );
  return pulumi.secret(password.result);
}

const alphabets = ["abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789", specials];

/** Generates a password in this process, for a vault. */
export function generatePassword(): string {
  const all = alphabets.join("");
  const pick = (from: string): string => from.charAt(randomInt(from.length));
  const characters = [...alphabets.map(pick), ...Array.from({ length: length - alphabets.length }, () => pick(all))];
  // Fisher-Yates, so that the four required characters are not always the first.
  for (let last = characters.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [characters[last], characters[other]] = [characters[other] ?? "", characters[last] ?? ""];
  }
  return characters.join("");
}
