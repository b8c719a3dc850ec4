import assert from "node:assert/strict";
import type { ArmClient } from "../../../components/shared/armClient.ts";
import { sendRequest } from "../../../components/shared/armRequest.ts";
import { ImmutabilityLock, lockPolicy } from "../../../components/audit-archive/immutabilityLock.ts";
import { dynamicInputs, recordProgram } from "../recordedProgram.ts";

const policyId =
  "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/audit/blobServices/default/containers/insights-logs-bastionauditlogs/immutabilityPolicies/default";
const policyUrl = `https://management.azure.com${policyId}`;

interface Call {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | null;
  readonly ifMatch: string | null;
  readonly body: unknown;
}

/** The Storage resource provider's rules about one policy: an ETag for every write, and nothing but longer once locked. */
function fakeAzure(state: "Locked" | "Unlocked", days: number, failWith?: { status: number; body: string }) {
  const calls: Call[] = [];
  let policy = { etag: '"1"', state, days };
  const answer = () =>
    Response.json({
      etag: policy.etag,
      properties: { state: policy.state, immutabilityPeriodSinceCreationInDays: policy.days },
    });
  const fetch = (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const body =
      typeof init.body === "string" ? (JSON.parse(init.body) as { properties: Record<string, unknown> }) : undefined;
    const call = {
      method: request.method,
      url: request.url,
      authorization: request.headers.get("authorization"),
      ifMatch: request.headers.get("if-match"),
      body,
    };
    calls.push(call);
    if (failWith !== undefined) return Promise.resolve(new Response(failWith.body, { status: failWith.status }));
    if (call.method !== "GET") {
      if (call.ifMatch !== policy.etag) return Promise.resolve(new Response("wrong etag", { status: 412 }));
      if (policy.state === "Locked" && !url.pathname.endsWith("/extend")) {
        return Promise.resolve(new Response("locked", { status: 409 }));
      }
      const asked = body?.properties.immutabilityPeriodSinceCreationInDays;
      policy = {
        etag: `"${calls.length + 1}"`,
        state: url.pathname.endsWith("/lock") ? "Locked" : policy.state,
        days: typeof asked === "number" ? asked : policy.days,
      };
    }
    return Promise.resolve(answer());
  };
  return { calls, fetch, policy: () => ({ state: policy.state, days: policy.days }) };
}

describe("locking an immutability policy", () => {
  const realFetch = globalThis.fetch;
  afterEach(() => {
    globalThis.fetch = realFetch;
  });

  /** Runs the lock against a fake and tells what it sent. */
  async function lock(azure: ReturnType<typeof fakeAzure>, days: number): Promise<string[]> {
    globalThis.fetch = azure.fetch;
    const arm: ArmClient = {
      send: (method, path, { ifMatch, body } = {}) =>
        sendRequest(
          method,
          `https://management.azure.com${path}`,
          { authorization: "Bearer t0ken", ...(ifMatch === undefined ? {} : { "if-match": ifMatch }) },
          body,
        ),
    };
    await lockPolicy({ policyId, days }, arm);
    return azure.calls.map(({ method, url }) => `${method} ${url.replace(policyUrl, "")}`);
  }

  it("reads the ETag and locks with it", async () => {
    const azure = fakeAzure("Unlocked", 365);
    assert.deepEqual(await lock(azure, 365), ["GET ?api-version=2024-01-01", "POST /lock?api-version=2024-01-01"]);
    assert.deepEqual(azure.policy(), { state: "Locked", days: 365 });
    assert.deepEqual(azure.calls[1], {
      method: "POST",
      url: `${policyUrl}/lock?api-version=2024-01-01`,
      authorization: "Bearer t0ken",
      ifMatch: '"1"',
      body: undefined,
    });
  });

  it("accepts a policy that is locked already", async () => {
    assert.deepEqual(await lock(fakeAzure("Locked", 365), 365), ["GET ?api-version=2024-01-01"]);
  });

  it("brings an unlocked policy to its days before it locks it", async () => {
    const azure = fakeAzure("Unlocked", 730);
    assert.deepEqual(await lock(azure, 30), [
      "GET ?api-version=2024-01-01",
      "PUT ?api-version=2024-01-01",
      "POST /lock?api-version=2024-01-01",
    ]);
    assert.deepEqual(azure.policy(), { state: "Locked", days: 30 });
    assert.deepEqual(azure.calls[1]?.body, {
      properties: { immutabilityPeriodSinceCreationInDays: 30, allowProtectedAppendWrites: true },
    });
  });

  it("lengthens a locked policy", async () => {
    const azure = fakeAzure("Locked", 365);
    assert.deepEqual(await lock(azure, 730), ["GET ?api-version=2024-01-01", "POST /extend?api-version=2024-01-01"]);
    assert.deepEqual(azure.policy(), { state: "Locked", days: 730 });
    assert.deepEqual(azure.calls[1]?.body, { properties: { immutabilityPeriodSinceCreationInDays: 730 } });
  });

  it("refuses to shorten a locked policy", async () => {
    const azure = fakeAzure("Locked", 365);
    await assert.rejects(lock(azure, 30), {
      message: `The immutability policy ${policyId} is locked at 365 days and cannot be shortened to 30: a locked policy can only be lengthened.`,
    });
    assert.deepEqual(azure.policy(), { state: "Locked", days: 365 });
  });

  it("finds the policy locked when the connection broke after the lock, which had another ETag by then", async () => {
    const azure = fakeAzure("Unlocked", 365);
    const broken: typeof azure.fetch = async (input, init) => {
      const response = await azure.fetch(input, init);
      if (init?.method === "POST") throw new TypeError("fetch failed", { cause: new Error("other side closed") });
      return response;
    };
    assert.deepEqual(await lock({ ...azure, fetch: broken }, 365), [
      "GET ?api-version=2024-01-01",
      "POST /lock?api-version=2024-01-01",
      "GET ?api-version=2024-01-01",
    ]);
    assert.deepEqual(azure.policy(), { state: "Locked", days: 365 });
  });

  it("has Azure's answer in the error when it fails", async () => {
    const azure = fakeAzure("Unlocked", 365, { status: 403, body: '{"error":{"code":"AuthorizationFailed"}}' });
    await assert.rejects(lock(azure, 365), {
      message: `GET ${policyUrl}?api-version=2024-01-01 answered 403: {"error":{"code":"AuthorizationFailed"}}`,
    });
  });
});

describe("ImmutabilityLock", () => {
  it("records the policy and its days, and no token", async () => {
    const { only, calls } = await recordProgram(() => {
      const lock = new ImmutabilityLock("trail-lock", { policyId, days: 365 });
      return { id: lock.id };
    });
    assert.deepEqual(dynamicInputs(only("pulumi-nodejs:dynamic:Resource")), { policyId, days: 365 });
    assert.deepEqual(calls, []);
  });
});
