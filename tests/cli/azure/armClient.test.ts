import assert from "node:assert/strict";
import { inspect } from "node:util";
import { publicCloud } from "../../../cli/azure/cloud.ts";
import { AzureFailure, type ArmError } from "../../../cli/azure/failure.ts";
import { FakeArm } from "./fakeArm.ts";
import { forSuite } from "../../held.ts";

const version = "2024-05-01";
const soon = { "Retry-After": "0" };

describe("the client of Azure Resource Manager", () => {
  const arm = forSuite(() => FakeArm.start());

  it("signs in, sends the API version and returns the JSON", async () => {
    arm.reply({ body: { name: "web" } });
    assert.deepEqual(await arm.client().get("/subscriptions/s", version), { name: "web" });
    const [{ method, target, headers }] = arm.requests as [(typeof arm.requests)[0]];
    assert.deepEqual(
      [method, target, headers.authorization],
      ["GET", "/subscriptions/s?api-version=2024-05-01", "Bearer token-1"],
    );
  });

  it("asks for a token of Azure Resource Manager, once", async () => {
    const scopes: unknown[] = [];
    const credential = {
      getToken: (scope: string | string[]) => {
        scopes.push(scope);
        return Promise.resolve({ token: "t", expiresOnTimestamp: Date.now() + 3_600_000 });
      },
    };
    arm.reply({ body: {} });
    const client = arm.client({ credential });
    await Promise.all([client.get("/a", version), client.get("/b", version)]);
    await client.get("/c", version);
    assert.deepEqual(scopes, [["https://management.azure.com/.default"]]);
  });

  it("asks for a new token when Azure says that the old one was revoked", async () => {
    const claims = '{"access_token":{"nbf":{"essential":true}}}';
    const challenge = `Bearer error="insufficient_claims", claims="${Buffer.from(claims).toString("base64")}"`;
    const asked: unknown[] = [];
    const credential = {
      getToken: (_: unknown, options: { claims?: string } = {}) => {
        asked.push(options.claims);
        return Promise.resolve({ token: `t${asked.length}`, expiresOnTimestamp: Date.now() + 3_600_000 });
      },
    };
    arm.reply({ status: 401, headers: { "WWW-Authenticate": challenge } }, { body: 1 });
    assert.equal(await arm.client({ credential }).get("/a", version), 1);
    assert.deepEqual(asked, [undefined, claims]);
    assert.equal(arm.requests[1]!.headers.authorization, "Bearer t2");
  });

  it("fails with the credential's error", async () => {
    const failure = new AzureFailure("Not signed in to Azure.", "Run `az login`.");
    const credential = { getToken: () => Promise.reject(failure) };
    await assert.rejects(arm.client({ credential }).get("/a", version), failure);
  });

  it("sends no token in clear text", async () => {
    const cloud = { ...publicCloud, resourceManager: "http://arm.example" };
    await assert.rejects(arm.client({ cloud }).get("/a", version), {
      name: "AzureFailure",
      message: "Azure Resource Manager must be an https address; it is http://arm.example.",
    });
  });

  it("names the request that got no answer, and nothing secret", async () => {
    arm.reply({ drop: true });
    await assert.rejects(arm.client({ attempts: 1 }).get("/a?x=1", version), (thrown: AzureFailure) => {
      assert.equal(thrown.message, "GET /a got no answer: socket hang up.");
      assert.equal(thrown.nextStep, "Check the network and the proxy.");
      assert.doesNotMatch(inspect(thrown, { depth: 10 }), /token-1/);
      return true;
    });
  });

  it("leaves nothing behind that keeps the process alive after a connection broke", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    arm.reply({ drop: true });
    const call = () => assert.rejects(arm.client({ attempts: 2 }).get("/a", version), /socket hang up/);
    await call();
    const before = timers();
    await call();
    assert.equal(timers(), before);
  });

  it("gives up on an answer that does not come, or stops halfway", async () => {
    for (const text of ["", '{"value":[']) {
      arm.reply({ text, stalls: true });
      await assert.rejects(arm.client({ silenceMs: 1000 }).get("/a", version), {
        message: "GET /a got no answer: it did not come within 1s.",
      });
      assert.equal(arm.requests.length, 1);
    }
  });

  it("does not treat a proxy's page as an empty response", async () => {
    arm.reply({ text: "<html>Sign in to the network</html>", headers: { "Content-Type": "text/html" } });
    await assert.rejects(Array.fromAsync(arm.client().list("/a", version)), {
      message: "GET /a was answered with something other than JSON.",
      nextStep: "Check the proxy and the endpoint of Azure Resource Manager.",
    });
    arm.reply({ status: 502, text: "<html>Bad gateway</html>" });
    await assert.rejects(arm.client({ attempts: 1 }).get("/a", version), { status: 502, code: "Unknown" });
  });

  it("throws Azure's code and message, with the next step", async () => {
    const error = { code: "AuthorizationFailed", message: "You may not." };
    arm.reply({ status: 403, body: { error }, headers: { "x-ms-request-id": "r-1" } });
    await assert.rejects(arm.client().get("/a", version), (thrown: ArmError) => {
      const { status, code, message, requestId, nextStep } = thrown;
      assert.deepEqual(
        { status, code, message, requestId, nextStep },
        {
          status: 403,
          code: "AuthorizationFailed",
          message: "You may not.",
          requestId: "r-1",
          nextStep: undefined,
        },
      );
      return true;
    });
    assert.equal(arm.requests.length, 1);
  });

  for (const code of [
    "AnotherOperationInProgress",
    "Conflict",
    "RetryableError",
    "StorageAccountOperationInProgress",
  ]) {
    it(`says what to do about ${code}`, async () => {
      arm.reply({ status: 409, body: { error: { code, message: "Busy." } } });
      await assert.rejects(arm.client({ attempts: 1 }).get("/a", version), {
        code,
        nextStep: "Another change may be in progress: try again in a minute.",
      });
    });
  }

  it("reads an error without the outer member, and one without a body", async () => {
    arm.reply({ status: 400, body: { code: "BadRequest", message: "No." } });
    await assert.rejects(arm.client().get("/a", version), { code: "BadRequest", message: "No." });
    arm.reply({ status: 404 });
    await assert.rejects(arm.client().get("/a?x=1", version), {
      code: "Unknown",
      message: "Azure answers GET /a with the status 404.",
    });
  });

  it("sends again after 429 and 5xx, as often as it may", async () => {
    arm.reply(
      { status: 429, headers: soon },
      { status: 503, headers: soon },
      { status: 500, headers: soon },
      { body: 1 },
    );
    assert.equal(await arm.client().get("/a", version), 1);
    assert.equal(arm.requests.length, 4);
    arm.reply({ status: 503, headers: soon, body: { error: { code: "ServerBusy", message: "Busy." } } });
    await assert.rejects(arm.client({ attempts: 3 }).get("/a", version), { status: 503, code: "ServerBusy" });
    assert.equal(arm.requests.length, 3);
  });

  it("sends again while another call changes the resource, but no other conflict", async () => {
    const busy = {
      status: 409,
      headers: soon,
      body: { error: { code: "AnotherOperationInProgress", message: "Busy." } },
    };
    arm.reply(busy, busy, { body: {} });
    await arm.client().send({ method: "DELETE", path: "/a", apiVersion: version });
    assert.equal(arm.requests.length, 3);
    arm.reply({ status: 409, headers: soon, body: { error: { code: "Conflict", message: "No." } } });
    await assert.rejects(arm.client().get("/a", version), { code: "Conflict" });
    assert.equal(arm.requests.length, 1);
  });

  it("waits as long as Retry-After says, up to a limit", async () => {
    arm.reply({ status: 429, headers: { "Retry-After": "1" } }, { body: 1 });
    const start = Date.now();
    await arm.client().get("/a", version);
    assert.ok(Date.now() - start >= 1000);
    arm.reply({
      status: 429,
      headers: { "Retry-After": "3600" },
      body: { error: { code: "TooMany", message: "Later." } },
    });
    const nextStep = "Azure asks for a pause: try again in 1h 00m.";
    await assert.rejects(arm.client().get("/a", version), { code: "TooMany", nextStep });
    assert.equal(arm.requests.length, 1);
  });

  it("sends a request that must not be carried out twice again only if Azure was busy", async () => {
    const once = { method: "POST", path: "/a", apiVersion: version, once: true } as const;
    arm.reply({ status: 429, headers: soon }, { body: {} });
    await arm.client().send(once);
    assert.equal(arm.requests.length, 2);
    arm.reply({ status: 409, headers: soon, body: { error: { code: "RetryableError" } } }, { body: {} });
    await arm.client().send(once);
    assert.equal(arm.requests.length, 2);
    for (const reply of [{ drop: true }, { status: 503, headers: soon }]) {
      arm.reply(reply);
      await assert.rejects(arm.client().send(once));
      assert.equal(arm.requests.length, 1);
    }
  });

  it("does not take a redirection for an answer", async () => {
    arm.reply({ status: 302, headers: { Location: "https://login.example/?token=x" } });
    await assert.rejects(arm.client().get("/a", version), {
      message: "GET /a was redirected to login.example.",
      nextStep: "Check the proxy and the endpoint of Azure Resource Manager.",
    });
  });

  it("sends again, with the same body and correlation, after a connection broke", async () => {
    arm.reply({ drop: true }, { body: {} });
    await arm.client().send({ method: "POST", path: "/a", apiVersion: version, body: { x: 1 }, correlationId: "c-1" });
    assert.deepEqual(
      arm.requests.map(({ body, headers }) => [body, headers["x-ms-correlation-request-id"]]),
      [
        [{ x: 1 }, "c-1"],
        [{ x: 1 }, "c-1"],
      ],
    );
  });

  it("stops at once when the command is stopped, also between two attempts", async () => {
    const stop = new AbortController();
    arm.reply({ status: 503, headers: { "Retry-After": "60" } });
    const call = arm.client({ signal: stop.signal }).get("/a", version);
    setTimeout(() => {
      stop.abort();
    }, 100);
    await assert.rejects(call, { name: "AbortError" });
  });

  it("takes the time from Azure's clock", async () => {
    const client = arm.client();
    arm.reply({ body: {}, headers: { Date: new Date(Date.now() + 3_600_000).toUTCString() } });
    await client.get("/a", version);
    const ahead = client.now().getTime() - Date.now();
    assert.ok(Math.abs(ahead - 3_600_000) < 2000, String(ahead));
  });
});
