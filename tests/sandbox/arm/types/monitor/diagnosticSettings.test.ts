import assert from "node:assert/strict";
import { textAt, type JsonObject } from "../../../../../sandbox/arm/json.ts";
import { startAuditPlane, type Answer } from "../../../auditPlane.ts";
import { putAccessPath, putSinks, versions } from "../../../auditResources.ts";
import { forSuite } from "../../../../held.ts";
import { refusalOf } from "../../plane.ts";
import { putResource } from "../../../auditFixture.ts";

describe("Microsoft.Insights/diagnosticSettings", () => {
  const plane = forSuite(startAuditPlane);
  let bastionId: string;
  let sinks: { accountId: string; workspaceId: string };
  const settingId = (scope: string, name: string): string =>
    `${scope}/providers/Microsoft.Insights/diagnosticSettings/${name}`;
  const put = (id: string, properties: JsonObject): Promise<Answer> =>
    plane.send("PUT", id, versions.settings, { properties });
  const logs = [{ category: "BastionAuditLogs", enabled: true }];
  const subscription = (): string => `/subscriptions/${plane.identity.subscriptionId}`;

  before(async () => {
    ({ bastionId } = putAccessPath(plane));
    sinks = await putSinks(plane);
  });
  afterEach(() => {
    for (const setting of plane.store.ofType("Microsoft.Insights/diagnosticSettings")) plane.store.delete(setting.id);
  });

  it("send audit logs to a workspace and an account, and show every category of the resource", async () => {
    const properties = { workspaceId: sinks.workspaceId, storageAccountId: sinks.accountId, logs };
    const answer = await put(settingId(bastionId, "audit"), {
      ...properties,
      logAnalyticsDestinationType: "Dedicated",
    });
    assert.equal(answer.status, 200);
    const retentionPolicy = { days: 0, enabled: false };
    const { body } = await plane.send("GET", settingId(bastionId, "audit"), versions.settings);
    assert.deepEqual(body.properties, {
      ...properties,
      logAnalyticsDestinationType: "Dedicated",
      logs: [{ category: "BastionAuditLogs", enabled: true, retentionPolicy }],
      metrics: [{ category: "AllMetrics", enabled: false, retentionPolicy }],
    });
    const listed = await plane.send(
      "GET",
      `${bastionId}/providers/Microsoft.Insights/diagnosticSettings`,
      versions.settings,
    );
    assert.deepEqual(
      (listed.body.value as JsonObject[]).map(({ name }) => name),
      ["audit"],
    );
  });

  it("export the activity log of the subscription", async () => {
    const activity = [
      { category: "Administrative", enabled: true },
      { category: "Security", enabled: true },
    ];
    const answer = await put(settingId(subscription(), "activity"), { workspaceId: sinks.workspaceId, logs: activity });
    assert.equal(answer.status, 200);
    const shown = (answer.body.properties as JsonObject).logs as JsonObject[];
    assert.deepEqual(
      shown.map(({ category, enabled }) => [category, enabled]),
      [
        ["Administrative", true],
        ["Security", true],
        ["ServiceHealth", false],
        ["Alert", false],
        ["Recommendation", false],
        ["Policy", false],
        ["Autoscale", false],
        ["ResourceHealth", false],
      ],
    );
  });

  const account = "/providers/Microsoft.Storage/storageAccounts/";
  const refused: Record<string, [properties: () => JsonObject, refusal: string]> = {
    "without a sink": [() => ({ logs }), "400 BadRequest: At least one data sink needs to be specified."],
    "with a category that the resource does not have": [
      () => ({ workspaceId: sinks.workspaceId, logs: [{ category: "Administrative", enabled: true }] }),
      "400 BadRequest: Category 'Administrative' is not supported.",
    ],
    "with a category group that the resource does not have": [
      () => ({ workspaceId: sinks.workspaceId, logs: [{ categoryGroup: "security", enabled: true }] }),
      "400 BadRequest: Category group 'security' is not supported.",
    ],
    "with a category and a category group at once": [
      () => ({ workspaceId: sinks.workspaceId, logs: [...logs, { categoryGroup: "audit", enabled: true }] }),
      "400 BadRequest: Categories and category groups cannot be enabled in the same diagnostic setting.",
    ],
    "with a retention policy": [
      () => ({
        storageAccountId: sinks.accountId,
        logs: [{ ...logs[0], retentionPolicy: { enabled: true, days: 30 } }],
      }),
      "400 BadRequest: Diagnostic settings does not support retention for new diagnostic settings.",
    ],
    "to an account that does not exist": [
      () => ({ storageAccountId: `${plane.group}${account}stnone`, logs }),
      "404 ResourceNotFound: The Resource 'Microsoft.Storage/storageAccounts/stnone' under resource group 'rg-access' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    ],
  };
  for (const [what, [properties, refusal]] of Object.entries(refused)) {
    it(`are refused ${what}`, async () => {
      assert.equal(refusalOf(await put(settingId(bastionId, "bad"), properties())), refusal);
    });
  }

  it("are refused to an account in another region, a premium one and one with a hierarchical namespace", async () => {
    const make = (name: string, body: JsonObject): string =>
      putResource(plane.store, `${plane.group}${account}${name}`, { location: "westeurope", ...body }).id;
    const far = make("stfar", { location: "northeurope" });
    const premium = make("stpremium", { sku: { name: "Premium_LRS" } });
    const hns = make("sthns", { properties: { isHnsEnabled: true } });
    for (const [storageAccountId, message] of [
      [
        far,
        `Resources should be in the same region. Resource '${bastionId}' is in region 'westeurope' and resource '${far}' is in region 'northeurope'.`,
      ],
      [premium, `Storage account '${premium}' is a premium account, which diagnostic settings do not support.`],
      [hns, `Storage account '${hns}' has a hierarchical namespace, which diagnostic settings do not support.`],
    ] as const) {
      const answer = await put(settingId(bastionId, "bad"), { storageAccountId, logs });
      assert.equal(refusalOf(answer), `400 BadRequest: ${message}`);
    }
    const activity = [{ category: "Administrative", enabled: true }];
    const answer = await put(settingId(subscription(), "far"), { storageAccountId: far, logs: activity });
    assert.equal(answer.status, 200, "the activity log has no region");
  });

  it("do not send one category to one sink twice", async () => {
    await put(settingId(bastionId, "first"), { workspaceId: sinks.workspaceId, logs });
    assert.equal(
      refusalOf(await put(settingId(bastionId, "second"), { workspaceId: sinks.workspaceId, logs })),
      `409 Conflict: Data sink '${sinks.workspaceId}' is already used in diagnostic setting 'first' for category 'BastionAuditLogs'. Data sinks can't be reused in different settings on the same category for the same resource.`,
    );
    assert.equal((await put(settingId(bastionId, "second"), { storageAccountId: sinks.accountId, logs })).status, 200);
    assert.equal((await put(settingId(bastionId, "first"), { workspaceId: sinks.workspaceId, logs })).status, 200);
  });

  it("are five at most on one resource", async () => {
    const metrics = [{ category: "AllMetrics", enabled: true }];
    for (const index of [1, 2, 3, 4, 5]) {
      const { id } = putResource(plane.store, `${plane.group}${account}stsink${index}`, { location: "westeurope" });
      assert.equal(
        (await put(settingId(bastionId, `s${String(index)}`), { storageAccountId: id, metrics })).status,
        200,
      );
    }
    assert.equal(
      refusalOf(await put(settingId(bastionId, "s6"), { storageAccountId: sinks.accountId, logs })),
      "409 Conflict: The limit of 5 diagnostic settings was reached. To create new diagnostic setting, delete an existing one.",
    );
  });

  it("are refused to a resource group, and to a resource of a type that has no categories", async () => {
    const disk = `${plane.group}/providers/Microsoft.Compute/disks/os`;
    putResource(plane.store, disk, { location: "westeurope" });
    for (const [scope, type] of [
      [plane.group, "/"],
      [disk, "microsoft.compute/disks"],
    ] as const) {
      const refusal = `400 ResourceTypeNotSupported: The resource type '${type}' does not support diagnostic settings.`;
      assert.equal(refusalOf(await put(settingId(scope, "all"), { workspaceId: sinks.workspaceId, logs })), refusal);
      for (const list of ["diagnosticSettings", "diagnosticSettingsCategories"]) {
        const path = `${scope}/providers/Microsoft.Insights/${list}`;
        assert.equal(refusalOf(await plane.send("GET", path, versions.settings)), refusal);
      }
    }
    plane.store.delete(disk);
  });

  it("have nothing to send of a Developer host", async () => {
    const id = `${plane.group}/providers/Microsoft.Network/bastionHosts/bas-dev`;
    const body = { location: "westeurope", sku: { name: "Developer" }, properties: {} };
    putResource(plane.store, id, body);
    assert.equal(
      refusalOf(await put(settingId(id, "audit"), { workspaceId: sinks.workspaceId, logs })),
      "400 BadRequest: Category 'BastionAuditLogs' is not supported.",
    );
    plane.store.delete(id);
  });

  it("need the resource to exist, and outlive it", async () => {
    const id = `${plane.group}/providers/Microsoft.Network/networkSecurityGroups/nsg-short`;
    const setting = settingId(id, "events");
    const properties = { workspaceId: sinks.workspaceId, logs: [{ categoryGroup: "allLogs", enabled: true }] };
    assert.match(refusalOf(await put(setting, properties)), /^404 ResourceNotFound:/);
    putResource(plane.store, id, { location: "westeurope", properties: { provisioningState: "Succeeded" } });
    assert.equal((await put(setting, properties)).status, 200);
    await plane.send("DELETE", id, "2024-05-01");
    assert.equal(plane.store.get(id), undefined);
    assert.notEqual(plane.store.get(setting), undefined);
  });

  it("tell which categories there are", async () => {
    const id = `${bastionId}/providers/Microsoft.Insights/diagnosticSettingsCategories/bastionauditlogs`;
    const { body } = await plane.send("GET", id, versions.settings);
    assert.deepEqual(
      [body.name, body.properties],
      ["BastionAuditLogs", { categoryType: "Logs", categoryGroups: ["audit", "allLogs"] }],
    );
    const { body: listed } = await plane.send("GET", id.slice(0, id.lastIndexOf("/")), versions.settings);
    assert.deepEqual(
      (listed.value as JsonObject[]).map(({ name, properties }) => [name, textAt(properties, "categoryType")]),
      [
        ["AllMetrics", "Metrics"],
        ["BastionAuditLogs", "Logs"],
      ],
    );
  });
});
