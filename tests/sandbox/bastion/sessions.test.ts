import assert from "node:assert/strict";
import { BlobServiceClient } from "@azure/storage-blob";
import type { StoragePipelineOptions } from "@azure/storage-blob";
import { ClientSecretCredential } from "@azure/identity";
import type { JsonObject } from "../../../sandbox/arm/model.ts";
import type { ConnectRequest, ConnectResult } from "../../../sandbox/bastion/sessionModel.ts";
import type { AuditPlane } from "../auditPlane.ts";
import { refusal, startAuditPlane } from "../auditPlane.ts";
import type { AccessPath } from "../auditResources.ts";
import {
  bastionSubnet,
  jitBody,
  jitId,
  putAccessPath,
  putPlan,
  putSinks,
  putVm,
  versions,
  vmAddress,
} from "../auditResources.ts";

const minute = 60_000;
const ada = "ada@example.com";

describe("a session through Bastion", () => {
  let plane: AuditPlane;
  let path: AccessPath;
  let sinks: { accountId: string; workspaceId: string; customerId: string };

  const connect = (more: Partial<ConnectRequest> = {}): Promise<ConnectResult> =>
    plane.sessions.connect({ vm: "vm-app", user: ada, ...more });
  const connected = async (
    more: Partial<ConnectRequest> = {},
  ): Promise<Extract<ConnectResult, { tunnelId: string }>> => {
    const result = await connect(more);
    assert.ok(result.outcome !== "refused", JSON.stringify(result));
    return result;
  };
  const request = async (minutes = 60): Promise<void> => {
    const endTimeUtc = new Date(plane.clock.now().getTime() + minutes * minute).toISOString();
    const ports = [{ number: 22, endTimeUtc, allowedSourceAddressPrefix: bastionSubnet }];
    const body = { virtualMachines: [{ id: path.vmId, ports }] };
    assert.equal((await plane.sendAs(ada, "POST", `${jitId(plane)}/initiate`, versions.jit, body)).status, 202);
  };
  const settingId = (): string => `${path.bastionId}/providers/Microsoft.Insights/diagnosticSettings/audit`;
  const putSetting = async (more: JsonObject = {}): Promise<void> => {
    const logs = [{ category: "BastionAuditLogs", enabled: true }];
    const properties = {
      workspaceId: sinks.workspaceId,
      storageAccountId: sinks.accountId,
      logAnalyticsDestinationType: "Dedicated",
      logs,
      ...more,
    };
    const { status } = await plane.send("PUT", settingId(), versions.settings, { properties });
    assert.equal(status, 200);
  };
  const observer = (): BlobServiceClient => {
    const options: StoragePipelineOptions & { tlsOptions: { ca: string } } = { tlsOptions: { ca: plane.tls.ca } };
    return BlobServiceClient.fromConnectionString(plane.blobs.observerConnectionString, options);
  };
  const archived = async (blobPath: string | undefined): Promise<JsonObject[]> => {
    const [, container = "", ...blob] = (blobPath ?? "").split("/");
    const client = observer().getContainerClient(container).getBlobClient(blob.join("/"));
    return (await client.downloadToBuffer())
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as JsonObject);
  };
  const rows = (table: string): Promise<JsonObject[]> => plane.tables.read(sinks.customerId, table);
  const table = "MicrosoftAzureBastionAuditLogs";

  const start = async (
    options: Parameters<typeof putAccessPath>[1] = {},
    plan: { lagMs?: number } = {},
  ): Promise<void> => {
    plane = await startAuditPlane(plan);
    path = putAccessPath(plane, options);
    await putPlan(plane);
    sinks = await putSinks(plane);
    await plane.send("PUT", jitId(plane), versions.jit, jitBody(path.vmId));
  };
  afterEach(async () => {
    await plane.remove();
  });

  describe("to a VM under just-in-time access", () => {
    beforeEach(async () => {
      await start();
      await putSetting();
    });

    it("is refused without a request, by the deny rule", async () => {
      const [denyRule] = plane.store.childrenOf(path.nsgId);
      assert.deepEqual(await connect(), {
        outcome: "refused",
        reason: `The network security group '${path.nsgId}' does not let 10.0.0.4 reach port 22 of 'vm-app': rule '${String(denyRule?.name)}'.`,
        rule: denyRule?.name,
        networkSecurityGroupId: path.nsgId,
      });
      assert.deepEqual(plane.sessions.list(), []);
      assert.deepEqual(await rows(table), [], "Bastion writes no record of what never reached the VM");
    });

    it("is opened with a request, and leaves one record in the archive and one row in the workspace", async () => {
      await request();
      const at = plane.clock.now();
      const result = await connected();
      const session = result.session!;
      const hour = session.startedAt;
      assert.equal(
        result.blobPath,
        `staudit/insights-logs-bastionauditlogs/resourceId=${path.bastionId.toUpperCase()}/y=${hour.slice(0, 4)}/m=${hour.slice(5, 7)}/d=${hour.slice(8, 10)}/h=${hour.slice(11, 13)}/m=00/PT1H.json`,
      );
      assert.deepEqual(result.deliveries, [`workspace:log-audit/${table}`, `storage:${result.blobPath}`]);
      assert.match(result.rule ?? "", /^MicrosoftDefenderForCloud-JITRule-/);
      assert.ok(Date.parse(session.startedAt) >= at.getTime());

      const [record, ...more] = await archived(result.blobPath);
      assert.deepEqual(more, []);
      assert.deepEqual(record, {
        time: session.startedAt,
        resourceId: path.bastionId.toUpperCase(),
        operationName: "Microsoft.Network/BastionHost/connect",
        category: "BastionAuditLogs",
        level: "Informational",
        location: "westeurope",
        properties: {
          userName: "azureuser",
          userAgent: (record?.properties as JsonObject).userAgent,
          clientIpAddress: session.clientIpAddress,
          clientPort: session.clientPort,
          protocol: "ssh",
          targetResourceId: path.vmId.toUpperCase(),
          subscriptionId: plane.identity.subscriptionId,
          message: "Successfully Connected.",
          resourceType: "VM",
          targetVMIPAddress: vmAddress,
          userEmail: ada,
          tunnelId: session.tunnelId,
        },
        FluentdIngestTimestamp: `${session.startedAt.slice(0, 19)}.0000000Z`,
        Region: "westeurope",
        CustomerSubscriptionId: plane.identity.subscriptionId,
      });
      assert.match(session.clientIpAddress, /^203\.0\.113\.\d+$/);

      assert.deepEqual(await rows(table), [
        {
          TimeGenerated: session.startedAt,
          Time: session.startedAt,
          OperationName: "Microsoft.Network/BastionHost/connect",
          Location: "westeurope",
          Message: "Successfully Connected.",
          Protocol: "ssh",
          ClientIpAddress: session.clientIpAddress,
          ClientPort: session.clientPort,
          UserName: "azureuser",
          UserEmail: ada,
          UserAgent: (record.properties as JsonObject).userAgent,
          TargetResourceId: path.vmId.toUpperCase(),
          TargetVMIPAddress: vmAddress,
          TunnelId: session.tunnelId,
          ResourceType: "VM",
          SourceSystem: "Azure",
          Type: table,
          _ResourceId: path.bastionId.toLowerCase(),
          _SubscriptionId: plane.identity.subscriptionId,
          SessionStartTime: session.startedAt,
          TenantId: sinks.customerId,
        },
      ]);
    });

    it("ends by itself with a second record that says how long it was, and is not cut by the request's end", async () => {
      await request(30);
      const { blobPath, session } = await connected({ minutes: 45 });
      await plane.clock.advance(31 * minute);
      assert.equal((await connect()).outcome, "refused", "the request is over");
      assert.equal(plane.sessions.list()[0]?.endedAt, undefined, "the session goes on");
      await plane.clock.advance(15 * minute);
      assert.equal(plane.sessions.list()[0]?.endedAt, session?.endsAt);
      await plane.router.settle();
      const [, end] = await rows(table);
      assert.deepEqual(
        [end?.TunnelId, end?.SessionStartTime, end?.SessionEndTime, end?.Duration],
        [session?.tunnelId, session?.startedAt, session?.endsAt, 45 * minute],
      );
      assert.equal((await archived(blobPath)).length >= 1, true);
    });

    it("leaves a failed login as a record alone", async () => {
      await request();
      const result = await connected({ wrongPassword: true });
      assert.deepEqual([result.outcome, result.session, plane.sessions.list()], ["loginFailed", undefined, []]);
      const [record] = await archived(result.blobPath);
      assert.deepEqual([record?.level, (record?.properties as JsonObject).message], ["Informational", "Login Failed"]);
    });

    it("is known after a restart, and ends at its time", async () => {
      await request(180);
      const { tunnelId } = await connected({ minutes: 90 });
      plane = await plane.restart();
      assert.deepEqual(
        plane.sessions.list().map((session) => [session.tunnelId, session.endedAt]),
        [[tunnelId, undefined]],
      );
      await plane.clock.advance(90 * minute);
      assert.notEqual(plane.sessions.list()[0]?.endedAt, undefined);
      await plane.router.settle();
      assert.equal((await rows(table)).length, 2);
    });

    it("lands nowhere once the diagnostic setting is gone", async () => {
      await request();
      await plane.send("DELETE", settingId(), versions.settings);
      const result = await connected();
      assert.deepEqual([result.outcome, result.blobPath, result.deliveries], ["connected", undefined, []]);
      assert.deepEqual(await rows(table), []);
      assert.equal(await plane.blobs.hasBlobs("staudit", "insights-logs-bastionauditlogs"), false);
    });

    it("is read with an Entra token instead of a key", async () => {
      await request();
      const { blobPath } = await connected();
      const { clientId, clientSecret, tenantId } = plane.identity;
      const options = { tlsOptions: { ca: plane.tls.ca } };
      const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
        authorityHost: plane.arm.endpoint,
        disableInstanceDiscovery: true,
        ...options,
      });
      const client = new BlobServiceClient(
        `${plane.blobs.endpoint}/staudit`,
        credential,
        options as StoragePipelineOptions,
      );
      const [, container = "", ...blob] = (blobPath ?? "").split("/");
      const text = await client.getContainerClient(container).getBlobClient(blob.join("/")).downloadToBuffer();
      assert.equal(text.toString().trimEnd().split("\n").length, 1);
    });

    it("goes to the shared table where the setting is not Dedicated", async () => {
      await putSetting({ logAnalyticsDestinationType: null, storageAccountId: null });
      await request();
      const result = await connected();
      assert.deepEqual(result.deliveries, ["workspace:log-audit/AzureDiagnostics"]);
      const [row] = await rows("AzureDiagnostics");
      assert.deepEqual(
        [row?.Category, row?.userEmail_s, row?.clientPort_d, row?.Resource],
        ["BastionAuditLogs", ada, result.session?.clientPort, "BAS-MAIN"],
      );
    });

    it("is not archived where the account's firewall or immutability policy keeps Azure Monitor out", async () => {
      await request();
      const networkAcls = { defaultAction: "Deny", bypass: "None" };
      await plane.send("PATCH", sinks.accountId, versions.storage, { properties: { networkAcls } });
      assert.deepEqual((await connected()).deliveries, [
        `workspace:log-audit/${table}`,
        "storage refused: The firewall of staudit does not let trusted Microsoft services in (networkAcls.bypass).",
      ]);
      const trusting = { defaultAction: "Deny", bypass: "AzureServices" };
      await plane.send("PATCH", sinks.accountId, versions.storage, { properties: { networkAcls: trusting } });
      assert.notEqual((await connected()).blobPath, undefined);
      const container = `${sinks.accountId}/blobServices/default/containers/insights-logs-bastionauditlogs`;
      const policy = { properties: { immutabilityPeriodSinceCreationInDays: 7 } };
      await plane.send("PUT", `${container}/immutabilityPolicies/default`, versions.storage, policy);
      assert.deepEqual(
        (await connected()).deliveries[1],
        "storage refused: The immutability policy of staudit/insights-logs-bastionauditlogs does not allow protected append writes.",
      );
      const append = { properties: { immutabilityPeriodSinceCreationInDays: 7, allowProtectedAppendWrites: true } };
      await plane.send("PUT", `${container}/immutabilityPolicies/default`, versions.storage, append);
      assert.equal((await archived((await connected()).blobPath)).length, 2);
    });

    it("is listed while it is open, and can be disconnected", async () => {
      await request();
      const { tunnelId, session } = await connected();
      await plane.clock.advance(5 * minute);
      const active = await plane.send("POST", `${path.bastionId}/getActiveSessions`, versions.bastion);
      assert.deepEqual(active.body, {
        value: [
          {
            sessionId: tunnelId,
            startTime: session?.startedAt,
            targetSubscriptionId: plane.identity.subscriptionId,
            resourceType: "VM",
            targetHostName: "vm-app",
            targetResourceGroup: "rg-access",
            userName: "azureuser",
            targetIpAddress: vmAddress,
            protocol: "SSH",
            targetResourceId: path.vmId,
            sessionDurationInMins: 5,
          },
        ],
      });
      const sessionIds = [tunnelId, "none"];
      const answer = await plane.send("POST", `${path.bastionId}/disconnectActiveSessions`, versions.bastion, {
        sessionIds,
      });
      assert.deepEqual(answer, {
        status: 200,
        body: {
          value: [
            { sessionId: tunnelId, message: "The session was disconnected.", state: "Disconnected" },
            { sessionId: "none", message: "The session was not found.", state: "NotFound" },
          ],
        },
      });
      assert.notEqual(plane.sessions.list()[0]?.endedAt, undefined);
      const after = await plane.send("POST", `${path.bastionId}/getActiveSessions`, versions.bastion);
      assert.deepEqual(after.body, { value: [] });
    });
  });

  it("arrives late where logs lag, at the path of the hour in which it arrived", async () => {
    await start({}, { lagMs: 70 * minute });
    await putSetting();
    await request(120);
    const { blobPath, session } = await connected();
    assert.equal(await plane.blobs.hasBlobs("staudit", "insights-logs-bastionauditlogs"), false);
    const received = new Date(Date.parse(session?.startedAt ?? "") + 70 * minute).toISOString();
    assert.ok(blobPath?.endsWith(`/d=${received.slice(8, 10)}/h=${received.slice(11, 13)}/m=00/PT1H.json`), blobPath);
    await plane.clock.advance(71 * minute);
    assert.equal((await archived(blobPath))[0]?.time, session?.startedAt);
  });

  it("is refused by a recording host until it has a valid SAS URL", async () => {
    await start({ sku: "Premium", host: { enableSessionRecording: true } });
    await request();
    const refused = { outcome: "refused", reason: "Cannot connect to session without valid SAS URL" };
    assert.deepEqual(await connect(), refused);
    const post = (sasUrl: string): ReturnType<AuditPlane["send"]> =>
      plane.send("POST", `${path.bastionId}/setsessionrecordingsasurl`, "2023-09-01", { sasUrl });
    const base = "https://strec.blob.core.windows.net/recordings?sv=2024-11-04&sig=x";
    assert.deepEqual(refusal(await post(`${base}&sp=rl&se=2099-01-01`)), [
      400,
      "InvalidSasUrl",
      "sasUrl must be the https URL of a blob container with a SAS that allows read, create, write and list (sp=rcwl).",
    ]);
    assert.equal((await post(`${base}&sp=rcwl&se=2020-01-01`)).status, 200);
    assert.deepEqual(await connect(), refused, "the SAS has run out");
    assert.equal((await post(`${base}&sp=rcwl&se=2099-01-01`)).status, 200);
    assert.equal((await connect()).outcome, "connected");
  });

  it("is one VM's at a time on a Developer host, which comes from Azure's platform address", async () => {
    await start({ sku: "Developer" });
    putVm(plane, "vm-two", `${path.virtualNetworkId}/subnets/snet-vm`, "10.0.1.5");
    const allow = (nsg: string): void => {
      const properties = {
        priority: 200,
        direction: "Inbound",
        access: "Allow",
        protocol: "Tcp",
        sourceAddressPrefix: "168.63.129.16",
        sourcePortRange: "*",
        destinationAddressPrefix: "*",
        destinationPortRange: "22",
      };
      const type = "Microsoft.Network/networkSecurityGroups/securityRules";
      plane.store.put({ id: `${nsg}/securityRules/AllowBastion`, type, name: "AllowBastion", body: { properties } });
    };
    allow(path.nsgId);
    allow(path.nsgId.replace("vm-app", "vm-two"));
    assert.equal((await connect()).outcome, "connected");
    assert.deepEqual(await connect({ vm: "vm-two" }), {
      outcome: "refused",
      reason: `The Developer SKU connects to one virtual machine at a time; a session to '${path.vmId}' is open.`,
    });
  });

  it("is refused once the scale units are full", async () => {
    await start({ host: { scaleUnits: 1 } });
    await request();
    for (let count = 0; count < 40; count++) assert.equal((await connect()).outcome, "connected");
    assert.deepEqual(await connect(), {
      outcome: "refused",
      reason: "The Bastion host 'bas-main' has 40 ssh sessions open, as many as its scale units take.",
    });
  });

  it("reaches a VM of a peered virtual network", async () => {
    await start();
    const spoke = `${plane.group}/providers/Microsoft.Network/virtualNetworks/vnet-spoke`;
    const network = { addressSpace: { addressPrefixes: ["10.9.0.0/16"] } };
    plane.store.put({
      id: spoke,
      type: "Microsoft.Network/virtualNetworks",
      name: "vnet-spoke",
      body: { location: "westeurope", properties: network },
    });
    plane.store.put({
      id: `${spoke}/subnets/snet`,
      type: "Microsoft.Network/virtualNetworks/subnets",
      name: "snet",
      body: { properties: { addressPrefix: "10.9.0.0/24" } },
    });
    putVm(plane, "vm-spoke", `${spoke}/subnets/snet`, "10.9.0.4", false);
    const attempt = (): Promise<ConnectResult> => connect({ vm: "vm-spoke" });
    await assert.rejects(attempt(), {
      code: "NoBastionHost",
      message: "No Bastion host reaches the virtual network of 'vm-spoke'.",
    });
    plane.store.put({
      id: `${path.virtualNetworkId}/virtualNetworkPeerings/to-spoke`,
      type: "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
      name: "to-spoke",
      body: { properties: { remoteVirtualNetwork: { id: spoke } } },
    });
    assert.equal((await attempt()).outcome, "connected");
  });

  describe("asked for at the sandbox's own endpoint", () => {
    beforeEach(async () => {
      await start();
      await putSetting();
    });

    it("answers what connect answers, and shows sessions and tables", async () => {
      await request();
      const { status, body } = await plane.admin("POST", "/sandbox/connect", { vm: "vm-app", user: ada, minutes: 5 });
      assert.deepEqual([status, body.outcome], [200, "connected"]);
      const { body: listed } = await plane.admin("GET", "/sandbox/sessions");
      assert.deepEqual(listed.sessions, [body.session]);
      const { body: read } = await plane.admin("GET", `/sandbox/tables?workspace=log-audit&table=${table}`);
      assert.equal((read.rows as JsonObject[]).length, 1);
    });

    it("refuses bad input, naming everything that is wrong", async () => {
      const body = { user: "ada", protocol: "telnet", minutes: 0, speed: 1 };
      assert.deepEqual(refusal(await plane.admin("POST", "/sandbox/connect", body)), [
        400,
        "InvalidParameter",
        'The connect request is invalid: vm is missing; it must be the name or ARM id of a virtual machine. user is "ada"; it must be an Entra account such as ada@example.com. protocol is "telnet"; it must be ssh or rdp. minutes is 0; it must be a number of minutes above 0 and up to 1440. speed is not known; known are vm, user, account, protocol, minutes, wrongPassword.',
      ]);
      assert.deepEqual(refusal(await plane.admin("POST", "/sandbox/connect", { vm: "vm-none", user: ada })), [
        404,
        "ResourceNotFound",
        "There is no virtual machine 'vm-none'. There are vm-app.",
      ]);
      assert.deepEqual(refusal(await plane.admin("GET", "/sandbox/tables?workspace=none&table=T")), [
        404,
        "ResourceNotFound",
        "There is no workspace 'none'. There are: log-audit.",
      ]);
    });
  });
});
