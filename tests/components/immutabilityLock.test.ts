import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ImmutabilityLock } from "../../components/immutabilityLock.ts";
import {
  immutabilityLockProvider,
  lockPolicy,
  resourceManagerEndpoint,
} from "../../components/immutabilityLockProvider.ts";
import { idOf, recordProgram } from "./recordedProgram.ts";

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
    await lockPolicy({ policyId, days, token: "t0ken" });
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
      message: `The immutability policy ${policyId} is locked at 365 days; it cannot be shortened to 30, a locked policy can only be lengthened.`,
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

  it("tells what Azure answered when it fails", async () => {
    const azure = fakeAzure("Unlocked", 365, { status: 403, body: '{"error":{"code":"AuthorizationFailed"}}' });
    await assert.rejects(lock(azure, 365), {
      message: `GET ${policyUrl}?api-version=2024-01-01 answered 403: {"error":{"code":"AuthorizationFailed"}}`,
    });
  });
});

describe("the address of Azure Resource Manager", () => {
  const realFetch = globalThis.fetch;
  afterEach(() => {
    globalThis.fetch = realFetch;
  });

  for (const [environment, endpoint] of [
    [{}, "https://management.azure.com"],
    [{ ARM_METADATA_HOSTNAME: "" }, "https://management.azure.com"],
    [{ ARM_ENVIRONMENT: "usgovernment" }, "https://management.usgovcloudapi.net"],
    [{ ARM_ENVIRONMENT: "china" }, "https://management.chinacloudapi.cn"],
  ] as const) {
    it(`is ${endpoint} with ${JSON.stringify(environment)}`, async () => {
      assert.equal(await resourceManagerEndpoint(environment), endpoint);
    });
  }

  it("is refused for an unknown cloud", async () => {
    await assert.rejects(resourceManagerEndpoint({ ARM_ENVIRONMENT: "mars" }), {
      message: `ARM_ENVIRONMENT is "mars"; allowed is one of public, usgovernment, china, or set ARM_METADATA_HOSTNAME.`,
    });
  });

  for (const [form, answer, endpoint] of [
    ["a cloud's metadata", { resourceManager: "https://arm.example/" }, "https://arm.example"],
    ["a list of clouds", [{ resourceManager: "https://arm.example" }], "https://arm.example"],
    ["Azure Stack's metadata, which do not name it", { galleryEndpoint: "x" }, "https://127.0.0.1:8443"],
  ] as const) {
    it(`is read from ${form}`, async () => {
      const asked: string[] = [];
      globalThis.fetch = (input) => {
        asked.push(new Request(input).url);
        return Promise.resolve(Response.json(answer));
      };
      assert.equal(await resourceManagerEndpoint({ ARM_METADATA_HOSTNAME: "127.0.0.1:8443" }), endpoint);
      assert.deepEqual(asked, ["https://127.0.0.1:8443/metadata/endpoints?api-version=2022-09-01"]);
    });
  }

  it("is an error when the metadata host does not answer as one", async () => {
    globalThis.fetch = () => Promise.resolve(new Response("nothing here", { status: 404 }));
    await assert.rejects(resourceManagerEndpoint({ ARM_METADATA_HOSTNAME: "arm.example" }), {
      message: "GET https://arm.example/metadata/endpoints?api-version=2022-09-01 answered 404: nothing here",
    });
  });
});

describe("ImmutabilityLock", () => {
  it("hands the policy, its days and a secret token of azure-native's login to the provider", async () => {
    const { only, calls } = await recordProgram(
      () => {
        const lock = new ImmutabilityLock("trail-lock", { policyId, days: 365 });
        return { id: lock.id };
      },
      { functions: { "azure-native:authorization:getClientToken": () => ({ token: "t0ken" }) } },
    );
    const { inputs } = only("pulumi-nodejs:dynamic:Resource");
    assert.equal(inputs.policyId, policyId);
    assert.equal(inputs.days, 365);
    assert.match(JSON.stringify(inputs.token), /t0ken/);
    assert.deepEqual(
      calls.map(({ token }) => token),
      ["azure-native:authorization:getClientToken"],
    );
  });

  it("has the id of the policy and keeps no token in its outputs", async () => {
    const realFetch = globalThis.fetch;
    globalThis.fetch = fakeAzure("Locked", 365).fetch;
    try {
      assert.deepEqual(await immutabilityLockProvider.create({ policyId, days: 365, token: "t0ken" }), {
        id: policyId,
        outs: { policyId, days: 365 },
      });
    } finally {
      globalThis.fetch = realFetch;
    }
  });

  const was = { policyId, days: 365 };
  for (const [what, now, diff] of [
    ["nothing when only the token is new", { ...was, token: "new" }, { changes: false, replaces: [] }],
    ["an update when the days differ", { ...was, days: 730, token: "t" }, { changes: true, replaces: [] }],
    [
      "a replacement when it is another policy",
      { ...was, policyId: idOf("other"), token: "t" },
      { changes: true, replaces: ["policyId"] },
    ],
  ] as const) {
    it(`sees ${what}`, async () => {
      assert.deepEqual(await immutabilityLockProvider.diff?.(policyId, was, now), diff);
    });
  }

  it("is only forgotten on deletion, since Azure cannot unlock", () => {
    assert.equal(immutabilityLockProvider.delete, undefined);
  });

  it("can be sent to the engine as source text", async () => {
    const { text } = await pulumi.runtime.serializeFunction(() => immutabilityLockProvider);
    assert.match(text, /immutabilityPeriodSinceCreationInDays/);
    assert.doesNotMatch(text, /require\("(?!node:)/);
  });
});
