import assert from "node:assert/strict";
import { problemsInTheWay } from "../../program/inTheWay.ts";
import { configOf, existing } from "../stackConfig.ts";

const subscriptionId = "11111111-2222-3333-4444-555555555555";
const subscription = `/subscriptions/${subscriptionId}`;
const { existingBastionHostId: host, existingWorkspaceId: workspace, existingVmSubnetId: subnet } = existing;
const watcher = `${subscription}/resourceGroups/NetworkWatcherRG/providers/Microsoft.Network/networkWatchers/NetworkWatcher_westeurope`;
const settings = (id: string) => `${id}/providers/Microsoft.Insights/diagnosticSettings?api-version=2021-05-01-preview`;

/** A diagnostic setting, as Azure lists it. */
const setting = (name: string, sink: object, ...categories: string[]) => ({
  name,
  properties: {
    workspaceId: null,
    storageAccountId: null,
    ...sink,
    logs: categories.map((category) => ({ category, categoryGroup: null, enabled: true })),
  },
});

/** What is in the way of a stack, where Azure lists these by path; any other list cannot be read. */
async function problemsOf(config: Record<string, unknown>, lists: Readonly<Record<string, readonly object[]>>) {
  const asked: string[] = [];
  const problems = await problemsInTheWay(
    configOf({ location: "westeurope", namePrefix: "trail", ...config }),
    subscriptionId,
    {
      send(method, path) {
        asked.push(`${method} ${path}`);
        const value = lists[path];
        return value === undefined ? Promise.reject(new Error("answered 403")) : Promise.resolve({ value });
      },
    },
  );
  return { asked, problems: problems.map(({ key, value, reason }) => `${key} is ${JSON.stringify(value)}; ${reason}`) };
}

describe("what is in the way of a first deployment", () => {
  it("is looked up only where the stack creates something, and is left to Azure where it cannot be read", async () => {
    const off = { audit: false, activityLogExport: false, flowLogs: "off" };
    assert.deepEqual(await problemsOf(off, {}), { asked: [], problems: [] });
    assert.deepEqual(await problemsOf({}, {}), { asked: [`GET ${settings(subscription)}`], problems: [] });
    assert.deepEqual((await problemsOf(existing, {})).problems, []);
  });

  it("is nothing of other categories, in other destinations or switched off", async () => {
    const disabled = setting("off", { workspaceId: workspace }, "BastionAuditLogs");
    const { asked, problems } = await problemsOf(existing, {
      [settings(host)]: [
        setting("metrics", { workspaceId: workspace }),
        setting("elsewhere", { workspaceId: `${workspace}2` }, "BastionAuditLogs"),
        {
          ...disabled,
          properties: { ...disabled.properties, logs: [{ category: "BastionAuditLogs", enabled: false }] },
        },
      ],
      [settings(subscription)]: [setting("policy", { workspaceId: workspace }, "Policy")],
      [`${watcher}/flowLogs?api-version=2024-05-01`]: [{ id: "f", properties: { targetResourceId: `${subnet}2` } }],
    });
    assert.deepEqual(asked, [
      `GET ${settings(host)}`,
      `GET ${settings(subscription)}`,
      `GET ${watcher}/flowLogs?api-version=2024-05-01`,
    ]);
    assert.deepEqual(problems, []);
  });

  it("is nothing that the stack itself has left in Azure, because somebody deleted its resource group", async () => {
    const account = `${subscription}/resourceGroups/Trail/providers/Microsoft.Storage/storageAccounts/trail1`;
    const { problems } = await problemsOf(existing, {
      [settings(host)]: [setting("bastion-audit-logs", { storageAccountId: account }, "BastionAuditLogs")],
      [settings(subscription)]: [setting("trail", { storageAccountId: account }, "Administrative")],
      [`${watcher}/flowLogs?api-version=2024-05-01`]: [
        { id: "/flowLogs/trail-vms", properties: { targetResourceId: subnet, storageId: account } },
      ],
    });
    assert.deepEqual(problems, []);
  });

  it("is a setting of the same name", async () => {
    const { problems } = await problemsOf(existing, {
      [settings(host)]: [setting("Bastion-Audit-Logs", { workspaceId: workspace }, "BastionAuditLogs")],
      [settings(subscription)]: [setting("trail", { workspaceId: `${workspace}2` }, "Administrative")],
    });
    assert.deepEqual(problems, [
      "audit is true; the Bastion host already has a diagnostic setting bastion-audit-logs, such as that of another stack; delete it, or set audit to false",
      "activityLogExport is true; the subscription already has a diagnostic setting trail, such as that of another stack; delete it, choose another namePrefix, or set activityLogExport to false",
    ]);
  });

  it("is a setting that sends the same logs to the same place", async () => {
    const { problems } = await problemsOf(existing, {
      [settings(host)]: [
        setting(
          "central",
          { workspaceId: workspace.toUpperCase(), storageAccountId: existing.existingStorageAccountId },
          "BastionAuditLogs",
        ),
      ],
      [settings(subscription)]: [
        setting("central", { workspaceId: workspace }, "Security", "Policy", "Administrative"),
      ],
    });
    const refused = "there, and Azure does not accept a second one; delete it, use another destination, or set";
    const ofHost = `the diagnostic setting central of the Bastion host already sends BastionAuditLogs ${refused} audit to false`;
    assert.deepEqual(problems, [
      `existingWorkspaceId is "${workspace}"; ${ofHost}`,
      `existingStorageAccountId is "${existing.existingStorageAccountId}"; ${ofHost}`,
      `existingWorkspaceId is "${workspace}"; the diagnostic setting central of the subscription already sends Administrative and Security ${refused} activityLogExport to false`,
    ]);
  });

  it("is a fifth setting", async () => {
    const five = ["a", "b", "c", "d", "e"].map((name) => setting(name, {}));
    const { problems } = await problemsOf({}, { [settings(subscription)]: five });
    assert.deepEqual(problems, [
      "activityLogExport is true; the subscription already has 5 diagnostic settings (a, b, c, d, e), and Azure allows 5; delete one, or set activityLogExport to false",
    ]);
    assert.deepEqual((await problemsOf({}, { [settings(subscription)]: five.slice(1) })).problems, []);
  });

  it("is a flow log of an adopted subnet", async () => {
    const own = `${existing.existingVirtualNetworkId}/subnets/apps`;
    const networkWatcherId = watcher.replace("NetworkWatcher_westeurope", "central");
    const { problems } = await problemsOf(
      {
        ...existing,
        networkWatcherId,
        vms: [
          { name: "web", login: "entraId" },
          { name: "app", login: "entraId", subnetId: own },
        ],
      },
      {
        [`${networkWatcherId}/flowLogs?api-version=2024-05-01`]: [
          { id: "/flowLogs/theirs", properties: { targetResourceId: subnet.toLowerCase() } },
          { id: "/flowLogs/apps", properties: { targetResourceId: own } },
        ],
      },
    );
    assert.deepEqual(problems, [
      `existingVmSubnetId is "${subnet}"; it already has the flow log /flowLogs/theirs, and Azure allows one; delete it, or set flowLogs to off`,
      `vms[1].subnetId is "${own}"; it already has the flow log /flowLogs/apps, and Azure allows one; delete it, or set flowLogs to off`,
    ]);
  });
});
