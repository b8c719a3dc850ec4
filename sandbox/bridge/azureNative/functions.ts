import type { JsonObject } from "../../arm/json.ts";
import type { ArmClient } from "../armClient.ts";
import { armId, type CrudTools } from "./crud.ts";
import { splitVersion, type ResourceTypes } from "./resourceTypes.ts";
import type { SandboxIdentity } from "../../identity.ts";

type Run = (args: JsonObject, signal: AbortSignal) => Promise<JsonObject>;

/** Returns the azure-native functions of the bridge: the logged-in client, and a getter for each known resource type. */
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
    [...getters, ...clientFunctions].map(([name, run]) => [`azure-native:${name.replace(".", ":")}`, run]),
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
