import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { objectsAt, type Json, type JsonObject } from "../../sandbox/arm/json.ts";
import { idOf, parsePath } from "../../sandbox/arm/ids.ts";
import type { ResourceType, Services } from "../../sandbox/arm/resourceType.ts";
import { sdkModels } from "../../sandbox/arm/sdkModels.ts";
import { resourceTypes } from "../../sandbox/arm/types/index.ts";
import { coreAnswers } from "../../tools/writeModels.ts";
import { startAuditPlane, type AuditPlane } from "../sandbox/auditPlane.ts";
import { jitBody, putPlan } from "../sandbox/auditResources.ts";
import { bastionSubnet, network, networkBody, nicBody } from "../sandbox/arm/types/cloud.ts";
import { loginExtension, nic, vm, vmBodies } from "../sandbox/arm/types/compute/vmBodies.ts";
import { bastionRules } from "../sandbox/arm/types/network/bastionRules.ts";
import { deviations } from "./deviations.ts";
import { forSuite } from "../held.ts";

const location = "westeurope";
const host = "Microsoft.Network/bastionHosts/bas";
const account = "Microsoft.Storage/storageAccounts/stanswers";
const vault = "Microsoft.KeyVault/vaults/kv-answers";
const workspace = "Microsoft.OperationalInsights/workspaces/log-answers";

const vaultBody = ({ identity: { tenantId } }: AuditPlane): JsonObject => ({
  location,
  properties: { tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true },
});

/** A resource of each type that does not exist by itself, by its path in the group, in the order that Azure allows. */
function resources(plane: AuditPlane): readonly [path: string, body: JsonObject][] {
  const { group } = plane;
  const id = (path: string): string => `${group}/providers/${path}`;
  const nsg = "Microsoft.Network/networkSecurityGroups/nsg";
  const address = "Microsoft.Network/publicIPAddresses/pip";
  const identity = "Microsoft.ManagedIdentity/userAssignedIdentities/id-web";
  const container = `${account}/blobServices/default/containers/logs`;
  const reader = `${subscriptionOf(plane)}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`;
  const permissions = [{ actions: ["Microsoft.Security/*/read"] }];
  const hostPlace = { subnet: { id: id(bastionSubnet) }, publicIPAddress: { id: id(address) } };
  const definition = {
    filters: { blobTypes: ["appendBlob"] },
    actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 30 } } },
  };
  const bodies: [path: string, properties: JsonObject, more?: JsonObject][] = [
    [nsg, { securityRules: bastionRules }, { location }],
    [address, { publicIPAllocationMethod: "Static" }, { location, sku: { name: "Standard" }, zones: ["1"] }],
    [
      host,
      {
        enableTunneling: true,
        enableShareableLink: true,
        ipConfigurations: [{ name: "ip", properties: hostPlace }],
      },
      { location, sku: { name: "Standard" }, tags: { team: "access" } },
    ],
    [identity, {}, { location }],
    [
      `${identity}/federatedIdentityCredentials/job`,
      { issuer: "https://token.example", subject: "job", audiences: ["api://AzureADTokenExchange"] },
    ],
    [account, {}, { location, kind: "StorageV2", sku: { name: "Standard_LRS" } }],
    [container, {}],
    [`${container}/immutabilityPolicies/default`, { immutabilityPeriodSinceCreationInDays: 7 }],
    [
      `${account}/managementPolicies/default`,
      { policy: { rules: [{ name: "old", enabled: true, type: "Lifecycle", definition }] } },
    ],
    [workspace, {}, { location }],
    [
      `${host}/providers/Microsoft.Insights/diagnosticSettings/audit`,
      {
        storageAccountId: id(account),
        workspaceId: id(workspace),
        logAnalyticsDestinationType: "Dedicated",
        logs: [{ category: "BastionAuditLogs", enabled: true }],
      },
    ],
    [
      `Microsoft.Authorization/roleAssignments/${randomUUID()}`,
      { roleDefinitionId: reader, principalId: randomUUID() },
    ],
    [
      `Microsoft.Authorization/roleDefinitions/${randomUUID()}`,
      { roleName: "Requester", assignableScopes: [group], permissions },
    ],
  ];
  const identities = { type: "SystemAssigned, UserAssigned", userAssignedIdentities: { [id(identity)]: {} } };
  return [
    [network, networkBody],
    ...bodies.map(([path, properties, more]): [string, JsonObject] => [path, { ...more, properties }]),
    [nic, nicBody({ id }, { networkSecurityGroup: { id: id(nsg) } })],
    [vm, vmBodies({ id }).vm({}, { identity: identities })],
    [`${vm}/extensions/login`, loginExtension()],
    [`${vm}/providers/Microsoft.Authorization/locks/keep`, { properties: { level: "CanNotDelete" } }],
    ["Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/web-jit", jitBody(id(vm))],
    [vault, vaultBody(plane)],
    [`${vault}/secrets/web-password`, { properties: { value: "Correct-Horse-9" } }],
    [`${vault}/keys/pulumi`, { properties: { kty: "RSA" } }],
  ];
}

function subscriptionOf({ identity }: AuditPlane): string {
  return `/subscriptions/${identity.subscriptionId}`;
}

describe("every answer of the local Azure has the members of Microsoft's models, those that they require, and no others:", () => {
  const plane = forSuite(startAuditPlane);
  let types: ResourceType[];
  let group: string;
  before(async () => {
    group = plane.group;
    types = await resourceTypes({} as Services);
    await putPlan(plane);
    for (const [path, body] of resources(plane)) await put(`${group}/providers/${path}`, body);
    const watchers = `${subscriptionOf(plane)}/resourceGroups/NetworkWatcherRG/providers/Microsoft.Network/networkWatchers`;
    await put(`${watchers}/NetworkWatcher_${location}/flowLogs/vnet`, {
      location,
      properties: {
        targetResourceId: `${group}/providers/${network}`,
        storageId: `${group}/providers/${account}`,
        enabled: true,
      },
    });
    await put(`${group}/providers/Microsoft.KeyVault/vaults/kv-gone`, vaultBody(plane));
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
      `${host}/providers/Microsoft.Insights/diagnosticSettingsCategories`,
      `${workspace}/tables`,
      `${account}/blobServices`,
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
    const vmId = `${group}/providers/${vm}`;
    const end = new Date(plane.clock.now().getTime() + 3_600_000).toISOString();
    const bodies: Readonly<Record<string, JsonObject>> = {
      createShareableLinks: { vms: [{ vm: { id: vmId } }] },
      disconnectActiveSessions: { sessionIds: ["none"] },
      exportTemplate: { resources: ["*"] },
      extend: { properties: { immutabilityPeriodSinceCreationInDays: 8 } },
      initiate: {
        virtualMachines: [
          { id: vmId, ports: [{ number: 22, endTimeUtc: end, allowedSourceAddressPrefix: "10.0.0.4" }] },
        ],
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
    const session = await plane.admin("POST", "/sandbox/connect", { vm: "vm", user: "ada@example.com" });
    assert.equal(session.status, 200, JSON.stringify(session.body));
    const found: string[] = [];
    for (const rules of types) {
      const answers = rules.models?.answers ?? {};
      const lists = Object.keys(rules.providerLists ?? {});
      const declared = [...Object.keys(rules.actions ?? {}), ...Object.keys(rules.reads ?? {}), ...lists];
      const silent = ["setsessionrecordingsasurl", "start", "powerOff", "deallocate", "restart", "purge"].concat([
        "deleteShareableLinks",
        "deleteShareableLinksByToken",
        // The sandbox deletes workspaces for good, so this list is always empty.
        "deletedworkspaces",
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
        const provider = `${subscriptionOf(plane)}/providers/${rules.type.split("/")[0] ?? ""}`;
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
        "{subscription}": subscriptionOf(plane),
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
