import assert from "node:assert/strict";
import type { JsonObject } from "../../../../sandbox/arm/json.ts";
import type { ArmClient } from "../../../../sandbox/bridge/armClient.ts";
import { createArmClient } from "../../../../sandbox/bridge/armClient.ts";
import { azureNativePlugin } from "../../../../sandbox/bridge/azureNative/plugin.ts";
import { InitFailedError, unknown } from "../../../../sandbox/bridge/protocol.ts";
import type { OperationContext, ResourcePlugin } from "../../../../sandbox/bridge/provider.ts";
import type { FakeArm } from "../fakeArm.ts";
import { identity, startFakeArm, text } from "../fakeArm.ts";

const group = `/subscriptions/${identity.subscriptionId}/resourceGroups/rg`;
const networkId = `${group}/providers/Microsoft.Network`;
const urn = (type: string, name = "x"): string => `urn:pulumi:dev::p::my:C$azure-native:${type}::${name}`;

describe("The azure-native plugin", () => {
  let arm: FakeArm;
  let client: ArmClient;
  let plugin: ResourcePlugin;
  let warnings: string[];
  let context: OperationContext;

  beforeEach(async () => {
    arm = await startFakeArm();
    client = createArmClient({ endpoint: arm.endpoint, ca: arm.ca, identity, retryDelayMs: 1 });
    plugin = azureNativePlugin(client, identity);
    warnings = [];
    context = {
      signal: new AbortController().signal,
      warn: (at, message) => warnings.push(`${at}: ${message}`),
    };
  });
  afterEach(async () => {
    client.close();
    await arm.close();
  });

  const create = (type: string, inputs: JsonObject): Promise<{ id: string; state: JsonObject }> =>
    plugin.create({ urn: urn(type), inputs, preview: false }, context);
  const update = (type: string, id: string, inputs: JsonObject, oldState: JsonObject = {}): Promise<JsonObject> =>
    plugin.update({ urn: urn(type), id, inputs, preview: false, oldState, oldInputs: {} }, context);
  const sent = (method: string): JsonObject | undefined => arm.seen.findLast((each) => each.method === method)?.body;

  const vnet = { resourceGroupName: "rg", virtualNetworkName: "v", addressSpace: { addressPrefixes: ["10.0.0.0/16"] } };
  const vnetId = `${networkId}/virtualNetworks/v`;
  const nsg = { resourceGroupName: "rg", networkSecurityGroupName: "n", location: "westeurope" };
  const nsgId = `${networkId}/networkSecurityGroups/n`;
  const host = { resourceGroupName: "rg", bastionHostName: "b", location: "westeurope" };
  const hostId = `${networkId}/bastionHosts/b`;

  describe("creates", () => {
    it("by PUT with a token, in ARM's wire form, and answers what a GET then shows", async () => {
      const inputs = {
        ...host,
        azureApiVersion: "2024-05-01",
        sku: { name: "Standard" },
        zones: ["1"],
        scaleUnits: 2,
        ipConfigurations: [{ name: "c", subnet: { id: "S" }, publicIPAddress: { id: "P" } }],
      };
      const { id, state } = await create("network:BastionHost", inputs);
      assert.equal(id, hostId);
      assert.deepEqual(
        arm.seen.map(({ method, path, apiVersion }) => `${method} ${path} ${apiVersion}`),
        ["GET", "PUT", "GET"].map((method) => `${method} ${hostId} 2024-05-01`),
      );
      assert.deepEqual(sent("PUT"), {
        location: "westeurope",
        sku: { name: "Standard" },
        zones: ["1"],
        properties: {
          scaleUnits: 2,
          ipConfigurations: [{ name: "c", properties: { subnet: { id: "S" }, publicIPAddress: { id: "P" } } }],
        },
      });
      assert.match(arm.seen[1]?.authorization ?? "", /^Bearer h\./);
      assert.deepEqual(state, {
        name: "b",
        type: "Fake/type",
        azureApiVersion: "2024-05-01",
        location: "westeurope",
        sku: { name: "Standard" },
        zones: ["1"],
        scaleUnits: 2,
        ipConfigurations: [{ name: "c", subnet: { id: "S" }, publicIPAddress: { id: "P" } }],
      });
    });

    it("with empty lists for what standalone resources fill", async () => {
      await create("network:VirtualNetwork", vnet);
      assert.deepEqual(sent("PUT"), {
        properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] }, subnets: [], virtualNetworkPeerings: [] },
      });
    });

    it("an extension's own type under properties, and user-assigned identities as a map", async () => {
      const machine = { resourceGroupName: "rg", vmName: "vm" };
      await create("compute:VirtualMachineExtension", {
        ...machine,
        vmExtensionName: "e",
        type: "AADSSHLoginForLinux",
      });
      assert.deepEqual(sent("PUT"), { properties: { type: "AADSSHLoginForLinux" } });
      const ids = { type: "UserAssigned", userAssignedIdentities: ["/a", "/b"] };
      await create("compute:VirtualMachine", { ...machine, identity: ids });
      assert.deepEqual(sent("PUT"), {
        identity: { type: "UserAssigned", userAssignedIdentities: { "/a": {}, "/b": {} } },
      });
    });

    it("at a scope that is an id of its own", async () => {
      const { id } = await create("monitor:DiagnosticSetting", { resourceUri: `${hostId}/`, name: "audit", logs: [] });
      assert.equal(id, `${hostId}/providers/Microsoft.Insights/diagnosticSettings/audit`);
    });

    it("nothing that is there already", async () => {
      arm.resources.set(vnetId.toLowerCase(), { id: vnetId });
      await assert.rejects(create("network:VirtualNetwork", vnet), {
        message: `cannot create already existing resource '${vnetId}'`,
      });
    });

    it("no Defender plan, because Azure shows one for every subscription already", async () => {
      const scopeId = `/subscriptions/${identity.subscriptionId}`;
      const id = `${scopeId}/providers/Microsoft.Security/pricings/VirtualMachines`;
      arm.resources.set(id.toLowerCase(), { id, properties: { pricingTier: "Free" } });
      await assert.rejects(
        create("security:Pricing", { scopeId, pricingName: "VirtualMachines", pricingTier: "Standard" }),
        { message: `cannot create already existing resource '${id}'` },
      );
    });

    it("blob service properties over those that every account has, and deletes them by putting the defaults back", async () => {
      const account = { resourceGroupName: "rg", accountName: "sa" };
      const id = `${group}/providers/Microsoft.Storage/storageAccounts/sa/blobServices/default`;
      arm.resources.set(id.toLowerCase(), { id, properties: { isVersioningEnabled: true } });
      const inputs = { ...account, blobServicesName: "default", isVersioningEnabled: true };
      const made = await create("storage:BlobServiceProperties", inputs);
      assert.equal(made.id, id);
      await plugin.delete({ urn: urn("storage:BlobServiceProperties"), id, oldState: {} }, context);
      assert.deepEqual(sent("PUT"), {});
      assert.ok(arm.seen.every(({ method }) => method !== "DELETE"));
    });

    it("an immutability policy over Azure's empty one only", async () => {
      const account = {
        resourceGroupName: "rg",
        accountName: "sa",
        containerName: "c",
        immutabilityPolicyName: "default",
      };
      const containers = `${group}/providers/Microsoft.Storage/storageAccounts/sa/blobServices/default/containers`;
      const id = `${containers}/c/immutabilityPolicies/default`;
      const inputs = { ...account, immutabilityPeriodSinceCreationInDays: 7 };
      const empty = { id, etag: "", properties: { immutabilityPeriodSinceCreationInDays: 0, state: "Deleted" } };
      arm.resources.set(id.toLowerCase(), empty);
      await create("storage:BlobContainerImmutabilityPolicy", inputs);
      const exists = { message: `cannot create already existing subresource '${id}'` };
      await assert.rejects(create("storage:BlobContainerImmutabilityPolicy", inputs), exists);
      // Anything writable beside the default body counts as made, also what is off.
      const properties = { immutabilityPeriodSinceCreationInDays: 0, allowProtectedAppendWrites: false };
      arm.resources.set(id.toLowerCase(), { id, properties });
      await assert.rejects(create("storage:BlobContainerImmutabilityPolicy", inputs), exists);
    });
  });

  describe("waits for a long-running operation", () => {
    const accepted = (headers: Record<string, string>, status = 201): void => {
      arm.fault("PUT", hostId, {
        status,
        headers,
        body: { id: hostId, properties: { provisioningState: "Updating" } },
      });
    };
    const done = (): Map<string, JsonObject> =>
      arm.resources.set(hostId.toLowerCase(), {
        id: hostId,
        name: "b",
        properties: { provisioningState: "Succeeded" },
      });

    it("by Azure-AsyncOperation, as often as Retry-After says", async () => {
      const at = "/operations/1";
      accepted({ "azure-asyncoperation": `${arm.endpoint}${at}`, "retry-after": "0" });
      arm.fault("GET", hostId, { status: 404 });
      arm.fault("GET", at, { status: 200, headers: { "retry-after": "0" }, body: { status: "InProgress" } });
      arm.fault("GET", at, { status: 200, body: { status: "Succeeded" } });
      done();
      const { state } = await create("network:BastionHost", host);
      assert.equal(state.provisioningState, "Succeeded");
    });

    it("by Location", async () => {
      const at = "/results/1";
      accepted({ location: `${arm.endpoint}${at}`, "retry-after-ms": "1" }, 202);
      arm.fault("GET", hostId, { status: 404 });
      arm.fault("GET", at, { status: 202, headers: { "retry-after-ms": "1" } }, { status: 200, body: { id: hostId } });
      done();
      assert.equal((await create("network:BastionHost", host)).id, hostId);
    });

    it("by the resource's own provisioning state", async () => {
      accepted({ "retry-after-ms": "1" });
      arm.fault("GET", hostId, { status: 404 });
      done();
      assert.equal((await create("network:BastionHost", host)).state.provisioningState, "Succeeded");
    });

    it("and keeps the state of a resource whose creation failed, so that the next up continues with it", async () => {
      const at = "/operations/2";
      accepted({ "azure-asyncoperation": `${arm.endpoint}${at}`, "retry-after-ms": "1" });
      arm.fault("GET", hostId, { status: 404 });
      const error = { code: "AllocationFailed", message: "No capacity." };
      arm.fault("GET", at, { status: 200, body: { status: "Failed", error } });
      arm.resources.set(hostId.toLowerCase(), { id: hostId, properties: { provisioningState: "Failed" } });
      await assert.rejects(create("network:BastionHost", host), (failure: unknown) => {
        assert.ok(failure instanceof InitFailedError);
        assert.equal(failure.message, 'Status=200 Code="AllocationFailed" Message="No capacity."');
        assert.equal(failure.id, hostId);
        assert.deepEqual(failure.state, { provisioningState: "Failed", azureApiVersion: "2024-05-01" });
        assert.deepEqual(failure.inputs, host);
        return true;
      });
    });

    it("until the engine cancels, and then keeps what is there", async () => {
      accepted({ "azure-asyncoperation": `${arm.endpoint}/operations/3`, "retry-after": "600" });
      arm.fault("GET", hostId, { status: 404 });
      arm.resources.set(hostId.toLowerCase(), { id: hostId, properties: { provisioningState: "Updating" } });
      const controller = new AbortController();
      const running = plugin.create(
        { urn: urn("network:BastionHost"), inputs: host, preview: false },
        { ...context, signal: controller.signal },
      );
      while (!arm.seen.some(({ method }) => method === "PUT")) await new Promise((resolve) => setTimeout(resolve, 5));
      setTimeout(() => {
        controller.abort();
      }, 50);
      await assert.rejects(running, (failure: unknown) => {
        assert.ok(failure instanceof InitFailedError);
        assert.equal(failure.state?.provisioningState, "Updating");
        return true;
      });
    });

    it("of a deletion that the spec marks as one", async () => {
      arm.fault("DELETE", hostId, {
        status: 202,
        headers: { location: `${arm.endpoint}/results/2`, "retry-after-ms": "1" },
      });
      arm.fault("GET", "/results/2", { status: 202, headers: { "retry-after-ms": "1" } }, { status: 204 });
      await plugin.delete({ urn: urn("network:BastionHost"), id: hostId, oldState: {} }, context);
      assert.deepEqual(
        arm.seen.map(({ method, path }) => `${method} ${path}`),
        [`DELETE ${hostId}`, "GET /results/2", "GET /results/2"],
      );
    });
  });

  it("does not wait for another deletion, even if Azure accepts it for later", async () => {
    const id = `${group}/providers/Microsoft.Storage/storageAccounts/sa`;
    arm.fault("DELETE", id, { status: 202, headers: { location: `${arm.endpoint}/results/3` } });
    await plugin.delete({ urn: urn("storage:StorageAccount"), id, oldState: {} }, context);
    assert.deepEqual(
      arm.seen.map(({ method, path }) => `${method} ${path}`),
      [`DELETE ${id}`],
    );
  });

  describe("repeats a request", () => {
    const refusals: [
      string,
      ...(Parameters<FakeArm["fault"]> extends [string, string, ...infer Rest] ? Rest : never),
    ][] = [
      ["429 with Retry-After", { status: 429, headers: { "retry-after": "0" } }],
      ["500", { status: 500 }, { status: 503 }],
      ["a dropped connection", "drop"],
      [
        "409 of another operation",
        { status: 409, body: { error: { code: "AnotherOperationInProgress", message: "" } } },
      ],
      ["401 after the control plane changed its keys", { status: 401 }],
    ];
    for (const [name, ...faults] of refusals) {
      it(`after ${name}`, async () => {
        arm.fault("PUT", hostId, ...faults);
        await create("network:BastionHost", host);
        assert.equal(arm.seen.filter(({ method }) => method === "PUT").length, faults.length + 1);
      });
    }

    it("three times at most, and then fails with Azure's error", async () => {
      const busy = { status: 500, body: { error: { code: "InternalServerError", message: "Sorry." } } };
      arm.fault("PUT", hostId, busy, busy, busy, busy);
      await assert.rejects(create("network:BastionHost", host), {
        message: 'Status=500 Code="InternalServerError" Message="Sorry."',
      });
      assert.equal(arm.seen.filter(({ method }) => method === "PUT").length, 4);
    });

    it("not after an ordinary conflict", async () => {
      arm.fault("PUT", hostId, { status: 409, body: { error: { code: "Conflict", message: "In use." } } });
      await assert.rejects(create("network:BastionHost", host), {
        message: 'Status=409 Code="Conflict" Message="In use."',
      });
    });
  });

  describe("updates", () => {
    it("and loses a security rule that is written between its GET and its PUT", async () => {
      const [old, late] = ["Old", "JITRule"].map((name) => ({ name, properties: { priority: 100 } }));
      const now = { id: nsgId, properties: { securityRules: [old!, late!] } };
      arm.resources.set(nsgId.toLowerCase(), now);
      // The GET sees the group as it was before Defender's write.
      arm.fault("GET", nsgId, { status: 200, body: { id: nsgId, properties: { securityRules: [old!] } } });
      const state = await update("network:NetworkSecurityGroup", nsgId, { ...nsg, tags: { a: "b" } });
      assert.deepEqual(state.securityRules, [{ name: "Old", priority: 100 }]);
    });

    it("and keeps live security rules that the program does not set, such as those of JIT", async () => {
      const rule = { name: "JITRule", properties: { priority: 100 } };
      arm.resources.set(nsgId.toLowerCase(), { id: nsgId, properties: { securityRules: [rule] } });
      await update("network:NetworkSecurityGroup", nsgId, { ...nsg, tags: { a: "b" } });
      assert.deepEqual(sent("PUT"), {
        location: "westeurope",
        tags: { a: "b" },
        properties: { securityRules: [rule] },
      });
    });

    it("and puts a network rule set back that the program no longer sets", async () => {
      const account = { resourceGroupName: "rg", accountName: "sa", kind: "StorageV2" };
      const id = `${group}/providers/Microsoft.Storage/storageAccounts/sa`;
      await update("storage:StorageAccount", id, account, { networkRuleSet: { defaultAction: "Deny" } });
      assert.deepEqual(sent("PUT"), {
        kind: "StorageV2",
        properties: {
          networkAcls: { bypass: "AzureServices", defaultAction: "Allow", ipRules: [], virtualNetworkRules: [] },
        },
      });
    });

    it("and warns when the resource cannot be read afterwards", async () => {
      arm.fault("GET", hostId, { status: 403, body: { error: { code: "AuthorizationFailed", message: "No." } } });
      const state = await update("network:BastionHost", hostId, host);
      assert.equal(state.name, "b");
      assert.deepEqual(warnings, [
        `${urn("network:BastionHost")}: Failed to read resource after Update: Status=403 Code="AuthorizationFailed" Message="No."`,
      ]);
    });
  });

  describe("in a preview", () => {
    it("knows the outputs that are inputs; all other ones are unknown", async () => {
      const inputs = { ...host, scaleUnits: unknown, ipConfigurations: [{ name: "c", subnet: { id: unknown } }] };
      const { id, state } = await plugin.create({ urn: urn("network:BastionHost"), inputs, preview: true }, context);
      assert.equal(id, "");
      assert.equal(state.location, "westeurope");
      assert.equal(state.scaleUnits, unknown);
      assert.equal(state.name, unknown);
      assert.equal(state.dnsName, unknown);
      const [configuration] = state.ipConfigurations as JsonObject[];
      assert.equal(configuration?.name, "c");
      assert.deepEqual(configuration.subnet, { id: unknown });
      assert.equal(configuration.provisioningState, unknown);
      assert.deepEqual(arm.seen, []);
    });

    it("keeps the name and the location through an update", async () => {
      const state = await plugin.update(
        {
          urn: urn("network:BastionHost"),
          id: hostId,
          inputs: host,
          preview: true,
          oldState: { name: "b", location: "westeurope", dnsName: "d" },
          oldInputs: {},
        },
        context,
      );
      assert.equal(state.name, "b");
      assert.equal(state.dnsName, unknown);
    });
  });

  describe("reads", () => {
    const read = (type: string, id: string, oldState: JsonObject, oldInputs?: JsonObject) =>
      plugin.read({ urn: urn(type), id, oldState, oldInputs }, context);

    it("a resource that is gone as none", async () => {
      assert.equal(await read("network:BastionHost", hostId, { name: "b" }, host), undefined);
    });

    it("what changed in Azure into the inputs, and what Azure chose not", async () => {
      const body = { id: hostId, location: "westeurope", properties: { scaleUnits: 5, enableTunneling: false } };
      arm.resources.set(hostId.toLowerCase(), body);
      const oldState = { location: "westeurope", scaleUnits: 2, enableTunneling: false };
      const found = await read("network:BastionHost", hostId, oldState, { ...host, scaleUnits: 2 });
      assert.deepEqual(found?.inputs, { ...host, scaleUnits: 5 });
      assert.equal(found.state.enableTunneling, false);
    });

    it("a network rule set at its default in full, because azure-native then compares it with none", async () => {
      const id = `${group}/providers/Microsoft.Storage/storageAccounts/sa`;
      const full = { bypass: "AzureServices", defaultAction: "Allow", ipRules: [], virtualNetworkRules: [] };
      arm.resources.set(id.toLowerCase(), { id, properties: { networkAcls: full } });
      const inputs = { resourceGroupName: "rg", accountName: "sa", networkRuleSet: { defaultAction: "Allow" } };
      const found = await read("storage:StorageAccount", id, { networkRuleSet: full }, inputs);
      assert.deepEqual(found?.inputs.networkRuleSet, full);
    });

    it("rules of JIT into the outputs, not into the inputs", async () => {
      const rules = [{ name: "JITRule", properties: { priority: 100 } }];
      arm.resources.set(nsgId.toLowerCase(), {
        id: nsgId,
        location: "westeurope",
        properties: { securityRules: rules },
      });
      const found = await read(
        "network:NetworkSecurityGroup",
        nsgId,
        { location: "westeurope", securityRules: [] },
        nsg,
      );
      assert.deepEqual(found?.inputs, nsg);
      assert.deepEqual(found.state.securityRules, [{ name: "JITRule", priority: 100 }]);
    });

    it("requests of JIT into the inputs as well, and reports them in spite of ignoreChanges", async () => {
      const id = `${group}/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/jit`;
      const requests = [{ requestor: "ada", startTimeUtc: "2026-01-01T00:00:00Z", virtualMachines: [] }];
      arm.resources.set(id.toLowerCase(), { id, properties: { virtualMachines: [], requests } });
      const inputs = { resourceGroupName: "rg", ascLocation: "westeurope", jitNetworkAccessPolicyName: "jit" };
      const olds = { ...inputs, virtualMachines: [], azureApiVersion: "2020-01-01" };
      const found = await read("security:JitNetworkAccessPolicy", id, { virtualMachines: [], requests: [] }, olds);
      assert.deepEqual(found?.inputs, { ...olds, requests });
      const at = urn("security:JitNetworkAccessPolicy");
      // A refresh compares what it read with what the program had said.
      const diff = plugin.diff({ urn: at, oldInputs: found.inputs, oldState: found.state, news: olds });
      assert.deepEqual(diff.changes, { requests: { kind: "delete", replace: false } });
    });

    it("the inputs of an imported resource from its id and its body", async () => {
      const id = `${vnetId}/subnets/AzureBastionSubnet`;
      const body = {
        id,
        name: "AzureBastionSubnet",
        etag: "e",
        properties: { addressPrefix: "10.0.0.0/26", purpose: "x" },
      };
      arm.resources.set(id.toLowerCase(), body);
      const found = await read("network:Subnet", id, {});
      assert.deepEqual(found?.inputs, {
        resourceGroupName: "rg",
        virtualNetworkName: "v",
        subnetName: "AzureBastionSubnet",
        name: "AzureBastionSubnet",
        addressPrefix: "10.0.0.0/26",
      });
      const news = { ...found.inputs, azureApiVersion: "2024-05-01" };
      const query = { urn: urn("network:Subnet"), oldInputs: found.inputs, oldState: found.state, news };
      assert.deepEqual(plugin.diff(query).changes, {});
    });

    it("no empty lists and objects into the inputs of an imported resource", async () => {
      const properties = { securityRules: [], flushConnection: false, networkInterfaces: [] };
      arm.resources.set(nsgId.toLowerCase(), { id: nsgId, location: "westeurope", tags: {}, properties });
      const found = await read("network:NetworkSecurityGroup", nsgId, {});
      assert.deepEqual(found?.inputs, { ...nsg, flushConnection: false });
    });

    it("the inputs of an imported extension resource with a scope that has no slash at its start", async () => {
      const id = `${hostId}/providers/Microsoft.Insights/diagnosticSettings/audit`;
      arm.resources.set(id.toLowerCase(), {
        id,
        properties: { logs: [{ category: "BastionAuditLogs", enabled: true }] },
      });
      const found = await read("monitor:DiagnosticSetting", id, {});
      assert.equal(found?.inputs.resourceUri, hostId.slice(1));
      const query = { oldInputs: found.inputs, oldState: found.state, news: { ...found.inputs, resourceUri: hostId } };
      assert.deepEqual(plugin.diff({ urn: urn("monitor:DiagnosticSetting"), ...query }).replaces, ["resourceUri"]);
    });

    it("a resource that an interrupted run left without outputs, with its inputs as they were", async () => {
      arm.resources.set(hostId.toLowerCase(), { id: hostId, properties: { enableTunneling: false } });
      const found = await read("network:BastionHost", hostId, {}, host);
      assert.deepEqual(found?.inputs, host);
    });

    it("no resource by an id of another type", async () => {
      arm.resources.set(vnetId.toLowerCase(), { id: vnetId });
      await assert.rejects(read("network:BastionHost", vnetId, {}), {
        message:
          `the id "${vnetId}" is not the id of a azure-native:network:BastionHost, which has the form /subscriptions/` +
          "{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/bastionHosts/{bastionHostName}",
      });
    });
  });

  describe("calls functions", () => {
    const invoke = (token: string, args: JsonObject = {}): Promise<JsonObject> => plugin.invoke(token, args, context);

    it("that tell who is logged in", async () => {
      assert.deepEqual(await invoke("azure-native:authorization:getClientConfig"), {
        clientId: identity.clientId,
        objectId: "oid-1",
        subscriptionId: identity.subscriptionId,
        tenantId: identity.tenantId,
      });
      const answer = await invoke("azure-native:authorization:getClientToken");
      const [, claims = ""] = text(answer, "token").split(".");
      const { aud } = JSON.parse(Buffer.from(claims, "base64url").toString()) as JsonObject;
      assert.equal(aud, `${arm.endpoint}//.default`);
    });

    it("that read a resource of any type of the table", async () => {
      arm.resources.set(hostId.toLowerCase(), { id: hostId, name: "b", properties: { dnsName: "d" } });
      const found = await invoke("azure-native:network:getBastionHost", {
        resourceGroupName: "rg",
        bastionHostName: "b",
      });
      assert.deepEqual(found, { id: hostId, name: "b", dnsName: "d", azureApiVersion: "2024-05-01" });
    });

    it("that call an action, unless Azure accepts it for later", async () => {
      const path = `${hostId}/getActiveSessions`;
      const args = { resourceGroupName: "rg", bastionHostName: "b" };
      arm.fault("POST", path, { status: 202, headers: { location: `${arm.endpoint}/results/4` } });
      await assert.rejects(invoke("azure-native:network:getActiveSessions", args), { status: 202 });
    });

    it("that list keys by POST", async () => {
      const path = `${group}/providers/Microsoft.Storage/storageAccounts/sa/listKeys`;
      arm.fault("POST", path, { status: 200, body: { keys: [{ keyName: "key1", value: "v" }] } });
      const args = { resourceGroupName: "rg", accountName: "sa" };
      assert.deepEqual(await invoke("azure-native:storage:listStorageAccountKeys", args), {
        keys: [{ keyName: "key1", value: "v" }],
      });
    });

    it("and refuses one that it does not know by name", async () => {
      await assert.rejects(
        invoke("azure-native:web:getWebApp"),
        /^Error: The sandbox does not know the function "azure-native:web:getWebApp"\. It knows: azure-native:authorization:getClientConfig, /,
      );
    });
  });

  it("sends a thousand requests over a bounded number of sockets, with one token", async () => {
    const writes = Array.from({ length: 1000 }, (_, index) =>
      create("network:VirtualNetwork", { ...vnet, virtualNetworkName: `v${index}` }),
    );
    assert.equal((await Promise.all(writes)).length, 1000);
    assert.equal(arm.tokens, 1);
    assert.ok(arm.sockets <= 64, `${arm.sockets} sockets`);
  });
});
