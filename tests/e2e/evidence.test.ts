import assert from "node:assert/strict";
import type { BlobServiceClient } from "@azure/storage-blob";
import { textAt, type JsonObject } from "../../sandbox/arm/json.ts";
import { AzureClients } from "./azureClients.ts";
import { forSuite } from "../held.ts";
import { ada, TestSandbox, unchanged } from "./harness.ts";

const container = "insights-logs-bastionauditlogs";
const table = "MicrosoftAzureBastionAuditLogs";
const group = "trail";
/** How often the clients ask whether a long-running operation has ended. */
const fast = { updateIntervalInMs: 50 };

/** The records in a container, in the order of their blobs and lines. */
async function recordsIn(blobs: BlobServiceClient, name = container): Promise<JsonObject[]> {
  const client = blobs.getContainerClient(name);
  const records: JsonObject[] = [];
  for (const blob of await Array.fromAsync(client.listBlobsFlat())) {
    const text = (await client.getBlobClient(blob.name).downloadToBuffer()).toString("utf8");
    records.push(
      ...text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as JsonObject),
    );
  }
  return records;
}

/** One deployment; each test goes on where the one before ended. */
describe("the evidence of sessions", () => {
  let azure: AzureClients;
  let total: number;
  let root: string;
  let hostId: string;
  let vmId: string;
  let account: string;
  let archive: BlobServiceClient;
  let blobEndpoint: string;

  const rows = async (name = table): Promise<JsonObject[]> =>
    (await sandbox.admin("GET", `/sandbox/tables?workspace=trail-logs&table=${name}`)).rows as JsonObject[];

  /** By the documented call, which is accepted first and answers later. */
  const liveSessions = () =>
    Array.fromAsync(azure.network.beginListActiveSessionsAndWait(group, "trail-bastion", fast));

  const sandbox = forSuite(() => TestSandbox.start());
  before(async () => {
    const { outputs, changes } = await sandbox.up();
    total = changes.create;
    ({ account } = outputs.archive as { account: string });
    azure = new AzureClients(sandbox);
    root = `/subscriptions/${azure.subscriptionId}/resourceGroups/${group}`;
    hostId = `${root}/providers/Microsoft.Network/bastionHosts/trail-bastion`;
    vmId = `${root}/providers/Microsoft.Compute/virtualMachines/web`;
    blobEndpoint = (await azure.storage.storageAccounts.getProperties(group, account)).primaryEndpoints?.blob ?? "";
    archive = azure.blobs(blobEndpoint);
  });

  it("is none before anybody has tried to connect", async () => {
    assert.deepEqual(await recordsIn(archive), []);
    assert.deepEqual(await rows(), []);
  });

  it("begins with a request, also one through the SDK, which opens the port to the Bastion subnet alone", async () => {
    const endTimeUtc = new Date(Date.now() + 3_600_000);
    const port = { number: 22, allowedSourceAddressPrefix: "10.60.0.0/26", endTimeUtc };
    const body = { virtualMachines: [{ id: vmId, ports: [port] }], justification: "INC-4711" };
    const jit = azure.security.jitNetworkAccessPolicies;
    const access = await jit.initiate(group, "westeurope", "web-jit", body);
    assert.deepEqual(access.virtualMachines, [
      { id: vmId, ports: [{ ...port, status: "Initiated", statusReason: "UserRequested" }] },
    ]);
    assert.deepEqual([access.requestor, access.justification], [sandbox.description.clientId, "INC-4711"]);

    const { securityRules = [] } = await azure.network.networkSecurityGroups.get(group, "web-nsg");
    const [allow, ...rest] = securityRules.filter((rule) => rule.access === "Allow");
    assert.deepEqual(rest, []);
    assert.match(allow?.name ?? "", /^MicrosoftDefenderForCloud-JITRule--?\d+-[0-9A-F]{32}$/);
    assert.deepEqual(
      [allow?.priority, allow?.direction, allow?.sourceAddressPrefix, allow?.destinationAddressPrefix],
      [100, "Inbound", "10.60.0.0/26", "10.60.1.4"],
    );
    const { requests } = await jit.get(group, "westeurope", "web-jit");
    assert.equal(requests?.[0]?.virtualMachines[0]?.ports[0]?.endTimeUtc.toISOString(), endTimeUtc.toISOString());
  });

  it("is one record in the archive at the output's path, and one row in the workspace", async () => {
    const connected = await sandbox.connect("web", "--account", "ops");
    assert.ok(connected.outcome === "connected");
    const { session, tunnelId, blobPath } = connected;
    const at = new Date(session!.startedAt);
    const two = (value: number) => String(value).padStart(2, "0");
    const hour = `y=${at.getUTCFullYear()}/m=${two(at.getUTCMonth() + 1)}/d=${two(at.getUTCDate())}/h=${two(at.getUTCHours())}`;
    assert.equal(blobPath, `${account}/${container}/resourceId=${hostId.toUpperCase()}/${hour}/m=00/PT1H.json`);

    const [record, ...others] = await recordsIn(archive);
    assert.deepEqual(others, []);
    const { FluentdIngestTimestamp: ingested, ...rest } = record!;
    assert.match(ingested as string, /^\d{4}-\d\d-\d\dT[\d:]{8}\.0{7}Z$/);
    const properties = rest.properties as JsonObject;
    assert.deepEqual(rest, {
      time: session!.startedAt,
      resourceId: hostId.toUpperCase(),
      operationName: "Microsoft.Network/BastionHost/connect",
      category: "BastionAuditLogs",
      level: "Informational",
      location: "westeurope",
      properties: {
        userName: "ops",
        userAgent: properties.userAgent,
        clientIpAddress: session!.clientIpAddress,
        clientPort: session!.clientPort,
        protocol: "ssh",
        targetResourceId: vmId.toUpperCase(),
        subscriptionId: azure.subscriptionId,
        message: "Successfully Connected.",
        resourceType: "VM",
        targetVMIPAddress: "10.60.1.4",
        userEmail: ada,
        tunnelId,
      },
      Region: "westeurope",
      CustomerSubscriptionId: azure.subscriptionId,
    });
    const [row, ...otherRows] = await rows();
    assert.deepEqual(otherRows, []);
    assert.deepEqual(
      [row?.TunnelId, row?.UserEmail, row?.UserName, row?.Message, row?._ResourceId],
      [tunnelId, ada, "ops", "Successfully Connected.", hostId.toLowerCase()],
    );
  });

  it("is read by whoever has an Entra token or the sandbox's connection string, not by the account's own keys", async () => {
    const byToken = await recordsIn(archive);
    const { AZURE_STORAGE_CONNECTION_STRING: observer } = sandbox.environment();
    assert.deepEqual(await recordsIn(azure.blobsByKey(observer!)), byToken);

    const { keys } = await azure.storage.storageAccounts.listKeys(group, account);
    const byKey = azure.blobsByKey(
      `DefaultEndpointsProtocol=https;AccountName=${account};AccountKey=${keys?.[0]?.value};BlobEndpoint=${blobEndpoint}`,
    );
    await assert.rejects(recordsIn(byKey), { statusCode: 403, code: "KeyBasedAuthenticationNotPermitted" });
  });

  it("shows a wrong password as a failed login that opened no session", async () => {
    const failed = await sandbox.connect("web", "--wrong-password");
    assert.ok(failed.outcome === "loginFailed");
    assert.equal(failed.session, undefined);
    const [, record, ...others] = await recordsIn(archive);
    assert.deepEqual(others, []);
    const { message, tunnelId, userEmail } = record!.properties as JsonObject;
    assert.deepEqual([message, tunnelId, userEmail], ["Login Failed", failed.tunnelId, ada]);
    assert.equal((await rows())[1]?.Message, "Login Failed");
    const { exitCode, stdout } = await sandbox.run("connect", "--vm", "web", "--user", ada, "--wrong-password");
    assert.equal(exitCode, 1);
    assert.match(stdout, /^Login failed/i);
    assert.equal((await liveSessions()).length, 1);
  });

  it("has the live sessions beside it, until somebody disconnects them", async () => {
    const [live, ...others] = await liveSessions();
    assert.deepEqual(others, []);
    const { sessionId, startTime, sessionDurationInMins, ...rest } = live!;
    assert.ok(startTime !== undefined && sessionDurationInMins !== undefined);
    assert.deepEqual(rest, {
      targetSubscriptionId: azure.subscriptionId,
      resourceType: "VM",
      targetHostName: "web",
      targetResourceGroup: group,
      userName: "ops",
      targetIpAddress: "10.60.1.4",
      protocol: "SSH",
      targetResourceId: vmId,
    });
    const states = await Array.fromAsync(
      azure.network.listDisconnectActiveSessions(group, "trail-bastion", { sessionIds: [sessionId!, "unknown"] }),
    );
    assert.deepEqual(
      states.map((state) => [state.sessionId, state.state]),
      [
        [sessionId, "Disconnected"],
        ["unknown", "NotFound"],
      ],
    );
    assert.deepEqual(await liveSessions(), []);
    const [ended] = (await rows()).filter((row) => row.SessionEndTime !== undefined);
    assert.equal(ended?.TunnelId, sessionId);
    assert.equal(typeof ended?.Duration, "number");
  });

  it("lands nowhere without the diagnostic setting", async () => {
    const before = [await recordsIn(archive), await rows()];
    await azure.monitor.diagnosticSettings.delete(hostId.slice(1), "bastion-audit-logs");
    assert.deepEqual((await azure.monitor.diagnosticSettings.list(hostId.slice(1))).value, []);
    const connected = await sandbox.connect("web");
    assert.ok(connected.outcome === "connected");
    assert.deepEqual([connected.blobPath, connected.deliveries], [undefined, []]);
    assert.deepEqual([await recordsIn(archive), await rows()], before);
  });

  it("lands again after the next refresh and up, which put the setting back and change nothing else", async () => {
    await sandbox.refresh();
    assert.deepEqual((await sandbox.up()).changes, { ...unchanged(total - 1), create: 1 });
    const connected = await sandbox.connect("web");
    assert.ok(connected.outcome === "connected");
    assert.deepEqual(connected.deliveries, [`workspace:trail-logs/${table}`, `storage:${connected.blobPath}`]);
    const latest = (await recordsIn(archive)).at(-1)?.properties as JsonObject;
    assert.equal(latest.tunnelId, connected.tunnelId);
  });

  it("has the requests in the exported activity log, each as four events", async () => {
    const access = await sandbox.request("web", 30);
    assert.equal(access.requestor, ada);
    const initiate = "MICROSOFT.SECURITY/LOCATIONS/JITNETWORKACCESSPOLICIES/INITIATE/ACTION";
    const exported = await rows("AzureActivity");
    const [first] = exported.filter((row) => row.OperationNameValue === initiate && row.Caller === ada);
    const correlationId = textAt(first, "CorrelationId") ?? "";
    const correlated = exported.filter((row) => row.CorrelationId === correlationId);
    const policyId = `${root}/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/web-jit`;
    const nsgId = `${root}/providers/Microsoft.Network/networkSecurityGroups/web-nsg`;
    assert.deepEqual(
      correlated.map((row) => [row.OperationNameValue, row.ActivityStatusValue, row._ResourceId]),
      [
        [initiate, "Start", policyId.toLowerCase()],
        [initiate, "Success", vmId.toLowerCase()],
        ["MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/WRITE", "Success", nsgId.toLowerCase()],
        [initiate, "Success", policyId.toLowerCase()],
      ],
    );
    const archived = (await recordsIn(archive, "insights-activity-logs")).filter(
      (record) => record.correlationId === correlationId,
    );
    assert.deepEqual(
      archived.map((record) => [record.operationName, record.resultType, record.resourceId]),
      correlated.map((row) => [
        row.OperationNameValue,
        row.ActivityStatusValue,
        textAt(row, "_ResourceId")?.toUpperCase(),
      ]),
    );
    const filter = `eventTimestamp ge '${new Date(Date.now() - 3_600_000).toISOString()}' and correlationId eq '${correlationId}'`;
    const listed = await Array.fromAsync(azure.monitor.activityLogs.list(filter));
    assert.deepEqual(
      listed.map((event) => [event.eventName?.value, event.status?.value, event.resourceId]).sort(),
      [
        ["BeginRequest", "Started", policyId],
        ["EndRequest", "Succeeded", nsgId],
        ["EndRequest", "Succeeded", policyId],
        ["EndRequest", "Succeeded", vmId],
      ].sort(),
    );
  });
});
