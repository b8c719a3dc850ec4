import assert from "node:assert/strict";
import * as grpc from "@grpc/grpc-js";
import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import { fromStruct, parseUrn, toStruct } from "../../../sandbox/bridge/protocol.ts";
import { startBridge, type Bridge } from "../../../sandbox/bridge/server.ts";
import { identity, startFakeArm, text, type FakeArm } from "./fakeArm.ts";

const hostId = `/subscriptions/${identity.subscriptionId}/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/b`;
const hostUrn = "urn:pulumi:dev::p::azure-native:network:BastionHost::b";

describe("The provider bridge", () => {
  let arm: FakeArm;
  let bridge: Bridge;
  let engine: ResourceProviderClient;
  let log: string[];

  const connect = (): ResourceProviderClient =>
    new providerServices.ResourceProviderClient(`127.0.0.1:${bridge.port}`, grpc.credentials.createInsecure(), {
      // Clients of one process would share a connection, which two engines do not.
      "grpc.use_local_subchannel_pool": 1,
    });

  beforeEach(async () => {
    log = [];
    arm = await startFakeArm();
    bridge = await startBridge({ armEndpoint: arm.endpoint, ca: arm.ca, identity, log: (line) => log.push(line) });
    engine = connect();
  });
  afterEach(async () => {
    engine.close();
    await bridge.close();
    await arm.remove();
  });

  /** Calls a method of the engine's protocol. */
  function call<Answer = unknown>(
    method: keyof ResourceProviderClient,
    request: object,
    client = engine,
  ): Promise<Answer> {
    const send = client[method].bind(client) as (request: object, end: grpc.requestCallback<Answer>) => void;
    return new Promise((resolve, reject) => {
      send(request, (error, answer) => {
        if (error === null && answer !== undefined) resolve(answer);
        else reject(error ?? new Error("No answer."));
      });
    });
  }

  function createRequest(urn: string, inputs: JsonObject): InstanceType<typeof messages.CreateRequest> {
    const request = new messages.CreateRequest();
    request.setUrn(urn);
    request.setProperties(toStruct(inputs));
    return request;
  }

  const createHost = (client = engine) => {
    const inputs = { resourceGroupName: "rg", bastionHostName: "b", location: "westeurope" };
    return call<InstanceType<typeof messages.CreateResponse>>("create", createRequest(hostUrn, inputs), client);
  };

  it("serves azure-native and random on one port", async () => {
    assert.equal((await createHost()).getId(), hostId);
    const urn = "urn:pulumi:dev::p::random:index/randomString:RandomString::x";
    const made = await call<InstanceType<typeof messages.CreateResponse>>(
      "create",
      createRequest(urn, { length: 5, lower: true }),
    );
    assert.match(text(fromStruct(made.getProperties()), "result"), /^[a-z]{5}$/);
  });

  it("refuses a provider that it is not", async () => {
    await assert.rejects(call("create", createRequest("urn:pulumi:d::p::aws:s3:Bucket::x", {})), {
      code: grpc.status.UNKNOWN,
      details: 'The sandbox does not know "aws:s3:Bucket": it has the providers azure-native and random.',
    });
    assert.deepEqual(log, [
      'Create: The sandbox does not know "aws:s3:Bucket": it has the providers azure-native and random.',
    ]);
  });

  it("refuses another subscription than the sandbox's", async () => {
    const request = new messages.ConfigureRequest();
    request.getVariablesMap().set("azure-native:config:subscriptionId", "other");
    await assert.rejects(call("configure", request), {
      details: `azure-native:subscriptionId is "other", but the sandbox has one subscription only: ${identity.subscriptionId}.`,
    });
  });

  it("refuses settings that would take azure-native to another cloud", async () => {
    const configure = (name: string, value: string) => {
      const request = new messages.ConfigureRequest();
      request.getVariablesMap().set(`azure-native:config:${name}`, value);
      return call("configure", request);
    };
    const { host } = new URL(arm.endpoint);
    await assert.rejects(configure("environment", "usgovernment"), {
      details: `azure-native:environment is "usgovernment", but the sandbox's cloud is ${host}. Remove the setting, or set it to ${host}.`,
    });
    await assert.rejects(configure("metadataHost", "management.azure.com"), {
      details: `azure-native:metadataHost is "management.azure.com", but the sandbox's cloud is ${host}. Remove the setting, or set it to ${host}.`,
    });
    await configure("metadataHost", host);
    await configure("resourceManagerEndpoint", `${arm.endpoint}/`);
    await configure("environment", "");
  });

  it("takes the default location from the provider's config", async () => {
    const configure = new messages.ConfigureRequest();
    configure.getVariablesMap().set("azure-native:config:location", "uksouth");
    const configured = await call<InstanceType<typeof messages.ConfigureResponse>>("configure", configure);
    assert.equal(configured.getSupportspreview(), true);
    assert.equal(configured.getAcceptsecrets(), false);
    const request = new messages.CheckRequest();
    request.setUrn(hostUrn);
    request.setNews(toStruct({ resourceGroupName: "rg", bastionHostName: "b" }));
    const checked = await call<InstanceType<typeof messages.CheckResponse>>("check", request);
    assert.equal(fromStruct(checked.getInputs()).location, "uksouth");
  });

  it("marks replacements in the detailed diff", async () => {
    const request = new messages.DiffRequest();
    request.setUrn(hostUrn);
    request.setOldInputs(toStruct({ bastionHostName: "a", scaleUnits: 2 }));
    request.setOlds(toStruct({}));
    request.setNews(toStruct({ bastionHostName: "b", scaleUnits: 3 }));
    const diff = await call<InstanceType<typeof messages.DiffResponse>>("diff", request);
    assert.deepEqual(diff.getReplacesList(), ["bastionHostName"]);
    assert.equal(diff.getDeletebeforereplace(), true);
    const kinds = [...diff.getDetaileddiffMap().entries()].map(([path, change]) => [path, change.getKind()]);
    assert.deepEqual(kinds, [
      ["bastionHostName", messages.PropertyDiff.Kind.UPDATE_REPLACE],
      ["scaleUnits", messages.PropertyDiff.Kind.UPDATE],
    ]);
  });

  /** Lets the creation of the host start, and never end by itself. */
  function neverEnding(): void {
    const headers = { "azure-asyncoperation": `${arm.endpoint}/operations/1`, "retry-after": "600" };
    arm.fault("PUT", hostId, { status: 201, headers, body: { id: hostId } });
    arm.fault("GET", hostId, { status: 404 });
    arm.hold({ id: hostId, properties: { provisioningState: "Updating" } });
  }
  async function started(): Promise<void> {
    while (!arm.seen.some(({ method }) => method === "PUT")) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }

  it("answers a canceled creation with the id and the state it reached", async () => {
    neverEnding();
    const creating = createHost();
    await started();
    await call("cancel", new emptyMessages.Empty());
    await assert.rejects(creating, (error: grpc.ServiceError) => {
      const [bytes] = error.metadata.get("grpc-status-details-bin");
      const status = statusMessages.Status.deserializeBinary(bytes as Buffer);
      const [detail] = status.getDetailsList();
      assert.equal(detail?.getTypeName(), "pulumirpc.ErrorResourceInitFailed");
      const failed = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
      assert.equal(failed.getId(), hostId);
      assert.equal(fromStruct(failed.getProperties()).provisioningState, "Updating");
      assert.equal(fromStruct(failed.getInputs()).bastionHostName, "b");
      return true;
    });
  });

  it("leaves other engines alone when one of them cancels", async () => {
    neverEnding();
    const other = connect();
    let ended = false;
    const creating = createHost(other).finally(() => {
      ended = true;
    });
    creating.catch(() => undefined);
    await started();
    await call("cancel", new emptyMessages.Empty());
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(ended, false);
    other.close();
  });
});

describe("The protocol's values", () => {
  it("are JSON, with secrets opened and nulls left out", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "s" };
    assert.deepEqual(fromStruct(toStruct({ a: 1, b: null, c: [secret, { d: null, e: true }] })), {
      a: 1,
      c: ["s", { e: true }],
    });
  });

  it("a URN holds the type under all its parents, and a name that may hold anything", () => {
    assert.deepEqual(parseUrn("urn:pulumi:dev::p::my:index:A$my:index:B$azure-native:network:Subnet::a::b"), {
      type: "azure-native:network:Subnet",
      name: "a::b",
    });
  });
});
