import type { SandboxIdentity } from "../identity.ts";
import type { Faults } from "./faults.ts";
import { textAt } from "./bodies.ts";
import type { JsonObject } from "./model.ts";
import { ArmError } from "./model.ts";
import type { Operations } from "./operations.ts";
import type { Tokens } from "./tokens.ts";
import { objectIdOf } from "./tokens.ts";

/** Local-only endpoints under `/sandbox/`, beside Azure's own, keyed `METHOD /sandbox/path`. They need no token. */
export type AdminRoutes = Readonly<
  Record<string, (request: { body: JsonObject; query: URLSearchParams }) => JsonObject | Promise<JsonObject>>
>;

/** A clock that can be moved. */
export interface SettableClock {
  now(): Date;
  advance(ms: number): Promise<void>;
  readonly offsetMs: number;
}

/** The control plane's own local-only endpoints. A body's wrong member is a 400 that names it. */
export function coreAdminRoutes(parts: {
  clock: SettableClock;
  faults: Faults;
  operations: Operations;
  tokens: Tokens;
  identity: SandboxIdentity;
}): AdminRoutes {
  const { clock, faults, operations, tokens, identity } = parts;
  const showClock = (): JsonObject => ({ now: clock.now().toISOString(), offsetMs: clock.offsetMs });
  return {
    "GET /sandbox/clock": showClock,
    "POST /sandbox/clock": async ({ body }) => {
      await clock.advance(wholeNumber(body, "advanceMs"));
      return showClock();
    },
    "GET /sandbox/faults": () => ({ value: faults.list() }),
    "POST /sandbox/faults": ({ body }) => ({ id: faults.add(body) }),
    "DELETE /sandbox/faults": () => {
      faults.clear();
      return {};
    },
    "POST /sandbox/delays": ({ body }) => {
      operations.delayMs = wholeNumber(body, "operationDelayMs");
      return { operationDelayMs: operations.delayMs };
    },
    "POST /sandbox/token": async ({ body }) => {
      const upn = textAt(body, "user");
      if (upn === undefined || !/^[^@\s]+@[^@\s]+$/.test(upn)) {
        throw new ArmError(
          400,
          "InvalidParameter",
          `"user" is ${JSON.stringify(body.user)}; it must be a user principal name, like "ada@contoso.com".`,
        );
      }
      const principal = { kind: "user", upn } as const;
      const { token, expiresOn } = await tokens.issue(
        principal,
        textAt(body, "resource") ?? "https://management.azure.com/",
      );
      return {
        access_token: token,
        token_type: "Bearer",
        expires_on: expiresOn,
        objectId: objectIdOf(principal, identity),
      };
    },
  };
}

function wholeNumber(body: JsonObject, member: string): number {
  const value = body[member];
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new ArmError(
    400,
    "InvalidParameter",
    `"${member}" is ${JSON.stringify(value)}; it must be a whole number of milliseconds from 0 up.`,
  );
}
