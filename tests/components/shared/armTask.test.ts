import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { armClient } from "../../../components/shared/armClient.ts";
import { ArmTask, recordOf } from "../../../components/shared/armTask.ts";
import { dynamicInputs, recordProgram } from "../recordedProgram.ts";

const token = { "azure-native:authorization:getClientToken": () => ({ token: "t0ken" }) };

describe("a task in Azure that azure-native has no resource for", () => {
  it("is a resource with its inputs alone, whose hooks do the work", async () => {
    const { only, calls } = await recordProgram(
      () => {
        const work = () => Promise.resolve();
        return { id: new ArmTask({ id: "planId", work }, "plan", { planId: "/plans/a", tier: "Standard" }, {}).id };
      },
      { functions: token },
    );
    const resource = only("pulumi-nodejs:dynamic:Resource");
    assert.deepEqual(dynamicInputs(resource), { planId: "/plans/a", tier: "Standard" });
    const { beforeCreate, beforeUpdate } = resource;
    assert.deepEqual([beforeCreate, beforeUpdate], [["ArmTask plan work"], ["ArmTask plan work"]]);
    // No token is asked for before there is work, and so none can get into the state.
    assert.deepEqual(calls, []);
  });

  const record = recordOf("planId");
  const was = { planId: "/plans/a", tier: "Standard", token: "of an older version", __provider: "old text" };

  it("is known by its id", async () => {
    const inputs = { planId: "/plans/a", tier: "Standard" };
    assert.deepEqual(await record.create(inputs), { id: "/plans/a", outs: inputs });
    assert.deepEqual(await record.update?.("/plans/a", was, inputs), { outs: inputs });
  });

  for (const [what, news, diff] of [
    ["nothing when only the provider's text is new", { __provider: "new text" }, { changes: false, replaces: [] }],
    ["an update when another input differs", { tier: "Free" }, { changes: true, replaces: [] }],
    ["a replacement when it is another id", { planId: "/plans/b" }, { changes: true, replaces: ["planId"] }],
  ] as const) {
    it(`sees ${what}`, async () => {
      const inputs = { planId: "/plans/a", tier: "Standard", ...news };
      assert.deepEqual(await record.diff?.("/plans/a", was, inputs), diff);
    });
  }

  it("is only forgotten on deletion", () => {
    assert.equal(record.delete, undefined);
  });

  it("can be sent to the engine as source text", async () => {
    const { text } = await pulumi.runtime.serializeFunction(() => record);
    assert.match(text, /planId/);
    assert.doesNotMatch(text, /require\(/);
  });
});

describe("the client of Azure Resource Manager", () => {
  const { fetch } = globalThis;
  const { ARM_ENVIRONMENT } = process.env;
  beforeEach(() => {
    process.env.ARM_ENVIRONMENT = "usgov";
  });
  afterEach(() => {
    globalThis.fetch = fetch;
    if (ARM_ENVIRONMENT === undefined) delete process.env.ARM_ENVIRONMENT;
    else process.env.ARM_ENVIRONMENT = ARM_ENVIRONMENT;
  });

  it("sends requests with azure-native's token, to the cloud that azure-native uses", async () => {
    const sent: unknown[] = [];
    globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      const { method, url, headers } = request;
      sent.push([method, url, headers.get("authorization"), headers.get("if-match"), await request.text()]);
      return Response.json({ etag: "2" });
    };
    const { result } = await recordProgram(
      () =>
        pulumi.output(
          armClient({}).then((arm) => arm.send("PUT", "/x?api-version=1", { ifMatch: '"1"', body: { days: 1 } })),
        ),
      { functions: token },
    );
    assert.deepEqual(result, { etag: "2" });
    assert.deepEqual(sent, [
      ["PUT", "https://management.usgovcloudapi.net/x?api-version=1", "Bearer t0ken", '"1"', '{"days":1}'],
    ]);
  });

  it("tells which cloud has refused the token, which may be that of another cloud's provider", async () => {
    globalThis.fetch = () => Promise.resolve(new Response('{"error":{}}', { status: 401 }));
    await recordProgram(
      async () => {
        const arm = await armClient({});
        await assert.rejects(arm.send("GET", "/x?api-version=1"), {
          message:
            'GET https://management.usgovcloudapi.net/x?api-version=1 answered 401: {"error":{}}\n' +
            "The request went to the cloud that the config azure-native and the environment name; the component's provider must be in the same cloud.",
        });
        return {};
      },
      { functions: token },
    );
  });
});
