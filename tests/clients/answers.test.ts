import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Json, JsonObject } from "../../sandbox/arm/json.ts";
import { objectsAt } from "../../sandbox/arm/bodies.ts";
import { idOf, parsePath } from "../../sandbox/arm/ids.ts";
import type { ResourceType, Services } from "../../sandbox/arm/resourceType.ts";
import { sdkModels } from "../../sandbox/arm/sdkModels.ts";
import { resourceTypes } from "../../sandbox/arm/types/index.ts";
import { coreAnswers } from "../../tools/writeModels.ts";
import { startAuditPlane, type AuditPlane } from "../sandbox/auditPlane.ts";
import { deviations } from "./deviations.ts";
import { forSuite } from "../sandbox/held.ts";

const location = "westeurope";
const password = "Correct-Horse-9";

/** A resource of each type that does not exist by itself, by its path in the group, in the order that Azure allows. */
function resources(plane: AuditPlane): readonly [path: string, body: JsonObject][] {
  const { group, identity } = plane;
  const id = (path: string): string => `${group}/providers/${path}`;
  const network = "Microsoft.Network/virtualNetworks/vnet";
  const vm = "Microsoft.Compute/virtualMachines/web";
  const account = "Microsoft.Storage/storageAccounts/stanswers";
  const container = `${account}/blobServices/default/containers/logs`;
  const vault = "Microsoft.KeyVault/vaults/kv-answers";
  const host = "Microsoft.Network/bastionHosts/bas";
  const subnet = (name: string): JsonObject => ({ id: id(`${network}/subnets/${name}`) });
  const reader = `/subscriptions/${identity.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`;
  return [
    [
      "Microsoft.Network/networkSecurityGroups/nsg",
      {
        location,
        properties: {
          securityRules: [
            {
              name: "deny",
              properties: {
                priority: 4000,
                direction: "Inbound",
                access: "Deny",
                protocol: "*",
                sourceAddressPrefix: "*",
                sourcePortRange: "*",
                destinationAddressPrefix: "*",
                destinationPortRange: "22",
              },
            },
          ],
        },
      },
    ],
    [
      network,
      {
        location,
        properties: {
          addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
          subnets: [
            { name: "AzureBastionSubnet", properties: { addressPrefix: "10.0.0.0/26" } },
            { name: "vms", properties: { addressPrefix: "10.0.1.0/24" } },
          ],
        },
      },
    ],
    [
      "Microsoft.Network/publicIPAddresses/pip",
      { location, sku: { name: "Standard" }, properties: { publicIPAllocationMethod: "Static" }, zones: ["1"] },
    ],
    [
      host,
      {
        location,
        sku: { name: "Standard" },
        tags: { team: "access" },
        properties: {
          enableTunneling: true,
          enableShareableLink: true,
          ipConfigurations: [
            {
              name: "ip",
              properties: {
                subnet: subnet("AzureBastionSubnet"),
                publicIPAddress: { id: id("Microsoft.Network/publicIPAddresses/pip") },
              },
            },
          ],
        },
      },
    ],
    [
      "Microsoft.Network/networkInterfaces/nic",
      {
        location,
        properties: {
          networkSecurityGroup: { id: id("Microsoft.Network/networkSecurityGroups/nsg") },
          ipConfigurations: [{ name: "ip", properties: { subnet: subnet("vms") } }],
        },
      },
    ],
    ["Microsoft.ManagedIdentity/userAssignedIdentities/id-web", { location }],
    [
      "Microsoft.ManagedIdentity/userAssignedIdentities/id-web/federatedIdentityCredentials/job",
      { properties: { issuer: "https://token.example", subject: "job", audiences: ["api://AzureADTokenExchange"] } },
    ],
    [
      vm,
      {
        location,
        identity: {
          type: "SystemAssigned, UserAssigned",
          userAssignedIdentities: { [id("Microsoft.ManagedIdentity/userAssignedIdentities/id-web")]: {} },
        },
        properties: {
          hardwareProfile: { vmSize: "Standard_B2s" },
          storageProfile: {
            imageReference: { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "latest" },
            osDisk: { createOption: "FromImage" },
          },
          osProfile: { computerName: "web", adminUsername: "azureuser", adminPassword: password },
          networkProfile: { networkInterfaces: [{ id: id("Microsoft.Network/networkInterfaces/nic") }] },
        },
      },
    ],
    [
      `${vm}/extensions/login`,
      {
        location,
        properties: {
          publisher: "Microsoft.Azure.ActiveDirectory",
          type: "AADSSHLoginForLinux",
          typeHandlerVersion: "1.0",
        },
      },
    ],
    [account, { location, kind: "StorageV2", sku: { name: "Standard_LRS" } }],
    [container, { properties: {} }],
    [`${container}/immutabilityPolicies/default`, { properties: { immutabilityPeriodSinceCreationInDays: 7 } }],
    [
      `${account}/managementPolicies/default`,
      {
        properties: {
          policy: {
            rules: [
              {
                name: "old",
                enabled: true,
                type: "Lifecycle",
                definition: {
                  filters: { blobTypes: ["appendBlob"] },
                  actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 30 } } },
                },
              },
            ],
          },
        },
      },
    ],
    ["Microsoft.OperationalInsights/workspaces/log-answers", { location, properties: {} }],
    [
      `${host}/providers/Microsoft.Insights/diagnosticSettings/audit`,
      {
        properties: {
          storageAccountId: id(account),
          workspaceId: id("Microsoft.OperationalInsights/workspaces/log-answers"),
          logAnalyticsDestinationType: "Dedicated",
          logs: [{ category: "BastionAuditLogs", enabled: true }],
        },
      },
    ],
    [
      "Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/web-jit",
      {
        kind: "Basic",
        properties: {
          virtualMachines: [
            {
              id: id(vm),
              ports: [
                {
                  number: 22,
                  protocol: "TCP",
                  allowedSourceAddressPrefix: "10.0.0.0/26",
                  maxRequestAccessDuration: "PT3H",
                },
              ],
            },
          ],
        },
      },
    ],
    [
      vault,
      {
        location,
        properties: {
          tenantId: identity.tenantId,
          sku: { family: "A", name: "standard" },
          enableRbacAuthorization: true,
        },
      },
    ],
    [`${vault}/secrets/web-password`, { properties: { value: password } }],
    [`${vault}/keys/pulumi`, { properties: { kty: "RSA" } }],
    [`${vm}/providers/Microsoft.Authorization/locks/keep`, { properties: { level: "CanNotDelete" } }],
    [
      `Microsoft.Authorization/roleAssignments/${randomUUID()}`,
      { properties: { roleDefinitionId: reader, principalId: randomUUID() } },
    ],
    [
      `Microsoft.Authorization/roleDefinitions/${randomUUID()}`,
      {
        properties: {
          roleName: "Requester",
          assignableScopes: [group],
          permissions: [{ actions: ["Microsoft.Security/*/read"] }],
        },
      },
    ],
  ];
}

describe("every answer of the local Azure has the members of Microsoft's models, those that they require, and no others:", () => {
  const plane = forSuite(startAuditPlane);
  let types: ResourceType[];
  let group: string;
  before(async () => {
    group = plane.group;
    const { subscriptionId } = plane.identity;
    types = await resourceTypes({} as Services);
    const plan = `/subscriptions/${subscriptionId}/providers/Microsoft.Security/pricings/VirtualMachines`;
    await put(plan, { properties: { pricingTier: "Standard", subPlan: "P2" } });
    for (const [path, body] of resources(plane)) await put(`${group}/providers/${path}`, body);
    const watchers = `/subscriptions/${subscriptionId}/resourceGroups/NetworkWatcherRG/providers/Microsoft.Network/networkWatchers`;
    await put(`${watchers}/NetworkWatcher_${location}/flowLogs/vnet`, {
      location,
      properties: {
        targetResourceId: `${group}/providers/Microsoft.Network/virtualNetworks/vnet`,
        storageId: `${group}/providers/Microsoft.Storage/storageAccounts/stanswers`,
        enabled: true,
      },
    });
    await put(`${group}/providers/Microsoft.KeyVault/vaults/kv-gone`, {
      location,
      properties: {
        tenantId: plane.identity.tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
      },
    });
    await send("DELETE", `${group}/providers/Microsoft.KeyVault/vaults/kv-gone`);
  });

  const ruleOf = (id: string): ResourceType => {
    const path = parsePath(id);
    assert.ok(path !== undefined && path.kind !== "subscription", id);
    const type = [path.target.namespace, ...path.target.types].join("/").toLowerCase();
    const rules = types.find((each) => each.type.toLowerCase() === type);
    assert.ok(rules !== undefined, id);
    return rules;
  };
  const versionOf = (rules: ResourceType): string => rules.apiVersions.at(-1) ?? "";
  const send = async (method: string, id: string, body?: JsonObject) =>
    plane.send(method, id, versionOf(ruleOf(id)), body);
  const put = async (id: string, body: JsonObject): Promise<void> => {
    const answer = await send("PUT", id, body);
    assert.ok(answer.status < 300, `${id}: ${JSON.stringify(answer.body)}`);
  };
  const namespaceOf = ({ type }: ResourceType) => sdkModels(type.split("/")[0] ?? "");

  it("resources, in GET and in lists", async () => {
    const found: string[] = [];
    const seen = new Set<string>();
    for (const { id } of plane.store.all()) {
      const rules = ruleOf(id);
      const path = parsePath(id);
      assert.ok(path?.kind === "resource");
      const list = idOf({ ...path.target, names: path.target.names.slice(0, -1) }).replace(/\/$/, "");
      for (const asked of [id, list]) {
        const { status, body } = await plane.send("GET", asked, versionOf(rules));
        assert.equal(status, 200, `${asked}: ${JSON.stringify(body)}`);
        const shown = asked === id ? [body] : objectsAt(body, "value");
        found.push(...shown.flatMap((one) => deviations(namespaceOf(rules), rules.models?.resource ?? "", one)));
      }
      seen.add(rules.type);
    }
    // What is there without a PUT.
    for (const path of [
      "Microsoft.Network/bastionHosts/bas/providers/Microsoft.Insights/diagnosticSettingsCategories",
      "Microsoft.OperationalInsights/workspaces/log-answers/tables",
      "Microsoft.Storage/storageAccounts/stanswers/blobServices",
    ]) {
      const rules = ruleOf(`${group}/providers/${path}`);
      const { body } = await plane.send("GET", `${group}/providers/${path}`, versionOf(rules));
      const shown = objectsAt(body, "value");
      assert.notEqual(shown.length, 0, path);
      found.push(...shown.flatMap((one) => deviations(namespaceOf(rules), rules.models?.resource ?? "", one)));
      seen.add(rules.type);
    }
    assert.deepEqual([...new Set(found)].sort(), []);
    assert.deepEqual(
      types.map(({ type }) => type).filter((type) => !seen.has(type)),
      [],
    );
  });

  it("actions, and what is read below resources", async () => {
    const vm = `${group}/providers/Microsoft.Compute/virtualMachines/web`;
    const end = new Date(plane.clock.now().getTime() + 3_600_000).toISOString();
    const bodies: Readonly<Record<string, JsonObject>> = {
      createShareableLinks: { vms: [{ vm: { id: vm } }] },
      disconnectActiveSessions: { sessionIds: ["none"] },
      exportTemplate: { resources: ["*"] },
      extend: { properties: { immutabilityPeriodSinceCreationInDays: 8 } },
      initiate: {
        virtualMachines: [{ id: vm, ports: [{ number: 22, endTimeUtc: end, allowedSourceAddressPrefix: "10.0.0.4" }] }],
      },
      regenerateKey: { keyName: "key1" },
      runCommand: { commandId: "RunShellScript" },
    };
    // A session to list: a request lets it in.
    const policies = "Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies";
    const request = await plane.send(
      "POST",
      `${group}/providers/${policies}/web-jit/initiate`,
      "2020-01-01",
      bodies.initiate,
    );
    assert.equal(request.status, 202, JSON.stringify(request.body));
    const session = await plane.admin("POST", "/sandbox/connect", { vm: "web", user: "ada@example.com" });
    assert.equal(session.status, 200, JSON.stringify(session.body));
    const found: string[] = [];
    for (const rules of types) {
      const answers = rules.models?.answers ?? {};
      const lists = Object.keys(rules.providerLists ?? {});
      const declared = [...Object.keys(rules.actions ?? {}), ...Object.keys(rules.reads ?? {}), ...lists];
      const silent = ["setsessionrecordingsasurl", "start", "powerOff", "deallocate", "restart", "purge"].concat([
        "deleteShareableLinks",
        "deleteShareableLinksByToken",
      ]);
      assert.deepEqual(
        declared.filter((name) => !(name in answers) && !silent.includes(name)),
        [],
        rules.type,
      );
      const id = plane.store.ofType(rules.type)[0]?.id ?? "";
      for (const [name, model] of Object.entries(answers)) {
        const method = name in (rules.actions ?? {}) ? "POST" : "GET";
        const sent = method === "POST" ? (bodies[name] ?? {}) : undefined;
        const provider = `/subscriptions/${plane.identity.subscriptionId}/providers/${rules.type.split("/")[0] ?? ""}`;
        const at = lists.includes(name)
          ? `${provider}/${name.replace("locations/", `locations/${location}/`)}`
          : `${id}/${name}`;
        const answer = await plane.send(method, at, versionOf(rules), sent, { "if-match": "*" });
        assert.ok(answer.status < 300, `${rules.type} ${name}: ${JSON.stringify(answer.body)}`);
        const key = ["value", "keys"].find((each) => Array.isArray(answer.body[each]));
        const shown = key === undefined ? [answer.body] : objectsAt(answer.body, key);
        found.push(...shown.flatMap((one) => deviations(namespaceOf(rules), model, one)));
      }
    }
    assert.deepEqual([...new Set(found)].sort(), []);
  });

  it("what Azure Resource Manager itself answers", async () => {
    const found: string[] = [];
    for (const { type, path, model } of coreAnswers) {
      const [namespace = "", kind = ""] = type.split("/");
      const words = {
        "{subscription}": `/subscriptions/${plane.identity.subscriptionId}`,
        "{group}": group,
        "{hourAgo}": new Date(plane.clock.now().getTime() - 3_600_000).toISOString(),
      };
      const at = path.replace(/\{\w+\}/g, (word) => words[word as keyof typeof words]);
      const apiVersion =
        { permissions: "2022-04-01", eventTypes: "2015-04-01", eventCategories: "2015-04-01" }[kind] ?? "2025-04-01";
      const { status, body } = await plane.send("GET", at, apiVersion);
      assert.equal(status, 200, `${at}: ${JSON.stringify(body)}`);
      const shown: Json = body.value ?? [body];
      assert.ok(Array.isArray(shown) && shown.length > 0, at);
      found.push(
        ...(shown as JsonObject[]).flatMap((one) =>
          deviations(sdkModels(namespace), model.slice(model.indexOf(":") + 1), one),
        ),
      );
    }
    assert.deepEqual([...new Set(found)].sort(), []);
  });
});
