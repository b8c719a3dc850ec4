import type { JsonObject } from "../../arm/json.ts";
import type { ArmClient } from "../armClient.ts";
import { armId, type CrudTools } from "./crud.ts";
import { splitVersion, type ResourceTypes } from "./resourceTypes.ts";
import type { SandboxIdentity } from "../../identity.ts";

/** A function that sends a POST to an action of a resource, such as listing its keys. */
interface PostFunction {
  /** Name in the SDK, for example `storage.listStorageAccountKeys`. */
  readonly name: string;
  /** Type of the resource. */
  readonly on: string;
  readonly action: string;
}

const postFunctions: readonly PostFunction[] = [
  { name: "storage.listStorageAccountKeys", on: "storage.StorageAccount", action: "listKeys" },
  { name: "operationalinsights.getSharedKeys", on: "operationalinsights.Workspace", action: "sharedKeys" },
  { name: "network.getActiveSessions", on: "network.BastionHost", action: "getActiveSessions" },
];

type Run = (args: JsonObject, signal: AbortSignal) => Promise<JsonObject>;

/**
 * Returns the azure-native functions of the bridge: the logged-in client, a getter for each known resource type, and
 * the POST functions of the table.
 */
export function azureFunctions(
  tools: CrudTools,
  types: ResourceTypes,
  client: ArmClient,
  identity: SandboxIdentity,
): {
  invoke(token: string, args: JsonObject, signal: AbortSignal): Promise<JsonObject>;
  readonly tokens: readonly string[];
} {
  const { typings } = types;
  /** The response of an action has no envelope. */
  const plain = { flattened: false };
  const getters = types.all.map((type): [string, Run] => {
    const name = type.type.replace(".", ".get");
    return [
      name,
      async (args, signal) => {
        const id = armId(type.path, args, tools.subscriptionId);
        const body = await tools.arm.get(id, type.apiVersion, signal);
        const outputs = tools.converter.toOutputs(typings.functionResult(name), type.outputShape, body);
        return { ...outputs, azureApiVersion: type.apiVersion };
      },
    ];
  });
  const posts = postFunctions.map(({ name, on, action }): [string, Run] => {
    const type = types.all.find((each) => each.type === on);
    if (type === undefined)
      throw new Error(`The function ${name} is called on ${on}, which the table of resource types does not have.`);
    return [
      name,
      async (args, signal) => {
        const id = `${armId(type.path, args, tools.subscriptionId)}/${action}`;
        const body = await tools.arm.post(id, type.apiVersion, {}, signal);
        return tools.converter.toOutputs(typings.functionResult(name), plain, body);
      },
    ];
  });
  const clientFunctions: [string, Run][] = [
    [
      "authorization.getClientConfig",
      async () => ({
        clientId: client.clientId,
        objectId: await client.objectId(),
        subscriptionId: identity.subscriptionId,
        tenantId: identity.tenantId,
      }),
    ],
    [
      "authorization.getClientToken",
      async ({ endpoint }) => ({
        // Without an endpoint, azure-native uses ARM's with a trailing slash, which is then part of the token's
        // audience.
        token: await client.token(typeof endpoint === "string" && endpoint !== "" ? endpoint : `${client.endpoint}/`),
      }),
    ],
  ];
  const runs = new Map<string, Run>(
    [...getters, ...posts, ...clientFunctions].map(([name, run]) => [`azure-native:${name.replace(".", ":")}`, run]),
  );
  const tokens = [...runs.keys()].sort();

  return {
    tokens,
    invoke: async (token, args, signal) => {
      const run = runs.get(splitVersion(token).plain);
      if (run === undefined) {
        throw new Error(`The sandbox does not know the function "${token}". It knows: ${tokens.join(", ")}.`);
      }
      return await run(args, signal);
    },
  };
}
