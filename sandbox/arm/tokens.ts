import { createHash, randomUUID } from "node:crypto";
import {
  decodeProtectedHeader,
  errors,
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
  type CryptoKey,
  type JWK,
} from "jose";
import type { SandboxIdentity } from "../identity.ts";
import type { Caller } from "./caller.ts";
import type { JsonObject } from "./json.ts";
import { ArmError } from "./armError.ts";
import type { Documents } from "./store.ts";

/** The identity that a token is issued for. */
export type Principal =
  | { readonly kind: "application" }
  | { readonly kind: "user"; readonly upn: string }
  /** A user-assigned identity. */
  | { readonly kind: "identity"; readonly clientId: string; readonly objectId: string };

/** Claims of a token of another issuer, such as GitHub's for a job of a workflow. */
export interface FederatedClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** Tokens of workflow jobs are valid for five minutes (docs.github.com, "OpenID Connect reference", example token). */
const federatedSeconds = 300;

const algorithm = "RS256";
/**
 * Entra's access tokens are valid for 60 to 90 minutes. In real time, because the clients that hold them know no other.
 */
const lifetimeSeconds = 3600;

/**
 * Audiences that ARM accepts besides its own endpoint (go-azure-sdk, `environments`; @azure/identity's public cloud).
 */
const armAudiences = ["https://management.azure.com", "https://management.core.windows.net"];

/** Signs and verifies the tenant's access tokens, in version 1.0 as used by ARM and Azure Storage. */
export class Tokens {
  readonly #identity: SandboxIdentity;
  readonly #privateKey: CryptoKey;
  readonly #publicKey: CryptoKey;
  readonly #jwk: JWK;

  private constructor(identity: SandboxIdentity, privateKey: CryptoKey, publicKey: CryptoKey, jwk: JWK) {
    this.#identity = identity;
    this.#privateKey = privateKey;
    this.#publicKey = publicKey;
    this.#jwk = jwk;
  }

  /** The signing key is created at the first start and stored, so that tokens survive a restart. */
  static async open(documents: Documents, identity: SandboxIdentity): Promise<Tokens> {
    let stored = documents.get("signingKey");
    if (stored === undefined) {
      const pair = await generateKeyPair(algorithm, { extractable: true });
      const made = await exportJWK(pair.privateKey);
      stored = { ...(made as JsonObject), kid: randomUUID() };
      documents.put("signingKey", stored);
    }
    const jwk = stored as JWK;
    const open: JWK = { kty: "RSA", use: "sig", alg: algorithm, ...pick(jwk, ["kid", "n", "e"]) };
    return new Tokens(identity, await importKey(jwk), await importKey(open), open);
  }

  /** The tenant's public signing keys (`jwks_uri`). */
  keys(): JsonObject {
    return { keys: [this.#jwk] };
  }

  /**
   * Issues an access token.
   * @param audience the requested resource, verbatim: the token's `aud`.
   * @param issuedAt real time.
   */
  async issue(
    principal: Principal,
    audience: string,
    issuedAt = new Date(),
  ): Promise<{ token: string; expiresOn: number; lifetime: number }> {
    const { tenantId, clientId } = this.#identity;
    const seconds = Math.floor(issuedAt.getTime() / 1000);
    const expiresOn = seconds + lifetimeSeconds;
    const objectId = objectIdOf(principal, this.#identity);
    const who =
      principal.kind === "user"
        ? // The application of the Azure CLI, with which users sign in.
          {
            appid: azureCliAppId,
            appidacr: "0",
            idtyp: "user",
            upn: principal.upn,
            unique_name: principal.upn,
            name: principal.upn,
            scp: "user_impersonation",
            amr: ["pwd", "mfa"],
          }
        : principal.kind === "identity"
          ? { appid: principal.clientId, appidacr: "2", idtyp: "app" }
          : { appid: clientId, appidacr: "1", idtyp: "app" };
    const token = await new SignJWT({
      ...who,
      oid: objectId,
      tid: tenantId,
      ipaddr: "127.0.0.1",
      ver: "1.0",
      uti: randomUUID(),
    })
      .setProtectedHeader({
        alg: algorithm,
        typ: "JWT",
        ...(this.#jwk.kid === undefined ? {} : { kid: this.#jwk.kid }),
      })
      .setIssuer(issuerOf(tenantId))
      .setAudience(audience)
      .setSubject(objectId)
      .setIssuedAt(seconds)
      // Five minutes back, as in Entra, so that a slow clock does not refuse the token.
      .setNotBefore(seconds - 300)
      .setExpirationTime(expiresOn)
      .sign(this.#privateKey);
    return { token, expiresOn, lifetime: lifetimeSeconds };
  }

  /** Issues a token of another issuer. The sandbox stands in for every issuer, with its own key. */
  async issueFederated({ issuer, subject, audience }: FederatedClaims): Promise<string> {
    const seconds = Math.floor(Date.now() / 1000);
    return await new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: algorithm, typ: "JWT" })
      .setIssuer(issuer)
      .setSubject(subject)
      .setAudience(audience)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + federatedSeconds)
      .sign(this.#privateKey);
  }

  /** Reads the claims of another issuer's token. @returns undefined if it is not valid. */
  async readFederated(token: string): Promise<FederatedClaims | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#publicKey, { algorithms: [algorithm] });
      const { iss, sub, aud } = payload;
      if (typeof iss !== "string" || typeof sub !== "string" || typeof aud !== "string") return undefined;
      return { issuer: iss, subject: sub, audience: aud };
    } catch {
      return undefined;
    }
  }

  /**
   * Returns the sender of a request.
   * @param endpoint the control plane's own URL.
   * @param audiences allowed audiences of the token, without trailing slashes. Defaults to ARM and `endpoint`.
   * @throws ArmError AuthenticationFailed, InvalidAuthenticationToken, ExpiredAuthenticationToken,
   * InvalidAuthenticationTokenAudience, InvalidAuthenticationTokenTenant; each with `WWW-Authenticate`.
   */
  async authenticate(
    authorization: string | undefined,
    endpoint: string,
    ipAddress: string,
    audiences: readonly string[] = [...armAudiences, endpoint],
  ): Promise<Caller> {
    const refuse = (code: string, message: string): ArmError => {
      const uri = `${endpoint}/${this.#identity.tenantId}`;
      const challenge = `Bearer authorization_uri="${uri}", error="invalid_token", error_description="${message.replaceAll('"', "'")}"`;
      return new ArmError(401, code, message, { headers: { "WWW-Authenticate": challenge } });
    };
    if (authorization === undefined || authorization === "") {
      throw refuse("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.");
    }
    const token = /^Bearer (.+)$/i.exec(authorization)?.[1];
    if (token === undefined) {
      throw refuse(
        "AuthenticationFailedInvalidHeader",
        "Authentication failed. The 'Authorization' header is provided in an invalid format.",
      );
    }
    const claims = await this.#verify(token, refuse);
    const audience = String(claims.aud);
    if (!audiences.includes(audience.replace(/\/+$/, ""))) {
      throw refuse(
        "InvalidAuthenticationTokenAudience",
        `The access token has been obtained for wrong audience or resource '${audience}'. It should exactly match with one of the allowed audiences '${audiences.map((one) => `${one}/`).join("','")}'.`,
      );
    }
    if (claims.tid !== this.#identity.tenantId) {
      throw refuse(
        "InvalidAuthenticationTokenTenant",
        `The access token is from the wrong issuer '${String(claims.iss)}'. It must match the tenant '${issuerOf(this.#identity.tenantId)}' associated with this subscription.`,
      );
    }
    const upn = claims.upn;
    return {
      objectId: String(claims.oid),
      ipAddress,
      ...(typeof upn === "string" ? { upn } : { appId: String(claims.appid) }),
    };
  }

  async #verify(token: string, refuse: (code: string, message: string) => ArmError): Promise<Record<string, unknown>> {
    try {
      decodeProtectedHeader(token);
      const { payload } = await jwtVerify(token, this.#publicKey, { algorithms: [algorithm] });
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        const expiry = new Date(Number(error.payload.exp) * 1000).toISOString();
        throw refuse(
          "ExpiredAuthenticationToken",
          `The access token expiry UTC time '${expiry}' is earlier than current UTC time '${new Date().toISOString()}'.`,
        );
      }
      throw refuse("InvalidAuthenticationToken", "The access token is invalid.");
    }
  }
}

const azureCliAppId = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/** Returns the `iss` of Entra's version 1.0 tokens. */
export function issuerOf(tenantId: string): string {
  return `https://sts.windows.net/${tenantId}/`;
}

/**
 * Derives the object id from tenant and name, so that a principal has the same id after every start without a
 * directory.
 */
export function objectIdOf(principal: Principal, identity: SandboxIdentity): string {
  if (principal.kind === "identity") return principal.objectId;
  const name = principal.kind === "user" ? principal.upn.toLowerCase() : identity.clientId;
  const hex = createHash("sha256").update(`${identity.tenantId}/${name}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, algorithm);
  if (key instanceof Uint8Array)
    throw new Error("The stored signing key is not an RSA key. Delete the sandbox's folder to start anew.");
  return key;
}

function pick(jwk: JWK, names: readonly (keyof JWK)[]): JWK {
  return Object.fromEntries(names.flatMap((name) => (jwk[name] === undefined ? [] : [[name, jwk[name]]])));
}
