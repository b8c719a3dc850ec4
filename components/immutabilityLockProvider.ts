/**
 * How an immutability policy is locked through Azure Resource Manager. Pulumi runs this in a process of its own, from the
 * functions' source text, so they use nothing but each other and what Node has built in.
 */
import type * as pulumi from "@pulumi/pulumi";
import { sendRequest, withRetries } from "./armRequest.ts";

/** What the engine hands to the provider. */
export interface ImmutabilityLockInputs {
  readonly policyId: string;
  readonly days: number;
  /** Bearer token for Azure Resource Manager. */
  readonly token: string;
}

/** What stays in the stack's state. */
interface ImmutabilityLockOutputs {
  readonly policyId: string;
  readonly days: number;
}

/** An immutability policy as the Storage resource provider answers it. */
interface ImmutabilityPolicy {
  readonly etag: string;
  readonly properties: {
    readonly state: "Locked" | "Unlocked";
    readonly immutabilityPeriodSinceCreationInDays: number;
  };
}

const apiVersion = "2024-01-01";

/** Addresses of Azure Resource Manager by `ARM_ENVIRONMENT`, as azure-native names the clouds. */
const resourceManagers: Readonly<Record<string, string>> = {
  public: "https://management.azure.com",
  usgovernment: "https://management.usgovcloudapi.net",
  china: "https://management.chinacloudapi.cn",
};

/**
 * The address of Azure Resource Manager: that of the cloud whose `/metadata/endpoints` the host `ARM_METADATA_HOSTNAME`
 * tells, as azure-native itself finds a custom cloud, otherwise that of the cloud `ARM_ENVIRONMENT`, or the public one.
 */
export async function resourceManagerEndpoint(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const metadataHost = environment.ARM_METADATA_HOSTNAME;
  if (metadataHost === undefined || metadataHost === "") {
    const cloud = environment.ARM_ENVIRONMENT ?? "public";
    const endpoint = resourceManagers[cloud];
    if (endpoint === undefined) {
      throw new Error(
        `ARM_ENVIRONMENT is "${cloud}"; allowed is one of ${Object.keys(resourceManagers).join(", ")}, or set ARM_METADATA_HOSTNAME.`,
      );
    }
    return endpoint;
  }
  const url = `https://${metadataHost}/metadata/endpoints?api-version=2022-09-01`;
  const answer = (await sendRequest("GET", url)) as { resourceManager?: string } | { resourceManager?: string }[];
  const [metadata] = Array.isArray(answer) ? answer : [answer];
  // Azure Stack's own metadata do not name the endpoint they come from: it is Resource Manager itself.
  return (metadata?.resourceManager ?? `https://${metadataHost}`).replace(/\/+$/, "");
}

/**
 * Brings the policy to `days` and locks it. Does nothing where that is so already, so it can be repeated from its start
 * when Azure asks for patience or a connection breaks.
 */
export async function lockPolicy(inputs: ImmutabilityLockInputs): Promise<void> {
  await withRetries(() => lockPolicyOnce(inputs));
}

async function lockPolicyOnce({ policyId, days, token }: ImmutabilityLockInputs): Promise<void> {
  const endpoint = await resourceManagerEndpoint(process.env);
  const call = async (method: string, path: string, etag?: string, body?: object): Promise<ImmutabilityPolicy> => {
    const url = `${endpoint}${policyId}${path}?api-version=${apiVersion}`;
    const headers = { authorization: `Bearer ${token}`, ...(etag === undefined ? {} : { "if-match": etag }) };
    return (await sendRequest(method, url, headers, body)) as ImmutabilityPolicy;
  };
  const length = { properties: { immutabilityPeriodSinceCreationInDays: days } };

  let policy = await call("GET", "");
  if (policy.properties.state !== "Locked") {
    if (policy.properties.immutabilityPeriodSinceCreationInDays !== days) {
      policy = await call("PUT", "", policy.etag, {
        properties: { ...length.properties, allowProtectedAppendWrites: true },
      });
    }
    policy = await call("POST", "/lock", policy.etag);
  }
  const present = policy.properties.immutabilityPeriodSinceCreationInDays;
  if (present > days) {
    throw new Error(
      `The immutability policy ${policyId} is locked at ${present} days; it cannot be shortened to ${days}, a locked policy can only be lengthened.`,
    );
  }
  if (present < days) {
    await call("POST", "/extend", policy.etag, length);
  }
}

export const immutabilityLockProvider: pulumi.dynamic.ResourceProvider<
  ImmutabilityLockInputs,
  ImmutabilityLockOutputs
> = {
  async create(inputs) {
    await lockPolicy(inputs);
    return { id: inputs.policyId, outs: { policyId: inputs.policyId, days: inputs.days } };
  },

  // The token differs in every run, so it is no reason for an update.
  diff(_id, olds, news) {
    const moved = olds.policyId !== news.policyId;
    return Promise.resolve({ changes: moved || olds.days !== news.days, replaces: moved ? ["policyId"] : [] });
  },

  async update(_id, _olds, news) {
    await lockPolicy(news);
    return { outs: { policyId: news.policyId, days: news.days } };
  },
};
