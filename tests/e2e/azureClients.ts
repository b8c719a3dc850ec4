import { readFileSync } from "node:fs";
import { ComputeManagementClient } from "@azure/arm-compute";
import { MonitorClient } from "@azure/arm-monitor";
import { NetworkManagementClient } from "@azure/arm-network";
import { ResourceManagementClient } from "@azure/arm-resources";
import { SecurityCenter } from "@azure/arm-security";
import { StorageManagementClient } from "@azure/arm-storage";
import { ClientSecretCredential } from "@azure/identity";
import { BlobServiceClient, type StoragePipelineOptions } from "@azure/storage-blob";
import type { TestSandbox } from "./harness.ts";

/**
 * Microsoft's own clients, pointed at a sandbox by nothing but the exports that `start` wrote. They are generated from
 * Azure's API descriptions, so what they read is an independent check of the wire form.
 */
export class AzureClients {
  readonly subscriptionId: string;
  readonly network: NetworkManagementClient;
  readonly compute: ComputeManagementClient;
  readonly storage: StorageManagementClient;
  readonly monitor: MonitorClient;
  readonly security: SecurityCenter;
  readonly resources: ResourceManagementClient;
  readonly #credential: ClientSecretCredential;
  /** The CA of the sandbox. The storage typings leave `tlsOptions` out, and its client hands them on. */
  readonly #trust: { readonly tlsOptions: { readonly ca: string } };

  constructor(sandbox: TestSandbox) {
    const exported = sandbox.environment();
    const read = (name: string): string => {
      const value = exported[name];
      if (value === undefined) {
        throw new Error(`${name} is not exported.`);
      }
      return value;
    };
    const endpoint = read("SANDBOX_ARM_ENDPOINT");
    this.#trust = { tlsOptions: { ca: readFileSync(read("SANDBOX_CA_FILE"), "utf8") } };
    this.#credential = new ClientSecretCredential(
      read("AZURE_TENANT_ID"),
      read("AZURE_CLIENT_ID"),
      read("AZURE_CLIENT_SECRET"),
      { authorityHost: endpoint, disableInstanceDiscovery: true, ...this.#trust },
    );
    const options = {
      endpoint,
      // The older generation of clients calls it by this name.
      $host: endpoint,
      credentialScopes: ["https://management.azure.com/.default"],
      credentials: { scopes: ["https://management.azure.com/.default"] },
      ...this.#trust,
    };
    this.subscriptionId = read("AZURE_SUBSCRIPTION_ID");
    this.network = new NetworkManagementClient(this.#credential, this.subscriptionId, options);
    this.compute = new ComputeManagementClient(this.#credential, this.subscriptionId, options);
    this.storage = new StorageManagementClient(this.#credential, this.subscriptionId, options);
    this.monitor = new MonitorClient(this.#credential, this.subscriptionId, options);
    this.security = new SecurityCenter(this.#credential, this.subscriptionId, options);
    this.resources = new ResourceManagementClient(this.#credential, this.subscriptionId, options);
  }

  /** The blobs of an account, opened with an Entra token. */
  blobs(blobEndpoint: string): BlobServiceClient {
    return new BlobServiceClient(blobEndpoint, this.#credential, this.#trust as StoragePipelineOptions);
  }

  /** The blobs that a connection string, and so an account key, opens. */
  blobsByKey(connectionString: string): BlobServiceClient {
    return BlobServiceClient.fromConnectionString(connectionString, this.#trust as StoragePipelineOptions);
  }

  /** A resource of a type that has no client of its own here. */
  get(id: string, apiVersion: string) {
    return this.resources.resources.getById(id, apiVersion);
  }
}

/** What a client gives, as plain data, without etags: they are new with every write. */
export function seen<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (key, member: unknown) => (key === "etag" ? undefined : member))) as T;
}
