import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writePrivate } from "./directory.ts";
import { openStateFile, restoreOrStartAnew } from "./stateFile.ts";

/** The identity of a sandbox: its only subscription, its tenant, and the only application that can log in to it. */
export interface SandboxIdentity {
  /** GUID of the only subscription. */
  readonly subscriptionId: string;
  /** GUID of the Entra tenant. */
  readonly tenantId: string;
  /** Application (client) id of the service principal that deploys. */
  readonly clientId: string;
  /** Its client secret. */
  readonly clientSecret: string;
}

const members = ["subscriptionId", "tenantId", "clientId", "clientSecret"] as const;

/**
 * Returns the identity of the sandbox in `directory`: created at the first call and read from the file afterwards, so
 * that tokens, resource ids and the exported environment stay valid after a restart. Only its owner can read the file.
 * @throws Failure if the file exists but does not contain the four strings.
 */
export function ensureIdentity(directory: string): SandboxIdentity {
  const file = identityFile(directory);
  if (existsSync(file)) {
    return openStateFile(file, restoreOrStartAnew(directory), () => parseIdentity(readFileSync(file, "utf8")));
  }
  const identity: SandboxIdentity = {
    subscriptionId: randomUUID(),
    tenantId: randomUUID(),
    clientId: randomUUID(),
    clientSecret: randomBytes(30).toString("base64url"),
  };
  mkdirSync(directory, { recursive: true });
  writePrivate(file, `${JSON.stringify(identity, null, 2)}\n`);
  return identity;
}

/** Returns the path of the identity's file in the folder of a sandbox. */
export function identityFile(directory: string): string {
  return join(directory, "identity.json");
}

function parseIdentity(text: string): SandboxIdentity {
  const parsed: unknown = JSON.parse(text);
  const value = (member: string): string => {
    const found: unknown = typeof parsed === "object" && parsed !== null ? Reflect.get(parsed, member) : undefined;
    if (typeof found !== "string" || found === "") {
      throw new Error(`no "${member}"; it must hold the strings ${members.join(", ")}`);
    }
    return found;
  };
  return {
    subscriptionId: value("subscriptionId"),
    tenantId: value("tenantId"),
    clientId: value("clientId"),
    clientSecret: value("clientSecret"),
  };
}
