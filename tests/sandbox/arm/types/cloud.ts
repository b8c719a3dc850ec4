import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Json, JsonObject } from "../../../../sandbox/arm/json.ts";
import { resourceTypes } from "../../../../sandbox/arm/types/index.ts";
import type { BastionActions } from "../../../../sandbox/bastion/sessionModel.ts";
import type { BlobService } from "../../../../sandbox/blobs/blobService.ts";
import { refusalOf, startTestPlane, type Answer, type TestPlane } from "../plane.ts";

const versions: Readonly<Record<string, string>> = {
  "Microsoft.KeyVault": "2024-11-01",
  "Microsoft.Network": "2024-05-01",
  "Microsoft.Compute/disks": "2024-03-02",
  "Microsoft.Compute": "2024-11-01",
  "Microsoft.ManagedIdentity": "2023-01-31",
  "Microsoft.OperationalInsights": "2023-09-01",
  "Microsoft.Storage": "2024-01-01",
  "Microsoft.Authorization/locks": "2020-05-01",
  "Microsoft.Authorization": "2022-04-01",
};

export const idle: BastionActions = {
  getActiveSessions: () => ({ status: 200, body: { value: [] } }),
  disconnectActiveSessions: () => ({ status: 200, body: { value: [] } }),
  setRecordingSasUrl: () => ({ status: 200 }),
  endSessionsOf: () => Promise.resolve(),
};

/** The providers under test behind the real control plane, with one resource group `rg` in `westeurope`. */
export interface Cloud {
  readonly plane: TestPlane;
  /** `/subscriptions/.../resourceGroups/rg` */
  readonly group: string;
  /** Id of a resource of the group, e.g. `id("Microsoft.Network/virtualNetworks/net")`. */
  id(path: string): string;
  /** Sends, waits until the operation ends, and fails the test unless it succeeded. PUT gives what GET then shows. */
  put(path: string, body: JsonObject): Promise<JsonObject>;
  patch(path: string, body: JsonObject): Promise<JsonObject>;
  get(path: string): Promise<JsonObject>;
  delete(path: string): Promise<void>;
  /** Sends once and gives the bare answer. */
  send(method: string, path: string, body?: JsonObject): Promise<Answer>;
  /** Sends what Azure refuses. @returns the refusal in one line. */
  refusal(method: string, path: string, body?: JsonObject): Promise<string>;
  /** The same in parts: status, code and message of the refusal. */
  refused(method: string, path: string, body?: JsonObject): Promise<{ status: number; code: Json; message: Json }>;
  remove(): Promise<void>;
}

export async function startCloud(
  options: { bastion?: BastionActions; operationDelayMs?: number } = {},
): Promise<Cloud> {
  const types = await resourceTypes({
    bastion: options.bastion ?? idle,
    // What the tests of this cloud use has no blobs; accounts show where they would be.
    blobs: { endpointOf: (name) => `https://127.0.0.1:10000/${name}/` } as BlobService,
    endpoint: () => "https://127.0.0.1:8443",
  });
  const plane = await startTestPlane(types, { operationDelayMs: options.operationDelayMs ?? 0 });
  const group = `${plane.subscription}/resourceGroups/rg`;
  const id = (path: string): string =>
    path.startsWith("/") ? path : path === "" ? group : `${group}/providers/${path}`;
  const send: Cloud["send"] = (method, path, body) => plane.send(method, versioned(id(path)), body);
  const settled = async (method: string, path: string, body?: JsonObject): Promise<void> => {
    const answer = await send(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    const operation = answer.headers["azure-asyncoperation"];
    if (operation !== undefined) await ended(plane, operation);
  };
  const cloud: Cloud = {
    plane,
    group,
    id,
    send,
    async put(path, body) {
      await settled("PUT", path, body);
      return cloud.get(path);
    },
    async patch(path, body) {
      await settled("PATCH", path, body);
      return cloud.get(path);
    },
    async get(path) {
      const answer = await send("GET", path);
      assert.equal(answer.status, 200, `GET ${path}: ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    delete: (path) => settled("DELETE", path),
    refusal: async (method, path, body) => refusalOf(await send(method, path, body)),
    async refused(method, path, body) {
      const { status, body: answer } = await send(method, path, body);
      const error = (answer.error ?? {}) as JsonObject;
      return { status, code: error.code ?? null, message: error.message ?? null };
    },
    remove: () => plane.remove(),
  };
  await cloud.put("", { location: "westeurope" });
  return cloud;
}

async function ended(plane: TestPlane, operation: string): Promise<void> {
  for (;;) {
    const { body } = await plane.send("GET", operation);
    if (body.status === "Succeeded") return;
    assert.equal(body.status, "InProgress", JSON.stringify(body));
    await sleep(5);
  }
}

function versioned(id: string): string {
  if (id.includes("api-version=")) return id;
  const provider = id.slice(id.lastIndexOf("/providers/") + "/providers/".length);
  const [, version] =
    Object.entries(versions).find(([type]) => id.includes("/providers/") && provider.startsWith(type)) ?? [];
  return `${id}${id.includes("?") ? "&" : "?"}api-version=${version ?? "2024-03-01"}`;
}

export const network = "Microsoft.Network/virtualNetworks/net";
export const bastionSubnet = `${network}/subnets/AzureBastionSubnet`;
export const vmSubnet = `${network}/subnets/vms`;

/** A virtual network with an `AzureBastionSubnet` and a subnet for virtual machines. */
export const networkBody: JsonObject = {
  location: "westeurope",
  properties: {
    addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
    subnets: [
      { name: "AzureBastionSubnet", properties: { addressPrefix: "10.0.0.0/26" } },
      { name: "vms", properties: { addressPrefix: "10.0.1.0/24" } },
    ],
  },
};

export async function putNetwork(cloud: Cloud): Promise<void> {
  await cloud.put(network, networkBody);
}

/** A network interface in the subnet for virtual machines. */
export function nicBody(cloud: Pick<Cloud, "id">, more: JsonObject = {}, configuration: JsonObject = {}): JsonObject {
  return {
    location: "westeurope",
    properties: {
      ipConfigurations: [{ name: "internal", properties: { subnet: { id: cloud.id(vmSubnet) }, ...configuration } }],
      ...more,
    },
  };
}

/** The text that a member holds; fails the test when it holds none. */
export function textOf(value: Json | undefined): string {
  assert.ok(typeof value === "string", `Not a text: ${JSON.stringify(value)}`);
  return value;
}

/** The resource without its etag, which is new with every write. */
export function withoutEtag(resource: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(resource).filter(([member]) => member !== "etag"));
}

/** Whether a value is a GUID. */
export function isGuid(value: Json | undefined): boolean {
  return typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}
