import assert from "node:assert/strict";
import { BlobServiceClient } from "@azure/storage-blob";
import { ClientSecretCredential } from "@azure/identity";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import { vmAddress, versions } from "../auditResources.ts";
import { ada, minute, SessionBench, table } from "./sessionFixture.ts";
import { forEachTest } from "../../held.ts";
import { trusting } from "../auditFixture.ts";

describe("a session to a VM under just-in-time access", () => {
  const bench = forEachTest(() => SessionBench.start());

  beforeEach(async () => {
    await bench.putSetting();
  });

  it("is refused without a request, by the deny rule", async () => {
    const [denyRule] = bench.plane.store.childrenOf(bench.path.nsgId);
    assert.deepEqual(await bench.connect(), {
      outcome: "refused",
      reason: `The network security group '${bench.path.nsgId}' does not let 10.0.0.4 reach port 22 of 'vm-app': rule '${String(denyRule?.name)}'.`,
      rule: denyRule?.name,
      networkSecurityGroupId: bench.path.nsgId,
    });
    assert.deepEqual(bench.plane.sessions.list(), []);
    assert.deepEqual(await bench.rows(table), [], "Bastion writes no record of what never reached the VM");
  });

  it("is opened with a request, and leaves one record in the archive and one row in the workspace", async () => {
    await bench.request();
    const at = bench.plane.clock.now();
    const result = await bench.connected();
    const session = result.session!;
    const hour = session.startedAt;
    assert.equal(
      result.blobPath,
      `staudit/insights-logs-bastionauditlogs/resourceId=${bench.path.bastionId.toUpperCase()}/y=${hour.slice(0, 4)}/m=${hour.slice(5, 7)}/d=${hour.slice(8, 10)}/h=${hour.slice(11, 13)}/m=00/PT1H.json`,
    );
    assert.deepEqual(result.deliveries, [`workspace:log-audit/${table}`, `storage:${result.blobPath}`]);
    assert.match(result.rule ?? "", /^MicrosoftDefenderForCloud-JITRule-/);
    assert.ok(Date.parse(session.startedAt) >= at.getTime());

    const [record, ...more] = await bench.archived(result.blobPath);
    assert.deepEqual(more, []);
    assert.deepEqual(record, {
      time: session.startedAt,
      resourceId: bench.path.bastionId.toUpperCase(),
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
        targetResourceId: bench.path.vmId.toUpperCase(),
        subscriptionId: bench.plane.identity.subscriptionId,
        message: "Successfully Connected.",
        resourceType: "VM",
        targetVMIPAddress: vmAddress,
        userEmail: ada,
        tunnelId: session.tunnelId,
      },
      FluentdIngestTimestamp: `${session.startedAt.slice(0, 19)}.0000000Z`,
      Region: "westeurope",
      CustomerSubscriptionId: bench.plane.identity.subscriptionId,
    });
    assert.match(session.clientIpAddress, /^203\.0\.113\.\d+$/);

    assert.deepEqual(await bench.rows(table), [
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
        TargetResourceId: bench.path.vmId.toUpperCase(),
        TargetVMIPAddress: vmAddress,
        TunnelId: session.tunnelId,
        ResourceType: "VM",
        SourceSystem: "Azure",
        Type: table,
        _ResourceId: bench.path.bastionId.toLowerCase(),
        _SubscriptionId: bench.plane.identity.subscriptionId,
        SessionStartTime: session.startedAt,
        TenantId: bench.sinks.customerId,
      },
    ]);
  });

  it("ends by itself with a second record that says how long it was, and is not cut by the request's end", async () => {
    await bench.request(30);
    const { blobPath, session } = await bench.connected({ minutes: 45 });
    await bench.plane.clock.advance(31 * minute);
    assert.equal((await bench.connect()).outcome, "refused", "the request is over");
    assert.equal(bench.plane.sessions.list()[0]?.endedAt, undefined, "the session goes on");
    await bench.plane.clock.advance(15 * minute);
    assert.equal(bench.plane.sessions.list()[0]?.endedAt, session?.endsAt);
    await bench.plane.router.settle();
    const [, end] = await bench.rows(table);
    assert.deepEqual(
      [end?.TunnelId, end?.SessionStartTime, end?.SessionEndTime, end?.Duration],
      [session?.tunnelId, session?.startedAt, session?.endsAt, 45 * minute],
    );
    assert.equal((await bench.archived(blobPath)).length >= 1, true);
  });

  it("leaves a failed login as a record alone", async () => {
    await bench.request();
    const result = await bench.connected({ wrongPassword: true });
    assert.deepEqual([result.outcome, result.session, bench.plane.sessions.list()], ["loginFailed", undefined, []]);
    const [record] = await bench.archived(result.blobPath);
    assert.deepEqual([record?.level, (record?.properties as JsonObject).message], ["Informational", "Login Failed"]);
  });

  it("is known after a restart, and ends at its time", async () => {
    await bench.request(180);
    const { tunnelId } = await bench.connected({ minutes: 90 });
    bench.plane = await bench.plane.restart();
    assert.deepEqual(
      bench.plane.sessions.list().map((session) => [session.tunnelId, session.endedAt]),
      [[tunnelId, undefined]],
    );
    await bench.plane.clock.advance(90 * minute);
    assert.notEqual(bench.plane.sessions.list()[0]?.endedAt, undefined);
    await bench.plane.router.settle();
    assert.equal((await bench.rows(table)).length, 2);
  });

  it("lands nowhere once the diagnostic setting is gone", async () => {
    await bench.request();
    await bench.plane.send("DELETE", bench.settingId(), versions.settings);
    const result = await bench.connected();
    assert.deepEqual([result.outcome, result.blobPath, result.deliveries], ["connected", undefined, []]);
    assert.deepEqual(await bench.rows(table), []);
    assert.equal(await bench.plane.blobs.hasBlobs("staudit", "insights-logs-bastionauditlogs"), false);
  });

  it("is read with an Entra token instead of a key", async () => {
    await bench.request();
    const { blobPath } = await bench.connected();
    const { clientId, clientSecret, tenantId } = bench.plane.identity;
    const options = trusting(bench.plane.tls);
    const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
      authorityHost: bench.plane.arm.endpoint,
      disableInstanceDiscovery: true,
      tlsOptions: options.tlsOptions,
    });
    const client = new BlobServiceClient(`${bench.plane.blobs.endpoint}/staudit`, credential, options);
    const [, container = "", ...blob] = (blobPath ?? "").split("/");
    const text = await client.getContainerClient(container).getBlobClient(blob.join("/")).downloadToBuffer();
    assert.equal(text.toString().trimEnd().split("\n").length, 1);
  });

  it("goes to the shared table where the setting is not Dedicated", async () => {
    await bench.putSetting({ logAnalyticsDestinationType: null, storageAccountId: null });
    await bench.request();
    const result = await bench.connected();
    assert.deepEqual(result.deliveries, ["workspace:log-audit/AzureDiagnostics"]);
    const [row] = await bench.rows("AzureDiagnostics");
    assert.deepEqual(
      [row?.Category, row?.userEmail_s, row?.clientPort_d, row?.Resource],
      ["BastionAuditLogs", ada, result.session?.clientPort, "BAS-MAIN"],
    );
  });

  it("is not archived where the account's firewall or immutability policy keeps Azure Monitor out", async () => {
    await bench.request();
    const networkAcls = { defaultAction: "Deny", bypass: "None" };
    await bench.plane.send("PATCH", bench.sinks.accountId, versions.storage, { properties: { networkAcls } });
    assert.deepEqual((await bench.connected()).deliveries, [
      `workspace:log-audit/${table}`,
      "storage refused: The firewall of staudit does not let trusted Microsoft services in (networkAcls.bypass).",
    ]);
    const trusting = { defaultAction: "Deny", bypass: "AzureServices" };
    await bench.plane.send("PATCH", bench.sinks.accountId, versions.storage, { properties: { networkAcls: trusting } });
    assert.notEqual((await bench.connected()).blobPath, undefined);
    const container = `${bench.sinks.accountId}/blobServices/default/containers/insights-logs-bastionauditlogs`;
    const policy = { properties: { immutabilityPeriodSinceCreationInDays: 7 } };
    await bench.plane.send("PUT", `${container}/immutabilityPolicies/default`, versions.storage, policy);
    assert.deepEqual(
      (await bench.connected()).deliveries[1],
      "storage refused: The immutability policy of staudit/insights-logs-bastionauditlogs does not allow protected append writes.",
    );
    const append = { properties: { immutabilityPeriodSinceCreationInDays: 7, allowProtectedAppendWrites: true } };
    await bench.plane.send("PUT", `${container}/immutabilityPolicies/default`, versions.storage, append);
    assert.equal((await bench.archived((await bench.connected()).blobPath)).length, 2);
  });

  it("is not opened to a VM that does not run, and ends when it stops; JIT goes on", async () => {
    await bench.request();
    const { tunnelId, blobPath } = await bench.connected();
    const vm = (action: string) => bench.plane.send("POST", `${bench.path.vmId}/${action}`, versions.compute);
    assert.equal((await vm("deallocate")).status, 200);
    assert.notEqual(bench.plane.sessions.list().find((each) => each.tunnelId === tunnelId)?.endedAt, undefined);
    assert.deepEqual(
      (await bench.archived(blobPath)).map((record) => (record.properties as JsonObject).tunnelId),
      [tunnelId, tunnelId],
    );
    assert.deepEqual(await bench.connect(), {
      outcome: "refused",
      reason: "The virtual machine 'vm-app' is not running (deallocated).",
    });
    await bench.request();
    assert.equal((await bench.connect()).outcome, "refused");
    assert.equal((await vm("start")).status, 200);
    assert.equal((await bench.connect()).outcome, "connected");
    assert.equal((await vm("powerOff")).status, 200);
    assert.deepEqual(await bench.connect(), {
      outcome: "refused",
      reason: "The virtual machine 'vm-app' is not running (stopped).",
    });
  });

  it("ends with its Bastion host, so that a later host of the same name has none", async () => {
    await bench.request();
    const { tunnelId } = await bench.connected();
    const host = bench.plane.store.get(bench.path.bastionId)!;
    assert.equal((await bench.plane.send("DELETE", host.id, versions.bastion)).status, 202);
    await bench.plane.clock.advance(minute);
    assert.equal(bench.plane.store.get(host.id), undefined);
    const [session] = bench.plane.sessions.list();
    assert.equal(session?.tunnelId, tunnelId);
    assert.notEqual(session.endedAt, undefined);
    bench.plane.store.put(host);
    const active = await bench.plane.send("POST", `${host.id}/getActiveSessions`, versions.bastion);
    assert.deepEqual(active.body, { value: [] });
  });

  it("is listed while it is open, and can be disconnected", async () => {
    await bench.request();
    const { tunnelId, session } = await bench.connected();
    await bench.plane.clock.advance(5 * minute);
    const active = await bench.plane.send("POST", `${bench.path.bastionId}/getActiveSessions`, versions.bastion);
    assert.deepEqual(active.body, {
      value: [
        {
          sessionId: tunnelId,
          startTime: session?.startedAt,
          targetSubscriptionId: bench.plane.identity.subscriptionId,
          resourceType: "VM",
          targetHostName: "vm-app",
          targetResourceGroup: "rg-access",
          userName: "azureuser",
          targetIpAddress: vmAddress,
          protocol: "SSH",
          targetResourceId: bench.path.vmId,
          sessionDurationInMins: 5,
        },
      ],
    });
    const sessionIds = [tunnelId, "none"];
    const disconnect = `${bench.path.bastionId}/disconnectActiveSessions`;
    const answer = await bench.plane.send("POST", disconnect, versions.bastion, { sessionIds });
    assert.deepEqual(answer, {
      status: 200,
      body: {
        value: [
          { sessionId: tunnelId, message: "The session was disconnected.", state: "Disconnected" },
          { sessionId: "none", message: "The session was not found.", state: "NotFound" },
        ],
      },
    });
    assert.notEqual(bench.plane.sessions.list()[0]?.endedAt, undefined);
    const after = await bench.plane.send("POST", `${bench.path.bastionId}/getActiveSessions`, versions.bastion);
    assert.deepEqual(after.body, { value: [] });
  });
});
