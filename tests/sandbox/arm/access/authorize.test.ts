import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { onlyBlobWriters } from "../../../../bootstrap/conditions.ts";
import type { JsonObject } from "../../../../sandbox/arm/json.ts";
import { startCloud } from "../types/cloud.ts";
import { exchange, giveRole, signedInIdentity, type TestIdentity } from "./identities.ts";
import { forEachTest } from "../../../held.ts";
import { refusalOf } from "../plane.ts";

const nsg = "Microsoft.Network/networkSecurityGroups/web";
const network = "Microsoft.Network/virtualNetworks/net";
const nic = "Microsoft.Network/networkInterfaces/nic";
const api = "2024-05-01";

describe("roles", () => {
  const cloud = forEachTest(startCloud);
  let identity: TestIdentity;
  beforeEach(async () => {
    identity = await signedInIdentity(cloud);
  });

  const who = () => `The client '${identity.clientId}' with object id '${identity.objectId}'`;

  it("are all that an identity may do, and the refusal names the action", async () => {
    const denied = (action: string, scope: string) =>
      `403 AuthorizationFailed: ${who()} does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`;
    const body = { location: "westeurope" };
    const write = "Microsoft.Network/networkSecurityGroups/write";
    assert.equal(refusalOf(await identity.send("PUT", nsg, api, body)), denied(write, cloud.id(nsg)));
    await giveRole(cloud, identity, [write]);
    assert.equal((await identity.send("PUT", nsg, api, body)).status, 201);
    const read = "Microsoft.Network/networkSecurityGroups/read";
    assert.equal(refusalOf(await identity.send("GET", nsg, api)), denied(read, cloud.id(nsg)));
    const list = "Microsoft.Network/networkSecurityGroups";
    assert.equal(
      refusalOf(await identity.send("GET", list, api)),
      denied(read, `${cloud.group}/providers/Microsoft.Network`),
    );
    assert.equal((await identity.send("DELETE", nsg, api)).status, 403);
  });

  it("are given at a scope and below it", async () => {
    await giveRole(cloud, identity, ["*/read"], { scope: cloud.group });
    await cloud.put(`${cloud.plane.subscription}/resourceGroups/other`, { location: "westeurope" });
    assert.equal((await identity.send("GET", "Microsoft.Network/networkSecurityGroups", api)).status, 200);
    const elsewhere = `${cloud.plane.subscription}/resourceGroups/other`;
    assert.equal((await identity.send("GET", elsewhere, "2024-03-01")).status, 403);
    assert.equal((await identity.send("GET", cloud.plane.subscription, "2022-12-01")).status, 403);
  });

  it("decide what a list shows: the part that may be read, and everything with the right at its scope", async () => {
    const other = `${cloud.plane.subscription}/resourceGroups/other`;
    await cloud.put(other, { location: "westeurope" });
    await cloud.put(nsg, { location: "westeurope" });
    await cloud.put(`${other}/providers/Microsoft.Network/networkSecurityGroups/db`, { location: "westeurope" });
    const names = async (path: string, version: string) => {
      const answer = await identity.send("GET", `${cloud.plane.subscription}${path}`, version);
      return answer.status === 403 ? 403 : (answer.body.value as JsonObject[]).map(({ name }) => name);
    };
    const lists = async () => [
      await names("/resourceGroups", "2024-03-01"),
      await names("/resources", "2024-03-01"),
      await names("/providers/Microsoft.Network/networkSecurityGroups", api),
      await names("/resourceGroups/other/providers/Microsoft.Network/networkSecurityGroups", api),
      await names("/providers/Microsoft.Compute/virtualMachines", "2024-11-01"),
    ];
    assert.deepEqual(await lists(), [403, 403, 403, 403, 403]);
    await giveRole(cloud, identity, ["Microsoft.Network/*/read"], { scope: cloud.id(nsg) });
    assert.deepEqual(await lists(), [403, 403, ["web"], 403, 403]);
    await giveRole(cloud, identity, ["*/read"], { scope: other });
    assert.deepEqual(await lists(), [["other"], ["db", "web"], ["db", "web"], ["db"], []]);
    await giveRole(cloud, identity, ["*/read"]);
    assert.deepEqual(await lists(), [["other", "rg"], ["db", "deployer", "web"], ["db", "web"], ["db"], []]);
  });

  it("show a subscription to who may read it, or something in it", async () => {
    const listed = async () => (await identity.send("GET", "/subscriptions", "2022-12-01")).body.value as JsonObject[];
    assert.deepEqual(await listed(), []);
    await giveRole(cloud, identity, ["Microsoft.Resources/subscriptions/resourceGroups/read"], { scope: cloud.group });
    assert.deepEqual(await listed(), []);
    await giveRole(cloud, identity, ["*/read"], { scope: cloud.group });
    assert.equal((await listed()).length, 1);
  });

  it("are asked for on what a write refers to as well", async () => {
    await cloud.put(network, {
      location: "westeurope",
      properties: {
        addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
        subnets: [{ name: "vms", properties: { addressPrefix: "10.0.1.0/24" } }],
      },
    });
    const subnet = cloud.id(`${network}/subnets/vms`);
    const body = {
      location: "westeurope",
      properties: { ipConfigurations: [{ name: "internal", properties: { subnet: { id: subnet } } }] },
    };
    await giveRole(cloud, identity, ["Microsoft.Network/networkInterfaces/write"]);
    assert.equal(
      refusalOf(await identity.send("PUT", nic, api, body)),
      `403 LinkedAuthorizationFailed: ${who()} has permission to perform action 'Microsoft.Network/networkInterfaces/write' on scope '${cloud.id(nic)}'; however, it does not have permission to perform action(s) 'Microsoft.Network/virtualNetworks/subnets/join/action' on the linked scope(s) '${subnet}' (respectively) or the linked scope(s) are invalid.`,
    );
    await giveRole(cloud, identity, ["Microsoft.Network/virtualNetworks/subnets/join/action"], { scope: subnet });
    assert.equal((await identity.send("PUT", nic, api, body)).status, 201);
    const { body: needed } = await cloud.plane.admin("GET", `/sandbox/needs?objectId=${identity.objectId}`);
    assert.deepEqual(needed.value, [
      "Microsoft.Network/networkInterfaces/write",
      "Microsoft.Network/virtualNetworks/subnets/join/action",
    ]);
  });

  it("give under a condition what the condition lets through", async () => {
    const all = "Microsoft.Authorization/roleAssignments/*";
    await giveRole(cloud, identity, [all], { condition: onlyBlobWriters, conditionVersion: "2.0" });
    const assign = (role: string, principalType: string) => {
      const provider = `${cloud.plane.subscription}/providers/Microsoft.Authorization`;
      const properties = {
        principalId: randomUUID(),
        principalType,
        roleDefinitionId: `${provider}/roleDefinitions/${role}`,
      };
      const id = `Microsoft.Authorization/roleAssignments/${randomUUID()}`;
      return { id, sent: identity.send("PUT", id, "2022-04-01", { properties }) };
    };
    const [writer, owner] = ["ba92f5b4-2d11-453d-a403-e96b0029c9fe", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"];
    const allowed = assign(writer, "ServicePrincipal");
    assert.equal((await allowed.sent).status, 201);
    assert.equal((await assign(owner, "ServicePrincipal").sent).status, 403);
    assert.equal((await assign(writer, "User").sent).status, 403);
    const others = `Microsoft.Authorization/roleAssignments/${randomUUID()}`;
    await cloud.put(others, {
      properties: {
        principalId: randomUUID(),
        principalType: "User",
        roleDefinitionId: `${cloud.plane.subscription}/providers/Microsoft.Authorization/roleDefinitions/${owner}`,
      },
    });
    assert.equal((await identity.send("DELETE", others, "2022-04-01")).status, 403);
    assert.equal((await identity.send("DELETE", allowed.id, "2022-04-01")).status, 200);
  });

  it("do not limit the sandbox's own application, whatever it is assigned", async () => {
    const { body } = await cloud.plane.send("GET", `${cloud.id(nsg)}?api-version=${api}`);
    assert.equal((body.error as JsonObject).code, "ResourceNotFound");
  });

  describe("of an identity that signs in by federation", () => {
    const issuer = "https://token.actions.githubusercontent.com";
    const subject = "repo:contoso/access:environment:prod";
    const token = async (claims: JsonObject): Promise<string> =>
      (await cloud.plane.admin("POST", "/sandbox/federated-token", claims)).body.token as string;
    const refused = async (clientId: string, assertion: string) => {
      const { status, body } = await exchange(cloud, clientId, assertion);
      return [status, (body.error_codes as number[])[0], (body.error_description as string).split(" Check your")[0]];
    };

    it("are for whom the identity trusts alone", async () => {
      const other = `${subject}uction`;
      assert.deepEqual(await refused(identity.clientId, await token({ issuer, subject: other })), [
        401,
        700213,
        `AADSTS700213: No matching federated identity record found for presented assertion subject '${other}'.`,
      ]);
      assert.deepEqual(
        (await refused(identity.clientId, await token({ issuer: "https://evil.example", subject })))[1],
        700211,
      );
      assert.deepEqual(
        (await refused(identity.clientId, await token({ issuer, subject, audience: "sts" })))[1],
        700212,
      );
      assert.deepEqual((await refused(identity.clientId, "a.b.c"))[1], 700027);
      assert.deepEqual((await refused(randomUUID(), await token({ issuer, subject })))[1], 700016);
    });
  });
});
