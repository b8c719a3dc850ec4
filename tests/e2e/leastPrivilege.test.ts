import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { onlyBlobWriters } from "../../bootstrap/conditions.ts";
import { deployer as deployerRole, deployerFor } from "../../core/roles/deployer.ts";
import type { JsonObject } from "../../sandbox/arm/json.ts";
import { type ArmClient, createArmClient } from "../../sandbox/bridge/armClient.ts";
import { startBridge, type Bridge } from "../../sandbox/bridge/server.ts";
import { call } from "../../sandbox/adminClient.ts";
import { forSuite } from "../held.ts";
import { TestSandbox, type PipelineIdentity } from "./harness.ts";
import { startNodeLanguageHost } from "./nodeLanguageHost.ts";
import { PulumiProject } from "./pulumiProject.ts";

const root = join(import.meta.dirname, "../..");
const roleName = "d0d0d0d0-0000-4000-8000-000000000001";
const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

/** The pipelines' identities have the rights that the bootstrap gives them and no others, in a sandbox that asks for each. */
describe("the pipelines' rights", () => {
  const sandbox = forSuite(() => TestSandbox.start());
  const host = forSuite(() => startNodeLanguageHost({ ...process.env, ...sandbox.environment() }));
  let subscription: string;
  let vaultId: string;
  const bridges: Bridge[] = [];
  before(async () => {
    subscription = `/subscriptions/${sandbox.description.subscriptionId}`;
    vaultId = `${subscription}/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/trail-passwords`;
    await put(`${subscription}/resourceGroups/shared`, "2024-03-01", { location: "westeurope" });
    const { tenantId } = sandbox.description;
    await put(vaultId, "2024-11-01", {
      location: "westeurope",
      properties: {
        tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        enabledForDeployment: true,
      },
    });
    symlinkSync(join(root, "node_modules"), join(sandbox.folder, "node_modules"));
  });
  after(async () => {
    for (const bridge of bridges) await bridge.close();
  });

  async function put(id: string, version: string, body: JsonObject): Promise<JsonObject> {
    const { status, body: answer } = await sandbox.arm("PUT", `${id}?api-version=${version}`, body);
    assert.ok(status < 300, JSON.stringify(answer));
    return answer;
  }

  /** How an identity reaches Azure. */
  const reach = (credential: PipelineIdentity) => {
    const { armEndpoint, caFile } = sandbox.description;
    return { armEndpoint, ca: readFileSync(caFile, "utf8"), identity: sandbox.description, credential };
  };

  function clientOf(credential: PipelineIdentity): ArmClient {
    const { armEndpoint: endpoint, ...rest } = reach(credential);
    return createArmClient({ endpoint, ...rest });
  }

  /** A bridge through which azure-native signs in as an identity. @returns its port. */
  async function signIn(credential: PipelineIdentity): Promise<number> {
    const bridge = await startBridge(reach(credential));
    bridges.push(bridge);
    return bridge.port;
  }

  /** Gives the deployer's custom role these actions. */
  async function define(actions: readonly string[]): Promise<void> {
    await put(`${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleName}`, "2022-04-01", {
      properties: {
        roleName: deployerRole.name,
        assignableScopes: [subscription],
        permissions: [{ actions: [...actions] }],
      },
    });
  }

  /** A stack of the program that is deployed. */
  async function stack(name: string, config: Readonly<Record<string, string>>, port: number): Promise<PulumiProject> {
    const folder = join(sandbox.folder, name);
    mkdirSync(folder);
    for (const file of ["Pulumi.yaml", "index.ts", "start.js", "package.json"])
      cpSync(join(root, file), join(folder, file));
    const attached = { languages: { nodejs: host.port }, providers: { "azure-native": port } };
    return PulumiProject.open(folder, sandbox, attached, { location: "westeurope", namePrefix: name, ...config }, name);
  }

  const needs = async (objectId: string) =>
    (await sandbox.admin("GET", `/sandbox/needs?objectId=${objectId}`)).value as string[];

  describe("of the deployer", () => {
    let deployer: PipelineIdentity;
    let port: number;
    before(async () => {
      deployer = await sandbox.pipelineIdentity("deployer");
      port = await signIn(deployer);
      await define(deployerRole.actions);
      const assignment = `${subscription}/providers/Microsoft.Authorization/roleAssignments/${roleName}`;
      await put(assignment, "2022-04-01", {
        properties: {
          principalId: deployer.principalId,
          principalType: "ServicePrincipal",
          roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleName}`,
          condition: onlyBlobWriters,
          conditionVersion: "2.0",
        },
      });
    });

    it("let it sign in: it is shown the subscription", async () => {
      const client = clientOf(deployer);
      const { body } = await client.send(
        { method: "GET", url: "/subscriptions?api-version=2022-12-01" },
        AbortSignal.timeout(10_000),
      );
      client.close();
      assert.deepEqual(
        (body as { value: { id: string }[] }).value.map(({ id }) => id),
        [subscription],
      );
    });

    it("lack nothing for a deployment of everything, an update and its destruction", async () => {
      const vms = [
        { name: "web", login: "entraId" },
        { name: "desk", os: "windows", login: "password" },
      ];
      const project = await stack(
        "full",
        {
          bastionSku: "Premium",
          sessionRecording: "true",
          immutability: "unlocked",
          flowLogs: "archive-and-workspace",
          lock: "CanNotDelete",
          defenderPlan: "manage",
          passwordVaultId: vaultId,
          vms: JSON.stringify(vms),
        },
        port,
      );
      await project.up();
      assert.deepEqual(Object.keys(await project.preview()), ["same"]);
      await project.configure({
        tags: JSON.stringify({ team: "access" }),
        immutability: "off",
        allowEvidenceLoss: "true",
      });
      await project.up();
      await project.succeed("refresh", "--yes");
      await project.succeed("destroy", "--yes");
    });

    it("name the action that is missing, and are enough once it is given", async () => {
      const project = await stack(
        "small",
        {
          bastionSku: "Developer",
          audit: "false",
          activityLogExport: "false",
          flowLogs: "off",
          vms: JSON.stringify([{ name: "app", login: "entraId" }]),
        },
        port,
      );
      const { actions } = deployerFor({ flowLogs: false, trafficAnalytics: false });
      for (const action of [
        "Microsoft.Resources/subscriptions/resourceGroups/write",
        "Microsoft.Network/virtualNetworks/join/action",
        "Microsoft.Compute/locations/operations/read",
        "Microsoft.Security/locations/jitNetworkAccessPolicies/write",
      ]) {
        await define(actions.filter((one) => one !== action));
        const { exitCode, stdout, stderr } = await project.run("up", "--yes", "--skip-preview", "--color", "never");
        const said = `${stdout}\n${stderr}`;
        assert.notEqual(exitCode, 0, action);
        assert.match(said, /Code="(?:Linked)?AuthorizationFailed"/);
        assert.ok(said.includes(`'${action}'`), said);
      }
      await define(actions);
      await project.succeed("refresh", "--yes", "--clear-pending-creates");
      await project.up();
    });

    it("lock an immutability policy where that is asked for", async () => {
      const project = await stack(
        "worm",
        { immutability: "locked", flowLogs: "off", activityLogExport: "false" },
        port,
      );
      await project.up();
    });

    it("are exactly the actions that all of this needed", async () => {
      const lower = (actions: readonly string[]) => actions.map((action) => action.toLowerCase()).sort();
      assert.deepEqual(lower(deployerRole.actions), lower(await needs(deployer.principalId)));
    });
  });

  describe("of a pull request's reader", () => {
    let identity: PipelineIdentity;
    let project: PulumiProject;
    before(async () => {
      identity = await sandbox.pipelineIdentity("reader");
      await sandbox.assign(reader, identity.principalId);
      project = await stack(
        "preview",
        { audit: "false", bastionSku: "Basic", activityLogExport: "false", flowLogs: "off" },
        await signIn(identity),
      );
    });

    it("are enough for a preview", async () => {
      assert.deepEqual(Object.keys(await project.preview()), ["create"]);
    });

    it("refuse the first write of an up, which creates nothing", async () => {
      const before = await sandbox.resourceIds();
      const { exitCode, stdout, stderr } = await project.run("up", "--yes", "--skip-preview", "--color", "never");
      assert.notEqual(exitCode, 0);
      assert.match(`${stdout}\n${stderr}`, /'Microsoft\.Resources\/subscriptions\/resourceGroups\/write'/);
      assert.deepEqual(await sandbox.resourceIds(), before);
    });

    it("refuse every kind of write that a deployment has", async () => {
      const { description } = sandbox;
      const client = clientOf(identity);
      const token = await client.token(description.armEndpoint);
      client.close();
      const writes = deployerRole.actions.filter((action) => !action.endsWith("/read"));
      assert.ok(writes.length > 50);
      for (const action of writes) {
        const { method, path } = requestOf(action);
        const { status, body } = await call(description, method, `${path}?api-version=2024-01-01`, { token });
        const { code, message } = body.error as { code: string; message: string };
        assert.deepEqual([status, code], [403, "AuthorizationFailed"], action);
        assert.ok(message.toLowerCase().includes(`'${action.toLowerCase()}'`), message);
      }
    });

    /** A request that needs an action: what it names need not exist, since rights are looked at first. */
    function requestOf(action: string): { method: "PUT" | "DELETE" | "POST"; path: string } {
      const [, namespace = "", types = "", verb = ""] = /^([^/]+)\/(.+)\/([^/]+)$/.exec(action) ?? [];
      const method = verb === "write" ? "PUT" : verb === "delete" ? "DELETE" : "POST";
      if (types.startsWith("subscriptions/resourceGroups"))
        return { method, path: `${subscription}/resourceGroups/any` };
      const [last, ...above] = types.split("/").reverse();
      const isAction = verb === "action";
      const owners = isAction ? above.reverse() : types.split("/");
      const path = owners.map((type) => `/${type}/any`).join("");
      return {
        method,
        path: `${subscription}/resourceGroups/any/providers/${namespace}${path}${isAction ? `/${last ?? ""}` : ""}`,
      };
    }
  });
});
