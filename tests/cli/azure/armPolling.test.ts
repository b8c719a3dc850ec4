import assert from "node:assert/strict";
import { FakeArm } from "./fakeArm.ts";
import { forSuite } from "../../held.ts";

const version = "2024-05-01";
const soon = { "Retry-After": "0" };

describe("a long-running operation of Azure Resource Manager", () => {
  const arm = forSuite(() => FakeArm.start());

  it("polls Location until the result is there", async () => {
    const location = `${arm.endpoint}/results/1`;
    arm.reply(
      { status: 202, headers: { Location: location, ...soon } },
      { status: 202, headers: { Location: location, ...soon } },
      { body: { value: ["x"] } },
    );
    const client = arm.client({ pollIntervalMs: 10 });
    assert.deepEqual(await Array.fromAsync(client.listOf({ method: "POST", path: "/act", apiVersion: version })), [
      "x",
    ]);
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
    const client = arm.client({ pollIntervalMs: 10 });
    const { body } = await client.send({ method: "POST", path: "/act", apiVersion: version });
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

  it("names an operation that was cancelled", async () => {
    arm.reply(
      { status: 202, headers: { "Azure-AsyncOperation": `${arm.endpoint}/ops/1` } },
      { body: { status: "Canceled" } },
    );
    await assert.rejects(arm.client().send({ method: "DELETE", path: "/thing", apiVersion: version }), {
      code: "Canceled",
      message: "DELETE /thing failed.",
    });
  });

  it("polls at the interval that Azure states", async () => {
    const headers = { "Azure-AsyncOperation": `${arm.endpoint}/ops/1`, "Retry-After": "1" };
    arm.reply(
      { status: 202, headers },
      { body: { status: "InProgress" }, headers },
      { body: { status: "Succeeded" }, headers },
    );
    const start = Date.now();
    const client = arm.client({ pollIntervalMs: 10 });
    await client.send({ method: "DELETE", path: "/thing", apiVersion: version });
    assert.ok(Date.now() - start >= 1000);
    assert.equal(arm.requests.length, 3);
  });

  it("stops at once when the command is stopped, also between two polls", async () => {
    const stop = new AbortController();
    arm.reply({ status: 202, headers: { Location: `${arm.endpoint}/results/1`, "Retry-After": "60" } });
    const client = arm.client({ signal: stop.signal });
    const call = client.send({ method: "DELETE", path: "/thing", apiVersion: version });
    setTimeout(() => {
      stop.abort();
    }, 100);
    await assert.rejects(call, { name: "AbortError" });
  });

  it("gives up on an operation that does not end", async () => {
    arm.reply({ status: 202, headers: { Location: `${arm.endpoint}/results/1`, ...soon } });
    const client = arm.client({ operationTimeoutMs: 50 });
    await assert.rejects(client.send({ method: "DELETE", path: "/thing", apiVersion: version }), {
      message: "DELETE /thing is still running.",
      nextStep: "Look for its end in the activity log.",
    });
  });
});
