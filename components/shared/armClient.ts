import { getClientToken } from "@pulumi/azure-native/authorization/getClientToken.js";
import * as pulumi from "@pulumi/pulumi";
import { resourceManagerEndpoint } from "./armEndpoint.ts";
import { RequestFailure, sendRequest } from "./armRequest.ts";

/** Sends requests to Azure Resource Manager with azure-native's own login. */
export interface ArmClient {
  /**
   * @param path - an ARM id or one of its actions, with the query.
   * @returns the parsed JSON of the response.
   * @throws RequestFailure with the method, the URL and Azure's answer, or the reason why there is no answer.
   */
  send(method: string, path: string, content?: { readonly ifMatch?: string; readonly body?: object }): Promise<unknown>;
}

/** Returns the endpoint of Azure Resource Manager that the stack's config and the environment give azure-native. */
export function providerEndpoint(): Promise<string> {
  const provider = new pulumi.Config("azure-native");
  return resourceManagerEndpoint({ env: process.env, config: (key) => provider.get(key) });
}

/**
 * Signs in as azure-native does. The token stays in this process: it is no input of a resource, so no state contains
 * it.
 * @param opts - the resource whose provider signs in.
 */
export async function armClient(opts: pulumi.InvokeOptions): Promise<ArmClient> {
  const { token } = await getClientToken({}, opts);
  const endpoint = await providerEndpoint();
  return {
    async send(method, path, { ifMatch, body } = {}) {
      const headers = {
        authorization: `Bearer ${token}`,
        ...(ifMatch === undefined ? {} : { "if-match": ifMatch }),
      };
      try {
        return await sendRequest(method, `${endpoint}${path}`, headers, body);
      } catch (error) {
        throw withCloud(error);
      }
    },
  };
}

/** The token is that of the provider of the resource, but no function of azure-native tells that provider's cloud. */
function withCloud(error: unknown): unknown {
  if (!(error instanceof RequestFailure) || error.status !== 401) return error;
  const advice =
    "The request went to the cloud that the config azure-native and the environment name; the component's provider must be in the same cloud.";
  return new RequestFailure(`${error.message}\n${advice}`, { status: error.status, cause: error });
}
