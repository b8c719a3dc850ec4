import assert from "node:assert/strict";
import { ClientSecretCredential } from "@azure/identity";
import { createRemoteJWKSet, customFetch, decodeJwt, jwtVerify } from "jose";
import { Agent, fetch } from "undici";
import { scopeTypes, startTestPlane, text, type Answer } from "./plane.ts";
import { forSuite } from "../../held.ts";

describe("the login endpoint", () => {
  const plane = forSuite(() => startTestPlane(scopeTypes()));

  function ask(path: string, form: Record<string, string>): Promise<Answer> {
    return plane.raw("POST", path, new URLSearchParams(form).toString(), {
      "content-type": "application/x-www-form-urlencoded",
    });
  }
  function client(): Record<string, string> {
    return {
      grant_type: "client_credentials",
      client_id: plane.identity.clientId,
      client_secret: plane.identity.clientSecret,
    };
  }
  function askForArm(change: Record<string, string> = {}, tenant = plane.identity.tenantId): Promise<Answer> {
    const form = { ...client(), scope: "https://management.azure.com/.default", ...change };
    return ask(`/${tenant}/oauth2/v2.0/token`, form);
  }
  function credential(secret: string): ClientSecretCredential {
    const { tenantId, clientId } = plane.identity;
    return new ClientSecretCredential(tenantId, clientId, secret, {
      authorityHost: plane.server.endpoint,
      disableInstanceDiscovery: true,
      tlsOptions: { ca: plane.tls.ca },
    });
  }

  it("gives @azure/identity a token that ARM accepts", async () => {
    const { token } = await credential(plane.identity.clientSecret).getToken("https://management.azure.com/.default");
    const answer = await plane.raw("GET", `${plane.subscription}?api-version=2022-12-01`, undefined, {
      authorization: `Bearer ${token}`,
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.body.subscriptionId, plane.identity.subscriptionId);
  });

  it("refuses @azure/identity a wrong secret", async () => {
    await assert.rejects(
      credential("wrong").getToken("https://management.azure.com/.default"),
      /AADSTS7000215: Invalid client secret provided\./,
    );
  });

  it("signs a token of version 1.0 for the resource that is asked for, with the keys that it publishes", async () => {
    const { tenantId, clientId } = plane.identity;
    const answer = await ask(`/${tenantId}/oauth2/v2.0/token`, {
      ...client(),
      scope: "https://storage.azure.com/.default",
    });
    assert.equal(answer.status, 200);
    const dispatcher = new Agent({ connect: { ca: plane.tls.ca } });
    const keys = createRemoteJWKSet(new URL(`${plane.server.endpoint}/${tenantId}/discovery/v2.0/keys`), {
      [customFetch]: ((url: string) => fetch(url, { dispatcher })) as unknown as typeof globalThis.fetch,
    });
    const { payload } = await jwtVerify(text(answer.body.access_token), keys, {
      issuer: `https://sts.windows.net/${tenantId}/`,
      audience: "https://storage.azure.com",
    });
    await dispatcher.close();
    assert.deepEqual(
      { tid: payload.tid, appid: payload.appid, ver: payload.ver, idtyp: payload.idtyp, upn: payload.upn },
      { tid: tenantId, appid: clientId, ver: "1.0", idtyp: "app", upn: undefined },
    );
    assert.equal(Number(payload.exp) - Number(payload.iat), 3600);
    assert.ok(Math.abs(Number(payload.iat) * 1000 - Date.now()) < 5000);
  });

  it("answers version 1.0 with its numbers as strings and the resource", async () => {
    const resource = "https://management.core.windows.net/";
    const { status, body } = await ask(`/${plane.identity.tenantId}/oauth2/token`, { ...client(), resource });
    assert.equal(status, 200);
    assert.equal(body.resource, resource);
    assert.equal(body.expires_in, "3600");
    assert.equal(decodeJwt(text(body.access_token)).aud, resource);
  });

  it("gives tokens in the paths of AD FS too, as disconnected Azure Stack clouds have them", async () => {
    const discovery = await plane.raw("GET", "/adfs/.well-known/openid-configuration");
    assert.equal(discovery.body.token_endpoint, `${plane.server.endpoint}/adfs/oauth2/token`);
    const resource = `${plane.server.endpoint}/`;
    const { status, body } = await ask("/adfs/oauth2/token", { ...client(), resource });
    assert.equal(status, 200);
    const { access_token: token, ...rest } = body;
    assert.equal(decodeJwt(text(token)).aud, resource);
    // Numbers, unlike Entra's version 1.0: the Azure CLI adds them to the present.
    assert.deepEqual(rest, { token_type: "Bearer", expires_in: 3600, ext_expires_in: 3600, resource });
    const tenantless = await ask(`/adfs/${plane.identity.tenantId}/oauth2/token`, { ...client(), resource });
    assert.equal(tenantless.body.expires_in, 3600);
    const below = await ask(`/adfs/${plane.identity.tenantId}/oauth2/v2.0/token`, {
      ...client(),
      scope: `${plane.server.endpoint}/.default`,
    });
    assert.equal(below.status, 200);
  });

  const refusals: Record<string, [change: Record<string, string>, refusal: RegExp]> = {
    "an unknown application": [
      { client_id: "11111111-2222-3333-4444-555555555555" },
      /^400 unauthorized_client AADSTS700016: Application with identifier '11111111-2222-3333-4444-555555555555' was not found/,
    ],
    "no secret": [{ client_secret: "" }, /^401 invalid_client AADSTS7000216: /],
    "another grant": [
      { grant_type: "password" },
      /^400 unsupported_grant_type AADSTS70003: The app requested an unsupported grant type 'password'\./,
    ],
    "a scope without /.default": [
      { scope: "https://management.azure.com/user_impersonation" },
      /^400 invalid_scope AADSTS1002012: The provided value for scope https:\/\/management\.azure\.com\/user_impersonation is not valid\./,
    ],
    "no scope": [{ scope: "" }, /^400 invalid_request AADSTS900144: /],
  };
  for (const [name, [change, refusal]] of Object.entries(refusals)) {
    it(`refuses ${name} with Entra's error`, async () => {
      const { status, body } = await askForArm(change);
      assert.match(`${status} ${text(body.error)} ${text(body.error_description)}`, refusal);
    });
  }

  it("refuses another tenant", async () => {
    const { status, body } = await askForArm({}, "contoso.com");
    assert.equal(status, 400);
    assert.deepEqual(body.error_codes, [90002]);
  });

  it("keeps its signing key over a restart, so that a token stays good", async () => {
    const { body } = await askForArm();
    Object.assign(plane, await plane.restart());
    const answer = await plane.raw("GET", "/subscriptions?api-version=2022-12-01", undefined, {
      authorization: `Bearer ${text(body.access_token)}`,
    });
    assert.equal(answer.status, 200);
  });
});

describe("a token that ARM gets", () => {
  const plane = forSuite(() => startTestPlane(scopeTypes()));

  function withToken(authorization: string | undefined): Promise<Answer> {
    return plane.raw(
      "GET",
      "/subscriptions?api-version=2022-12-01",
      undefined,
      authorization === undefined ? {} : { authorization },
    );
  }

  it("is required", async () => {
    const { status, headers, body } = await withToken(undefined);
    assert.equal(status, 401);
    assert.deepEqual(body, {
      error: { code: "AuthenticationFailed", message: "Authentication failed. The 'Authorization' header is missing." },
    });
    assert.equal(
      headers["www-authenticate"],
      `Bearer authorization_uri="${plane.server.endpoint}/${plane.identity.tenantId}", error="invalid_token", error_description="Authentication failed. The 'Authorization' header is missing."`,
    );
  });

  it("must be signed by the sandbox", async () => {
    const { body } = await withToken("Bearer eyJhbGciOiJub25lIn0.e30.");
    assert.deepEqual(body, { error: { code: "InvalidAuthenticationToken", message: "The access token is invalid." } });
  });

  it("must be for ARM", async () => {
    const { body } = await plane.admin("POST", "/sandbox/token", {
      user: "ada@contoso.com",
      resource: "https://storage.azure.com",
    });
    const answer = await withToken(`Bearer ${text(body.access_token)}`);
    assert.equal(answer.status, 401);
    assert.equal((answer.body.error as { code: string }).code, "InvalidAuthenticationTokenAudience");
  });

  it("may be a person's, which the sandbox itself gives", async () => {
    const { body } = await plane.admin("POST", "/sandbox/token", { user: "ada@contoso.com" });
    const claims = decodeJwt(text(body.access_token));
    assert.equal(claims.upn, "ada@contoso.com");
    assert.equal(claims.oid, body.objectId);
    assert.equal((await withToken(`Bearer ${text(body.access_token)}`)).status, 200);
  });

  it("is not given to somebody without a name", async () => {
    const { status, body } = await plane.admin("POST", "/sandbox/token", { user: "ada" });
    assert.equal(status, 400);
    assert.deepEqual(body, {
      error: {
        code: "InvalidParameter",
        message: '"user" is "ada"; it must be a user principal name, like "ada@contoso.com".',
      },
    });
  });
});

describe("the cloud's description", () => {
  const plane = forSuite(() => startTestPlane(scopeTypes()));

  it("has the form of Azure Stack for 2015-01-01, which the Azure CLI falls back to", async () => {
    const { endpoint } = plane.server;
    const { body } = await plane.raw("GET", "/metadata/endpoints?api-version=2015-01-01");
    assert.deepEqual(body, {
      galleryEndpoint: `${endpoint}/`,
      graphEndpoint: `${endpoint}/`,
      portalEndpoint: `${endpoint}/`,
      graphAudience: `${endpoint}/`,
      authentication: {
        loginEndpoint: `${endpoint}/adfs`,
        audiences: [`${endpoint}/`, "https://management.core.windows.net/", "https://management.azure.com/"],
        tenant: plane.identity.tenantId,
        identityProvider: "ADFS",
      },
    });
  });

  it("is a list of clouds for 2019-05-01 and one cloud later, with where ARM is", async () => {
    const list = await plane.raw("GET", "/metadata/endpoints?api-version=2019-05-01");
    const one = await plane.raw("GET", "/metadata/endpoints?api-version=2022-09-01");
    assert.deepEqual(list.body, [one.body]);
    assert.equal(one.body.resourceManager, `${plane.server.endpoint}/`);
  });
});
