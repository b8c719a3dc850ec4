import type { NeededActions } from "./access/neededActions.ts";
import type { SandboxIdentity } from "../identity.ts";
import type { Faults } from "./faults.ts";
import { textAt, type JsonObject } from "./json.ts";
import type { HttpRequest } from "./http.ts";
import { ArmError, badRequest } from "./armError.ts";
import type { Operations } from "./operations.ts";
import { sameSecret } from "./sameSecret.ts";
import { objectIdOf, type Tokens } from "./tokens.ts";

/**
 * Endpoints of the sandbox itself under `/sandbox/`, keyed `METHOD /sandbox/path`. A request must carry the sandbox's
 * admin token.
 */
export type AdminRoutes = Readonly<
  Record<string, (request: { body: JsonObject; query: URLSearchParams }) => JsonObject | Promise<JsonObject>>
>;

/** A clock that can be moved. */
export interface SettableClock {
  now(): Date;
  advance(ms: number): Promise<void>;
  readonly offsetMs: number;
}

/**
 * Authenticates a request to the admin endpoints. They issue tokens of any user, so neither another user of this
 * computer nor a web page in a browser on it (which could make its own host name resolve to 127.0.0.1) may use them.
 * @param adminToken the token that only the owner of the sandbox's folder can read.
 * @throws ArmError Unauthorized without that token, InvalidHost for a host name that does not belong to this computer
 */
export function admitAdmin({ headers }: Pick<HttpRequest, "headers">, adminToken: string): void {
  const given = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
  if (!sameSecret(given, adminToken)) {
    throw new ArmError(
      401,
      "Unauthorized",
      "The sandbox's own endpoints require its admin token: Authorization: Bearer {adminToken of sandbox.json}.",
      { headers: { "WWW-Authenticate": "Bearer" } },
    );
  }
  const host = headers.host ?? "";
  if (!/^(127\.0\.0\.1|\[::1\]|([a-z0-9-]+\.)*localhost)(:\d+)?$/i.test(host)) {
    throw new ArmError(403, "InvalidHost", `The host '${host}' is not this sandbox. Use 127.0.0.1 or localhost.`);
  }
}

/**
 * Returns the control plane's own admin endpoints. An invalid member of a body is answered with a 400 that names it.
 */
export function coreAdminRoutes(parts: {
  clock: SettableClock;
  faults: Faults;
  operations: Operations;
  tokens: Tokens;
  identity: SandboxIdentity;
  needs: NeededActions;
}): AdminRoutes {
  const { clock, faults, operations, tokens, identity, needs } = parts;
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
    "GET /sandbox/needs": ({ query }) => ({ value: needs.of(query.get("objectId") ?? "") }),
    "POST /sandbox/federated-token": async ({ body }) => ({
      token: await tokens.issueFederated({
        issuer: requiredText(body, "issuer"),
        subject: requiredText(body, "subject"),
        audience: textAt(body, "audience") ?? "api://AzureADTokenExchange",
      }),
    }),
    "POST /sandbox/token": async ({ body }) => {
      const upn = textAt(body, "user");
      if (upn === undefined || !/^[^@\s]+@[^@\s]+$/.test(upn)) {
        throw badRequest(
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

function requiredText(body: JsonObject, member: string): string {
  const value = textAt(body, member);
  if (value !== undefined && value !== "") return value;
  throw badRequest("InvalidParameter", `"${member}" is ${JSON.stringify(body[member])}; it must be a text.`);
}

function wholeNumber(body: JsonObject, member: string): number {
  const value = body[member];
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw badRequest(
    "InvalidParameter",
    `"${member}" is ${JSON.stringify(value)}; it must be a whole number of milliseconds from 0 up.`,
  );
}
