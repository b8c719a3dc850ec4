import assert from "node:assert/strict";
import { MonitorClient } from "@azure/arm-monitor";
import { SecurityCenter } from "@azure/arm-security";
import { StorageManagementClient } from "@azure/arm-storage";
import { ClientSecretCredential } from "@azure/identity";
import { startAuditPlane, type AuditPlane } from "../../auditPlane.ts";
import { bastionSubnet, jitBody, jitId, putAccessPath, putPlan, putSinks, versions } from "../../auditResources.ts";

/** The wire form, checked by Microsoft's own clients. */
describe("the Azure SDK clients read back", () => {
  let plane: AuditPlane;
  let subscriptionId: string;
  let credential: ClientSecretCredential;
  const options = (): object => ({
    endpoint: plane.arm.endpoint,
    $host: plane.arm.endpoint,
    credentialScopes: ["https://management.azure.com/.default"],
    credentials: { scopes: ["https://management.azure.com/.default"] },
    tlsOptions: { ca: plane.tls.ca },
  });

  before(async () => {
    plane = await startAuditPlane();
    subscriptionId = plane.identity.subscriptionId;
    const { tenantId, clientId, clientSecret } = plane.identity;
    credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
      authorityHost: plane.arm.endpoint,
      disableInstanceDiscovery: true,
      tlsOptions: { ca: plane.tls.ca },
    });
  });
  after(async () => {
    await plane.remove();
  });

  it("a storage account with its keys, container and lifecycle rule", async () => {
    const client = new StorageManagementClient(credential, subscriptionId, options());
    const created = await client.storageAccounts.create("rg-access", "stsdk", {
      location: "westeurope",
      kind: "StorageV2",
      sku: { name: "Standard_ZRS" },
      minimumTlsVersion: "TLS1_2",
      enableHttpsTrafficOnly: true,
    });
    assert.deepEqual(
      [created.name, created.minimumTlsVersion, created.primaryEndpoints?.blob],
      ["stsdk", "TLS1_2", `${plane.blobs.endpoint}/stsdk/`],
    );
    const { keys } = await client.storageAccounts.listKeys("rg-access", "stsdk");
    assert.deepEqual(
      keys?.map(({ keyName }) => keyName),
      ["key1", "key2"],
    );
    const container = await client.blobContainers.create("rg-access", "stsdk", "logs", {});
    assert.equal(container.publicAccess, "None");
    const policy = await client.blobContainers.createOrUpdateImmutabilityPolicy("rg-access", "stsdk", "logs", {
      parameters: { immutabilityPeriodSinceCreationInDays: 3, allowProtectedAppendWrites: true },
    });
    assert.deepEqual([policy.immutabilityPeriodSinceCreationInDays, policy.state], [3, "Unlocked"]);
    const etag = policy.etag ?? "";
    const locked = await client.blobContainers.lockImmutabilityPolicy("rg-access", "stsdk", "logs", etag);
    assert.equal(locked.state, "Locked");
    const lifecycle = await client.managementPolicies.createOrUpdate("rg-access", "stsdk", "default", {
      policy: {
        rules: [
          {
            name: "expire",
            type: "Lifecycle",
            definition: {
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 90 } } },
              filters: { blobTypes: ["appendBlob"] },
            },
          },
        ],
      },
    });
    assert.equal(lifecycle.policy?.rules[0]?.name, "expire");
  });

  it("a Defender plan, a JIT policy and its request", async () => {
    const { vmId } = putAccessPath(plane);
    await putPlan(plane);
    await plane.send("PUT", jitId(plane), versions.jit, jitBody(vmId));
    const client = new SecurityCenter(credential, subscriptionId, options());
    assert.equal((await client.pricings.get("VirtualMachines")).pricingTier, "Standard");
    const endTimeUtc = new Date(plane.clock.now().getTime() + 3_600_000);
    const request = await client.jitNetworkAccessPolicies.initiate("rg-access", "westeurope", "jit-vm-app", {
      virtualMachines: [{ id: vmId, ports: [{ number: 22, endTimeUtc, allowedSourceAddressPrefix: bastionSubnet }] }],
      justification: "INC-1",
    });
    assert.equal(request.virtualMachines[0]?.ports[0]?.status, "Initiated");
    const listed: string[] = [];
    for await (const policy of client.jitNetworkAccessPolicies.list()) {
      listed.push(`${policy.name ?? ""} ${String(policy.requests?.length)} ${policy.location ?? ""}`);
    }
    assert.deepEqual(listed, ["jit-vm-app 1 westeurope"]);
  });

  it("the activity log of a JIT request", async () => {
    const client = new MonitorClient(credential, subscriptionId, options());
    const [from, to] = [-3_600_000, 3_600_000].map((ms) => new Date(plane.clock.now().getTime() + ms).toISOString());
    const filter = `eventTimestamp ge '${from ?? ""}' and eventTimestamp le '${to ?? ""}' and resourceProvider eq 'Microsoft.Security'`;
    const operations: string[] = [];
    for await (const event of client.activityLogs.list(filter)) operations.push(event.operationName?.value ?? "");
    assert.ok(operations.includes("Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action"));
  });

  it("diagnostic settings of a Bastion host", async () => {
    const { workspaceId, accountId } = await putSinks(plane);
    const { bastionId } = putAccessPath(plane);
    const client = new MonitorClient(credential, subscriptionId, options());
    const written = await client.diagnosticSettings.createOrUpdate(bastionId.slice(1), "audit", {
      workspaceId,
      storageAccountId: accountId,
      logs: [{ category: "BastionAuditLogs", enabled: true }],
    });
    assert.deepEqual([written.workspaceId, written.logs?.[0]?.enabled], [workspaceId, true]);
    const { value } = await client.diagnosticSettings.list(bastionId.slice(1));
    assert.deepEqual(
      value?.map(({ name, storageAccountId }) => [name, storageAccountId]),
      [["audit", accountId]],
    );
    const category = await client.diagnosticSettingsCategory.get(bastionId.slice(1), "BastionAuditLogs");
    assert.equal(category.categoryType, "Logs");
    await client.diagnosticSettings.delete(bastionId.slice(1), "audit");
    assert.deepEqual((await client.diagnosticSettings.list(bastionId.slice(1))).value, []);
  });
});
