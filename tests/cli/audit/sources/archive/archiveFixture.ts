import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Agent, createServer, request as httpsRequest, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  BlobServiceClient,
  generateAccountSASQueryParameters,
  StorageSharedKeyCredential,
  type ContainerClient,
  type StoragePipelineOptions,
} from "@azure/storage-blob";
import type { SyncOptions, SyncResult } from "../../../../../cli/audit/sources/archive/syncArchive.ts";
import { syncArchive } from "../../../../../cli/audit/sources/archive/syncArchive.ts";
import { blobPrefix, hourlyBlobName } from "../../../../../core/links/archivePath.ts";
import type { ResourceStore } from "../../../../../sandbox/arm/resource.ts";
import { openStore } from "../../../../../sandbox/arm/store.ts";
import { startBlobServer } from "../../../../../sandbox/blobs/blobServer.ts";
import { SandboxClock } from "../../../../../sandbox/clock.ts";
import { ensureTls, type Tls } from "../../../../../sandbox/tls.ts";
import { accountKey, groupId, putAccount } from "../../../../sandbox/auditFixture.ts";
import { temporaryFolder } from "../../../../held.ts";

/** The lines of a copy, which is packed once its blob no longer grows. */
function contentOf(file: string): string {
  const bytes = readFileSync(file);
  return (bytes.toString("hex", 0, 4) === "28b52ffd" ? zstdDecompressSync(bytes) : bytes).toString("utf8");
}

export const account = "starchive";
export const container = "insights-logs-bastionauditlogs";
export const hostId = `${groupId}/providers/Microsoft.Network/bastionHosts/bas-access`;

/** One request as the archive saw it. */
export interface Seen {
  readonly method: string;
  /** Name of the blob; undefined for a listing. */
  readonly blob: string | undefined;
  /** Prefix of a listing. */
  readonly prefix: string | undefined;
  readonly range: string | undefined;
}

/** What happens to a request. @returns true when it was answered, so that the archive does not see it. */
export type Meddler = (seen: Seen, response: ServerResponse) => Promise<boolean | { cutAfter: number } | undefined>;

/** An archive: the sandbox's blob server with one account, behind a server that counts and meddles. */
export interface Archive {
  readonly requests: Seen[];
  /** Most blob reads that were in flight at once. */
  mostInFlight: () => number;
  meddler: Meddler | undefined;
  readonly tls: Tls;
  readonly store: ResourceStore;
  readonly clock: SandboxClock;
  readonly endpoint: string;
  /** The endpoint with a shared access signature. */
  readonly signedEndpoint: string;
  readonly client: ContainerClient;
  readonly cacheDir: string;
  /** Adds to the blob of an hour, e.g. `2026-05-04T10`. */
  append(hour: string, text: string): Promise<void>;
  /** With a shared access signature, unless the options say how to sign in: for 10 to 12 o'clock of 2026-05-04. */
  sync(options?: Partial<SyncOptions>): Promise<SyncResult>;
  /** Everything that a sync's files hold. */
  content(result: SyncResult): string;
  /** Blobs that were read since the last call, as `hour range`, sorted. */
  reads(): string[];
  /** Prefixes that were listed since the last call, below the host's folder where they are. */
  listings(): string[];
  remove(): Promise<void>;
}

const prefix = blobPrefix(hostId);

export function hourBlob(hour: string): string {
  return hourlyBlobName(hostId, new Date(`${hour}:00:00Z`));
}

export async function startArchive(): Promise<Archive> {
  const folder = temporaryFolder();
  const tls = await ensureTls(folder.path);
  const clock = new SandboxClock();
  const store = openStore(folder.path, clock);
  const blobs = await startBlobServer({
    directory: join(folder.path, "blobs"),
    tls,
    store,
    clock,
    may: () => Promise.resolve(true),
    onError: assert.ifError,
  });
  putAccount(store, account);
  const requests: Seen[] = [];
  const counts = { inFlight: 0, most: 0 };
  const archive = { meddler: undefined as Meddler | undefined };
  const agent = new Agent({ keepAlive: true, ca: tls.ca });
  const proxy = createServer({ cert: tls.cert, key: tls.key }, (incoming, response) => {
    const seen = seenIn(incoming);
    requests.push(seen);
    const isRead = seen.blob !== undefined && seen.method === "GET";
    counts.inFlight += isRead ? 1 : 0;
    counts.most = Math.max(counts.most, counts.inFlight);
    response.once("close", () => {
      counts.inFlight -= isRead ? 1 : 0;
    });
    void forward(incoming, response, seen).catch(() => response.destroy());
  });

  async function forward(incoming: IncomingMessage, response: ServerResponse, seen: Seen): Promise<void> {
    const done = await archive.meddler?.(seen, response);
    if (done === true) {
      return;
    }
    const outgoing = httpsRequest(
      `${blobs.endpoint}${incoming.url ?? ""}`,
      { method: incoming.method, headers: incoming.headers, agent },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        if (typeof done !== "object") {
          answer.pipe(response);
          return;
        }
        answer.once("data", (bytes: Buffer) => {
          response.write(bytes.subarray(0, done.cutAfter), () => response.destroy());
        });
      },
    );
    outgoing.once("error", () => response.destroy());
    incoming.pipe(outgoing);
  }

  const port = await listen(proxy);
  const endpoint = `https://127.0.0.1:${port}/${account}`;
  const key = new StorageSharedKeyCredential(account, accountKey);
  const direct: StoragePipelineOptions & { tlsOptions: { ca: string } } = { tlsOptions: { ca: tls.ca } };
  const service = new BlobServiceClient(blobs.endpointOf(account), key, direct);
  const cacheDir = join(folder.path, "cache");
  const sas = generateAccountSASQueryParameters(
    {
      expiresOn: new Date(Date.now() + 3_600_000),
      permissions: AccountSASPermissions.parse("rl"),
      resourceTypes: AccountSASResourceTypes.parse("sco").toString(),
      services: AccountSASServices.parse("b").toString(),
    },
    key,
  ).toString();
  const signedEndpoint = `${endpoint}?${sas}`;

  return Object.assign(archive, {
    requests,
    mostInFlight: () => counts.most,
    tls,
    store,
    clock,
    endpoint,
    signedEndpoint,
    client: service.getContainerClient(container),
    cacheDir,
    async append(hour: string, text: string) {
      await blobs.createContainer(account, container);
      await blobs.append(account, container, hourBlob(hour), text);
    },
    sync: (options: Partial<SyncOptions> = {}) =>
      syncArchive({
        blobEndpoint: signedEndpoint,
        container,
        blobPrefix: prefix,
        cacheDir,
        ca: tls.ca,
        from: new Date("2026-05-04T10:00Z"),
        to: new Date("2026-05-04T12:00Z"),
        retries: { baseDelay: 5 },
        ...options,
      }),
    content: ({ files }: SyncResult) => files.map(contentOf).join(""),
    reads: () =>
      take(requests, ({ method, blob }) => method === "GET" && blob !== undefined)
        .map(({ blob, range = "all" }) => `${hourIn(blob ?? "")} ${range}`)
        .sort(),
    listings: () =>
      take(requests, (seen) => seen.prefix !== undefined).map(({ prefix: listed = "" }) => listed.replace(prefix, "")),
    async remove() {
      await closeServer(proxy);
      agent.destroy();
      await blobs.close();
      await clock.close();
      store.close();
      folder.remove();
    },
  });
}

function hourIn(blob: string): string {
  return blob.replace(/^.*y=(\d+)\/m=(\d+)\/d=(\d+)\/h=(\d+)\/.*$/i, "$1-$2-$3T$4");
}

function seenIn({ method = "GET", url = "/", headers }: IncomingMessage): Seen {
  const { pathname, searchParams } = new URL(url, "https://localhost");
  const [, , , ...blob] = decodeURIComponent(pathname).split("/");
  const range = headers["x-ms-range"] ?? headers.range;
  return {
    method,
    blob: blob.length === 0 ? undefined : blob.join("/"),
    prefix: searchParams.get("comp") === "list" ? (searchParams.get("prefix") ?? "") : undefined,
    range: typeof range === "string" ? range : undefined,
  };
}

function take<T>(items: T[], isTaken: (item: T) => boolean): T[] {
  const taken = items.filter(isTaken);
  items.splice(0, items.length, ...items.filter((item) => !isTaken(item)));
  return taken;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
