import assert from "node:assert/strict";
import { AzureFailure, type ArmError } from "../../../cli/azure/failure.ts";
import { FakeArm } from "./fakeArm.ts";

const version = "2024-05-01";
const soon = { "Retry-After": "0" };

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("the client of Azure Resource Manager", () => {
  let arm: FakeArm;
  before(async () => {
    arm = await FakeArm.start();
  });
  after(() => arm.end());

  it("signs in, says the API version and gives the JSON", async () => {
    arm.reply({ body: { name: "web" } });
    assert.deepEqual(await arm.client().get("/subscriptions/s", version), { name: "web" });
    const [{ method, target, headers }] = arm.requests as [(typeof arm.requests)[0]];
    assert.deepEqual(
      [method, target, headers.authorization],
      ["GET", "/subscriptions/s?api-version=2024-05-01", "Bearer token-1"],
    );
  });

  it("asks for a token once, and again shortly before it ends", async () => {
    let asked = 0;
    const lives = [3_600_000, 60_000];
    const credential = {
      getToken: (scope: string | string[]) => {
        assert.equal(scope, "https://management.azure.com/.default");
        return Promise.resolve({ token: `t${(asked += 1)}`, expiresOnTimestamp: Date.now() + lives[asked - 1]! });
      },
    };
    arm.reply({ body: {} });
    const client = arm.client({ credential });
    await Promise.all([client.get("/a", version), client.get("/b", version)]);
    await client.get("/c", version);
    assert.equal(asked, 1);
    const shortLived = arm.client({
      credential: {
        getToken: () => Promise.resolve({ token: `t${(asked += 1)}`, expiresOnTimestamp: Date.now() + 60_000 }),
      },
    });
    await shortLived.get("/a", version);
    await shortLived.get("/b", version);
    assert.equal(asked, 3);
  });

  it("fails as the credential does, and where that gives no token", async () => {
    const failure = new AzureFailure("Not signed in to Azure.", "Run `az login`.");
    const credential = { getToken: () => Promise.reject(failure) };
    await assert.rejects(arm.client({ credential }).get("/a", version), failure);
    await assert.rejects(arm.client({ credential: { getToken: () => Promise.resolve(null) } }).get("/a", version), {
      name: "AzureFailure",
      message: "The sign-in to Azure gave no token.",
    });
  });

  it("gives Azure's own code and message, and what to do", async () => {
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

  it("waits as long as Retry-After says, and not for ages", async () => {
    arm.reply({ status: 429, headers: { "Retry-After": "1" } }, { body: 1 });
    const start = Date.now();
    await arm.client().get("/a", version);
    assert.ok(Date.now() - start >= 1000);
    arm.reply({
      status: 429,
      headers: { "Retry-After": "3600" },
      body: { error: { code: "TooMany", message: "Later." } },
    });
    await assert.rejects(arm.client().get("/a", version), { code: "TooMany" });
    assert.equal(arm.requests.length, 1);
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

  it("stops at once when the person does, also between two attempts", async () => {
    const stop = new AbortController();
    arm.reply({ status: 503, headers: { "Retry-After": "60" } });
    const call = arm.client({ signal: stop.signal }).get("/a", version);
    setTimeout(() => {
      stop.abort();
    }, 100);
    await assert.rejects(call, { name: "AbortError" });
  });

  it("follows a list from page to page", async () => {
    arm.reply(
      { body: { value: [1, 2], nextLink: `${arm.endpoint}/list?page=2&api-version=x` } },
      { body: { value: [3] } },
    );
    assert.deepEqual(await all(arm.client().list("/list", version)), [1, 2, 3]);
    assert.deepEqual(
      arm.requests.map(({ target }) => target),
      ["/list?api-version=2024-05-01", "/list?page=2&api-version=x"],
    );
  });

  it("does not carry the token to another host", async () => {
    arm.reply({ body: { value: [], nextLink: "https://elsewhere.example/list" } });
    await assert.rejects(all(arm.client().list("/list", version)), {
      message: "Azure Resource Manager points to elsewhere.example, which is not its own host.",
    });
  });

  it("polls Location until the result is there", async () => {
    const location = `${arm.endpoint}/results/1`;
    arm.reply(
      { status: 202, headers: { Location: location, ...soon } },
      { status: 202, headers: { Location: location, ...soon } },
      { body: { value: ["x"] } },
    );
    assert.deepEqual(await all(arm.client().listOf({ method: "POST", path: "/act", apiVersion: version })), ["x"]);
    assert.deepEqual(
      arm.requests.map(({ method, target }) => `${method} ${target}`),
      ["POST /act?api-version=2024-05-01", "GET /results/1", "GET /results/1"],
    );
  });

  it("polls Azure-AsyncOperation, and reads the result where Location says", async () => {
    const headers = { "Azure-AsyncOperation": `${arm.endpoint}/ops/1`, Location: `${arm.endpoint}/results/1`, ...soon };
    arm.reply(
      { status: 202, headers },
      { body: { status: "InProgress" }, headers: soon },
      { body: { status: "Succeeded" } },
      { body: { done: true } },
    );
    const { body } = await arm.client().send({ method: "POST", path: "/act", apiVersion: version });
    assert.deepEqual(body, { done: true });
  });

  it("gives the error of an operation that failed", async () => {
    arm.reply(
      { status: 202, headers: { "Azure-AsyncOperation": `${arm.endpoint}/ops/1`, ...soon } },
      { body: { status: "Failed", error: { code: "Conflict", message: "Something else is under way." } } },
    );
    await assert.rejects(arm.client().send({ method: "DELETE", path: "/thing", apiVersion: version }), {
      code: "Conflict",
      message: "Something else is under way.",
    });
  });

  it("gives up on an operation that does not end", async () => {
    arm.reply({ status: 202, headers: { Location: `${arm.endpoint}/results/1`, ...soon } });
    const client = arm.client({ operationTimeoutMs: 50 });
    await assert.rejects(client.send({ method: "DELETE", path: "/thing", apiVersion: version }), {
      message: "Azure did not end DELETE /thing in time.",
    });
  });

  it("takes the time from Azure's clock", async () => {
    const client = arm.client();
    arm.reply({ body: {}, headers: { Date: new Date(Date.now() + 3_600_000).toUTCString() } });
    await client.get("/a", version);
    const ahead = client.now().getTime() - Date.now();
    assert.ok(Math.abs(ahead - 3_600_000) < 2000, String(ahead));
  });
});
