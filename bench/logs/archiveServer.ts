import { readdir } from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { join } from "node:path";
import {
  BlobServiceClient,
  ContainerSASPermissions,
  type ContainerClient,
  type StoragePipelineOptions,
} from "@azure/storage-blob";
import type { Resource, ResourceStore } from "@bastion-trail/sandbox/arm/resource";
import { startBlobServer } from "@bastion-trail/sandbox/blobs/blobServer";
import { SandboxClock } from "@bastion-trail/sandbox/clock";
import { ensureTls } from "@bastion-trail/sandbox/tls";

const account = "stbench";
const dayMs = 86_400_000;
const settledMs = 4 * 3_600_000;
const key = Buffer.alloc(64, 1).toString("base64");

/** Azurite with one account, behind a proxy that counts bytes. */
export interface ArchiveServer {
  /** The account's endpoint, and the URL of the container, with a signature that allows listing and reading for a day. */
  readonly signedEndpoint: string;
  readonly containerUrl: string;
  /** The CA certificate of the server's certificate, as PEM. */
  readonly ca: string;
  /** The container, reached without being counted. */
  readonly container: ContainerClient;
  /** Moves the server's clock on by the hours after which a blob no longer grows. */
  settle(): Promise<void>;
  /** Bytes sent to clients since the last call: whole responses, with headers and TLS. */
  bytesSent(): number;
  close(): Promise<void>;
}

/** @param directory a new folder for the blobs and the certificates. */
export async function startArchiveServer(directory: string, container: string): Promise<ArchiveServer> {
  const tls = await ensureTls(directory);
  const clock = new SandboxClock();
  const store = oneAccount();
  const may = (): Promise<boolean> => Promise.resolve(true);
  const blobs = await startBlobServer({
    directory: join(directory, "blobs"),
    tls,
    store,
    clock,
    may,
    onError: rethrow,
  });
  let sent = 0;
  const counter = createServer((client) => {
    const server = connect(blobs.port, "127.0.0.1");
    server.on("data", (bytes) => (sent += bytes.length));
    client.pipe(server).pipe(client);
    const end = (): void => {
      client.destroy();
      server.destroy();
    };
    client.once("error", end).once("close", end);
    server.once("error", end).once("close", end);
  });
  const port = await listen(counter);
  const direct: StoragePipelineOptions & { tlsOptions: { ca: string } } = { tlsOptions: { ca: tls.ca } };
  const service = BlobServiceClient.fromConnectionString(blobs.connectionString(account, key), direct);
  const client = service.getContainerClient(container);
  await client.create();
  const permissions = ContainerSASPermissions.parse("rl");
  const signed = new URL(await client.generateSasUrl({ permissions, expiresOn: new Date(Date.now() + dayMs) }));
  const endpoint = `https://127.0.0.1:${port}/${account}`;
  return {
    signedEndpoint: `${endpoint}${signed.search}`,
    containerUrl: `${endpoint}/${container}${signed.search}`,
    ca: tls.ca,
    container: client,
    settle: () => clock.advance(settledMs),
    bytesSent() {
      const bytes = sent;
      sent = 0;
      return bytes;
    },
    async close() {
      await new Promise((resolve) => counter.close(resolve));
      await blobs.close();
      await clock.close();
    },
  };
}

/** Uploads the files of a folder that is laid out like the container. */
export async function uploadArchive(
  container: ContainerClient,
  folder: string,
  read: (file: string) => Promise<Buffer>,
): Promise<void> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const waiting = names.values();
  const upload = async (): Promise<void> => {
    for (const name of waiting) {
      await appendTo(container, name.replaceAll("\\", "/"), await read(join(folder, name)));
    }
  };
  await Promise.all(Array.from({ length: 8 }, upload));
}

/** Largest block that an append blob accepts in every version of the service. */
const blockSize = 4 * 1024 * 1024;

export async function appendTo(container: ContainerClient, name: string, content: Buffer): Promise<void> {
  const blob = container.getAppendBlobClient(name);
  await blob.createIfNotExists();
  for (let offset = 0; offset < content.length; offset += blockSize) {
    const block = content.subarray(offset, offset + blockSize);
    await blob.appendBlock(block, block.length);
  }
}

function oneAccount(): ResourceStore {
  const resource: Resource = {
    id: `/subscriptions/bench/resourceGroups/bench/providers/Microsoft.Storage/storageAccounts/${account}`,
    type: "Microsoft.Storage/storageAccounts",
    name: account,
    body: { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" }, properties: {} },
    secrets: { key1: key, key2: key },
    etag: '"1"',
    createdAt: "2026-01-01T00:00:00Z",
    changedAt: "2026-01-01T00:00:00Z",
  };
  const isIt = (id: string): boolean => id.toLowerCase() === resource.id.toLowerCase();
  return {
    get: (id) => (isIt(id) ? resource : undefined),
    childrenOf: () => [],
    ofType: (type) => (type.toLowerCase() === resource.type.toLowerCase() ? [resource] : []),
    all: () => [resource],
    put: (written) => ({ ...resource, ...written }),
    delete: () => undefined,
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function rethrow(error: unknown): never {
  throw error;
}
