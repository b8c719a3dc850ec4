import assert from "node:assert/strict";
import { request } from "node:https";
import { adminToken, scopeTypes, startTestPlane, text } from "./plane.ts";
import { forEachTest } from "../../held.ts";

describe("the sandbox's own endpoints", () => {
  let stopped = 0;
  const plane = forEachTest(() => {
    stopped = 0;
    return startTestPlane(() => ({
      types: scopeTypes(),
      admin: {
        "POST /sandbox/echo": ({ body, query }) => ({ body, of: query.get("of") }),
        "POST /sandbox/stop": () => {
          stopped += 1;
          return {};
        },
      },
    }));
  });

  /** Stops the sandbox, as far as it lets one. `fetch` sends no `Host` header of the caller's. */
  const stop = (headers: Record<string, string>): Promise<{ status: number; body: unknown }> =>
    new Promise((resolve, reject) => {
      const outgoing = request(`${plane.server.endpoint}/sandbox/stop`, {
        method: "POST",
        ca: plane.tls.ca,
        // A page in a browser would have its certificate refused; whoever does not check it must be refused too.
        checkServerIdentity: () => undefined,
        headers,
      });
      outgoing.once("error", reject);
      outgoing.once("response", (response) => {
        let answer = "";
        response.on("data", (chunk: Buffer) => (answer += chunk.toString("utf8")));
        response.once("end", () => {
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(answer) });
        });
      });
      outgoing.end();
    });
  const authorization = `Bearer ${adminToken}`;

  it("are those of the core and those that were added, and nothing else", async () => {
    assert.deepEqual((await plane.admin("POST", "/sandbox/echo?of=x", { a: 1 })).body, { body: { a: 1 }, of: "x" });
    assert.deepEqual((await plane.admin("GET", "/sandbox/echo")).body, {
      error: {
        code: "NotFound",
        message:
          "GET /sandbox/echo not found. The sandbox has: DELETE /sandbox/faults, GET /sandbox/clock, GET /sandbox/faults, GET /sandbox/needs, POST /sandbox/clock, POST /sandbox/delays, POST /sandbox/echo, POST /sandbox/faults, POST /sandbox/federated-token, POST /sandbox/stop, POST /sandbox/token.",
      },
    });
    const { body } = await plane.admin("POST", "/sandbox/clock", { advanceMs: 7_200_000 });
    assert.equal(body.offsetMs, 7_200_000);
    assert.equal(Math.round((Date.parse(text(body.now)) - Date.now()) / 60_000), 120);
  });

  const unauthorized = {
    error: {
      code: "Unauthorized",
      message:
        "The sandbox's own endpoints require its admin token: Authorization: Bearer {adminToken of sandbox.json}.",
    },
  };
  for (const [what, headers] of [
    ["no token", {}],
    ["no token, from another host's page", { host: "evil.example" }],
    ["an empty token", { authorization: "Bearer " }],
    ["another token", { authorization: `Bearer ${adminToken.replace("a", "b")}` }],
    ["a longer token", { authorization: `${authorization}x` }],
    ["the token under another scheme", { authorization: `Basic ${adminToken}` }],
  ] as const) {
    it(`refuse a request with ${what}`, async () => {
      assert.deepEqual(await stop(headers), { status: 401, body: unauthorized });
      assert.equal(stopped, 0);
    });
  }

  it("refuse an access token of Azure's", async () => {
    const { body } = await plane.admin("POST", "/sandbox/token", { user: "ada@contoso.com" });
    assert.equal((await stop({ authorization: `Bearer ${text(body.access_token)}` })).status, 401);
    assert.equal((await plane.send("POST", "/sandbox/stop")).status, 401);
    assert.equal(stopped, 0);
  });

  it("do not say which of them there are without a token", async () => {
    assert.deepEqual((await plane.raw("GET", "/sandbox/nothing")).body, unauthorized);
    assert.deepEqual((await plane.raw("GET", "/sandbox")).body, unauthorized);
  });

  for (const host of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:443", "evillocalhost"]) {
    it(`refuse the host name '${host}', token or not`, async () => {
      assert.deepEqual(await stop({ authorization, host }), {
        status: 403,
        body: {
          error: {
            code: "InvalidHost",
            message: `The host '${host}' is not this sandbox. Use 127.0.0.1 or localhost.`,
          },
        },
      });
      assert.equal(stopped, 0);
    });
  }

  for (const host of ["127.0.0.1:8443", "localhost", "LOCALHOST:1", "web.localhost:8443", "[::1]:8443"]) {
    it(`take the host name ${host}`, async () => {
      assert.deepEqual(await stop({ authorization, host }), { status: 200, body: {} });
      assert.equal(stopped, 1);
    });
  }
});
