import { randomBytes } from "node:crypto";
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import listenerFactory from "azurite/dist/src/blob/BlobRequestListenerFactory.js";
import { OAuthLevel } from "azurite/dist/src/common/models.js";
import { AzuriteTelemetryClient } from "azurite/dist/src/common/Telemetry.js";
import type { Clock } from "../clock.ts";
import type { ResourceStore } from "../arm/resource.ts";
import { listen, type PortWish } from "../ports.ts";
import { containerId, findAccount, newestArchive } from "./accounts.ts";
import { AzureBlobs } from "./azureBlobs.ts";
import { openStores, type AzuriteStores } from "./azuriteStores.ts";
import type { BlobServer } from "./blobService.ts";
import { aliased } from "./clockedMetadataStore.ts";
import { registerContainer } from "./containerResources.ts";
import { type BlobRequest, readBlobRequest } from "./blobRequest.ts";
import type { MayOnBlobs } from "./dataRights.ts";
import { observerAccount, refusalOf, sendRefusal, type BlobState } from "./refusals.ts";

/** Azurite's published key of `devstoreaccount1` (Azurite README, "Default storage account"). Not a secret. */
const observerKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

export interface BlobServerOptions {
  /** Folder of the blobs; created if it does not exist. */
  readonly directory: string;
  /** PEM. */
  readonly tls: { readonly cert: string; readonly key: string };
  readonly port?: PortWish;
  readonly store: ResourceStore;
  readonly clock: Clock;
  /** Whether the sender of a bearer token has a right. */
  readonly may: MayOnBlobs;
  /** Called if writes of clients cannot be saved, for example because the disk is full. */
  readonly onError: (error: unknown) => void;
}

/**
 * Starts Azurite's blob service in this process. Each storage account resource in the store is an account with its own
 * keys, as resources are created and deleted.
 */
export async function startBlobServer(options: BlobServerOptions): Promise<BlobServer> {
  const { directory, tls, port, store, clock, may, onError } = options;
  AzuriteTelemetryClient.init(directory, false, undefined);
  const stores = await openStores(directory, clock, onError);
  const serviceKey = randomBytes(64).toString("base64");

  const keysOf = (name: string): readonly string[] | undefined => findAccount(store, name)?.keys;
  const keys = azuriteListener(stores.metadata, stores, keysOf);
  const tokens = azuriteListener(stores.metadata, stores, keysOf, OAuthLevel.BASIC);
  const observer = azuriteListener(
    aliased(stores.metadata, observerAccount, () => newestArchive(store)),
    stores,
    (name) => (name === observerAccount ? [observerKey] : undefined),
  );
  const services = azuriteListener(stores.metadata, stores, () => [serviceKey]);

  const state: Omit<BlobState, "account"> = { store, clock, may, blobCreatedAt: creationTimes(stores, clock) };
  const publicServer = createHttpsServer({ cert: tls.cert, key: tls.key }, (request, response) => {
    dateBy(clock, response);
    answer(request, response, state, { keys, tokens, observer }, store, clock).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      sendRefusal(response, { status: 500, code: "InternalError", message });
    });
  });
  const serviceServer = createHttpServer(services);
  const publicPort = await listen(publicServer, port).catch(async (error: unknown) => {
    await stores.close();
    throw error;
  });
  const blobs = new AzureBlobs(`http://127.0.0.1:${String(await listen(serviceServer))}`, serviceKey);
  const endpoint = `https://127.0.0.1:${String(publicPort)}`;

  return {
    endpoint,
    port: publicPort,
    observerConnectionString: connectionString(endpoint, observerAccount, observerKey),
    endpointOf: (accountName) => `${endpoint}/${accountName}/`,
    connectionString: (accountName, key) => connectionString(endpoint, accountName, key),
    createContainer: (account, container) => blobs.createContainer(account, container),
    deleteContainer: (account, container) => blobs.deleteContainer(account, container),
    hasBlobs: (account, container) => blobs.hasBlobs(account, container),
    deleteAccount: (account) => blobs.deleteAccount(account),
    async append(account, container, blob, text) {
      await blobs.append(account, container, blob, text);
      await stores.save();
    },
    async addRecords(account, container, blob, records) {
      await blobs.addRecords(account, container, blob, records);
      await stores.save();
    },
    async close() {
      await Promise.all([closeServer(publicServer), closeServer(serviceServer)]);
      await stores.close();
    },
  };
}

function azuriteListener(
  metadata: object,
  { extents }: AzuriteStores,
  keysOf: (name: string) => readonly string[] | undefined,
  oauth?: number,
): RequestListener {
  const accounts = {
    getAccount(name: string): object | undefined {
      const [key1, key2] = (keysOf(name) ?? []).map((key) => Buffer.from(key, "base64"));
      return key1 === undefined ? undefined : { name, key1, key2 };
    },
  };
  // Loose and without a version check: headers of a newer SDK are not a fault of the deployment.
  const factory = new listenerFactory.default(metadata, extents, accounts, false, undefined, true, true, oauth, true);
  return factory.createRequestListener();
}

/**
 * Azurite dates its responses by the computer's clock; a client that reads the time from them would lag behind its
 * blobs.
 */
function dateBy(clock: Clock, response: ServerResponse): void {
  const setHeader = response.setHeader.bind(response);
  const now = (): string => clock.now().toUTCString();
  response.setHeader = (name, value) => setHeader(name, name.toLowerCase() === "date" ? now() : value);
  setHeader("Date", now());
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  state: Omit<BlobState, "account">,
  listeners: { keys: RequestListener; tokens: RequestListener; observer: RequestListener },
  store: ResourceStore,
  clock: Clock,
): Promise<void> {
  const blobRequest = readBlobRequest(request);
  const account = findAccount(store, blobRequest.account);
  const refusal = await refusalOf(blobRequest, { ...state, account });
  if (refusal !== undefined) {
    sendRefusal(response, refusal);
    return;
  }
  if (account !== undefined) {
    response.once("finish", () => {
      followContainers(blobRequest, response.statusCode, account.id, store, clock);
    });
  }
  if (blobRequest.account === observerAccount) {
    listeners.observer(request, response);
  } else {
    // Azurite with OAuth answers a wrong key with 400; Azure, and Azurite without OAuth, answer with 403.
    const bearer = blobRequest.authorization?.toLowerCase().startsWith("bearer ") === true;
    (bearer ? listeners.tokens : listeners.keys)(request, response);
  }
}

/** Keeps ARM in sync with containers that a client creates or deletes through the data plane. */
function followContainers(
  { method, container, blob, query }: BlobRequest,
  status: number,
  accountId: string,
  store: ResourceStore,
  clock: Clock,
): void {
  if (container === undefined || blob !== undefined || query.get("restype") !== "container" || query.has("comp")) {
    return;
  }
  if (method === "PUT" && status === 201) {
    registerContainer(store, accountId, container, clock.now());
  } else if (method === "DELETE" && status === 202) {
    store.delete(containerId(accountId, container));
  }
}

function creationTimes({ metadata }: AzuriteStores, clock: Clock): BlobState["blobCreatedAt"] {
  return async (account, container, blob) => {
    const context = { startTime: clock.now() };
    try {
      await metadata.checkBlobExist(context, account, container, blob);
    } catch {
      return undefined;
    }
    return (await metadata.getBlobProperties(context, account, container, blob)).properties.creationTime;
  };
}

function connectionString(endpoint: string, account: string, key: string): string {
  return (
    `DefaultEndpointsProtocol=https;AccountName=${account};AccountKey=${key};` + `BlobEndpoint=${endpoint}/${account};`
  );
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
