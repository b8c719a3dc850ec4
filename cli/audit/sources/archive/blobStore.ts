import type { BlobServiceClient, ContainerClient, StoragePipelineOptions } from "@azure/storage-blob";
import { ArchiveError, readAnswer, toArchiveError } from "./errors.ts";
import { withRetries, type RetryOptions } from "./retries.ts";

/** A source of Entra access tokens; `TokenCredential` of `@azure/core-auth` is one. */
export interface TokenSource {
  getToken(
    scopes: string | string[],
    options?: object,
  ): Promise<{ token: string; expiresOnTimestamp: number; refreshAfterTimestamp?: number } | null>;
}

/** A blob as the service describes it. */
export interface RemoteBlob {
  readonly name: string;
  readonly etag: string;
  /** Bytes. */
  readonly length: number;
  /** An append blob: what it holds never changes while it grows. */
  readonly isAppended: boolean;
  /** Milliseconds since 1970, by the service's clock. */
  readonly createdAt: number | undefined;
  readonly changedAt: number;
}

/** What happened instead of a read. */
export type Refusal = "changed" | "gone";

/** One container, for reading. */
export interface BlobStore {
  /** Blob endpoint without a closing slash and without its secret. */
  readonly account: string;
  readonly container: string;
  /** The latest time that the service's answers gave. */
  readonly serviceTime: Date | undefined;
  /** Blobs whose names begin like this, page by page. None when the container is missing: it comes with its first blob. */
  list(prefix: string): AsyncGenerator<readonly RemoteBlob[]>;
  /** Names of the folders right below a prefix, each with its closing slash; the names are whole. */
  folders(prefix: string): Promise<string[]>;
  /** How a blob is now; `undefined` when it is gone. */
  look(name: string): Promise<RemoteBlob | undefined>;
  /**
   * Hands the bytes `[start, end)` of a blob to `write`, as long as it is as described. Goes on where a connection broke.
   * @returns a refusal when it no longer is: some of the bytes may have been handed over all the same.
   */
  read(
    blob: RemoteBlob,
    start: number,
    end: number,
    write: (bytes: Buffer) => Promise<void>,
  ): Promise<Refusal | undefined>;
}

export interface BlobStoreOptions {
  /**
   * Blob endpoint of the account: `https://ACCOUNT.blob.core.windows.net`, or with the account in the path as the sandbox
   * has it. It may carry a SAS (`?sv=...&sig=...`).
   */
  readonly blobEndpoint: string;
  readonly container: string;
  /** Not needed with a SAS. */
  readonly credential?: TokenSource;
  /** Instead of the endpoint's and the credential's say, e.g. `DefaultEndpointsProtocol=https;AccountName=...` */
  readonly connectionString?: string;
  /** Reads and listings in flight. */
  readonly concurrency: number;
  readonly signal?: AbortSignal;
  readonly retries?: RetryOptions;
  /** PEM of a certification authority beside those that Node trusts. */
  readonly ca?: string;
}

/** Opens the container. The SDK is loaded here, so that nobody else pays for it. */
export async function openBlobStore(options: BlobStoreOptions): Promise<BlobStore> {
  const { BlobServiceClient } = await import("@azure/storage-blob");
  const { container, credential, connectionString, blobEndpoint, ca } = options;
  // The client hands its pipeline options on; the storage typings leave `tlsOptions` out.
  const pipeline: StoragePipelineOptions & { tlsOptions?: { ca: string } } = {
    // The SDK's own policy knows neither 429 and 502 nor `Retry-After`, and starts a broken read over; see `withRetries`.
    retryOptions: { maxTries: 1 },
    ...(ca === undefined ? {} : { tlsOptions: { ca } }),
  };
  let service: BlobServiceClient;
  try {
    service =
      connectionString === undefined
        ? new BlobServiceClient(blobEndpoint, credential, pipeline)
        : BlobServiceClient.fromConnectionString(connectionString, pipeline);
  } catch (error) {
    throw new ArchiveError(`The archive cannot be addressed: ${readAnswer(error).message}.`, {
      code: "InvalidEndpoint",
      nextStep: "Give the account's blob endpoint: https://ACCOUNT.blob.core.windows.net",
      cause: error,
    });
  }
  return new Container(service.getContainerClient(container), options, accountOf(service.url));
}

/** Without the SAS: it is a secret, and it changes where the blobs do not. */
function accountOf(url: string): string {
  return url.replace(/[?#].*$/s, "").replace(/\/+$/, "");
}

class Container implements BlobStore {
  readonly account: string;
  readonly container: string;
  serviceTime: Date | undefined;
  readonly #client: ContainerClient;
  readonly #options: BlobStoreOptions;

  constructor(client: ContainerClient, options: BlobStoreOptions, account: string) {
    this.#client = client;
    this.#options = options;
    this.account = account;
    this.container = options.container;
  }

  list(prefix: string): AsyncGenerator<readonly RemoteBlob[]> {
    return this.#pages(
      (options) => this.#client.listBlobsFlat({ prefix, ...options }),
      ({ blobItems }) => blobItems.map(({ name, properties }) => described(name, properties)),
    );
  }

  async folders(prefix: string): Promise<string[]> {
    const pages = this.#pages(
      (options) => this.#client.listBlobsByHierarchy("/", { prefix, ...options }),
      ({ blobPrefixes = [] }) => blobPrefixes.map(({ name }) => name),
    );
    return (await Array.fromAsync(pages)).flat();
  }

  async look(name: string): Promise<RemoteBlob | undefined> {
    try {
      const { etag, lastModified, ...properties } = await this.#send((abortSignal) =>
        this.#client.getBlobClient(name).getProperties({ abortSignal }),
      );
      return etag === undefined || lastModified === undefined
        ? undefined
        : described(name, { etag, lastModified, ...properties });
    } catch (error) {
      if (refusalOf(error) === "gone") return undefined;
      throw this.#explained(error);
    }
  }

  async read(
    { name, etag }: RemoteBlob,
    start: number,
    end: number,
    write: (bytes: Buffer) => Promise<void>,
  ): Promise<Refusal | undefined> {
    const blob = this.#client.getBlobClient(name);
    const conditions = { ifMatch: etag };
    let offset = start;
    try {
      await this.#send(async (abortSignal, stillAlive) => {
        const answer = await blob.download(offset, end - offset, { conditions, maxRetryRequests: 0, abortSignal });
        for await (const bytes of answer.readableStreamBody ?? []) {
          stillAlive();
          const chunk = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes);
          await write(chunk);
          offset += chunk.length;
        }
        if (offset < end) {
          throw Object.assign(new Error(`The answer ended ${end - offset} bytes early.`), { code: "ECONNRESET" });
        }
      });
      return undefined;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw this.#explained(error);
      return refusal;
    }
  }

  /**
   * Pages one by one, so that one that fails is asked for again and not the whole listing.
   * @param pick takes what is needed of a page. The rest of it, which is far more, is gone by the time it is waited for.
   */
  async *#pages<Segment, Item>(list: List<Segment>, pick: (segment: Segment) => Item[]): AsyncGenerator<Item[]> {
    let marker: string | undefined;
    do {
      const page = await this.#page(list, marker, pick);
      marker = page.marker;
      yield page.items;
    } while (marker !== undefined && marker !== "");
  }

  async #page<Segment, Item>(
    list: List<Segment>,
    marker: string | undefined,
    pick: (segment: Segment) => Item[],
  ): Promise<{ items: Item[]; marker: string | undefined }> {
    const settings = { maxPageSize: pageSize, ...(marker === undefined ? {} : { continuationToken: marker }) };
    try {
      const page = await this.#send((abortSignal) => list({ abortSignal }).byPage(settings).next());
      if (page.done === true) {
        return { items: [], marker: undefined };
      }
      const { segment, date, continuationToken } = page.value;
      this.serviceTime = date ?? this.serviceTime;
      return { items: pick(segment), marker: continuationToken };
    } catch (error) {
      // Azure Monitor makes the container with the first record.
      if (readAnswer(error).code === "ContainerNotFound") {
        return { items: [], marker: undefined };
      }
      throw this.#explained(error);
    }
  }

  async #send<T>(request: (signal: AbortSignal, stillAlive: () => void) => Promise<T>): Promise<T> {
    return await withRetries(request, this.#options.signal, this.#options.retries);
  }

  #explained(error: unknown): unknown {
    this.#options.signal?.throwIfAborted();
    return toArchiveError(error, this);
  }
}

/** Entries in one answer to a listing. The SDK needs some 15 kB for each while it reads the answer, and several are read at once. */
const pageSize = 200;

type List<Segment> = (options: { abortSignal: AbortSignal }) => {
  byPage(settings: { continuationToken?: string; maxPageSize: number }): AsyncIterator<Page<Segment>, unknown>;
};

interface Page<Segment> {
  readonly segment: Segment;
  readonly continuationToken?: string;
  readonly date?: Date;
}

/** 412: another ETag; 416: it became shorter than the range. Both mean that it is not the blob that was listed. */
function refusalOf(error: unknown): Refusal | undefined {
  const { status } = readAnswer(error);
  if (status === 404) {
    return "gone";
  }
  return status === 412 || status === 416 ? "changed" : undefined;
}

interface Properties {
  readonly etag: string;
  readonly lastModified: Date;
  readonly contentLength?: number;
  readonly blobType?: string;
  readonly createdOn?: Date;
}

function described(name: string, { etag, lastModified, contentLength, blobType, createdOn }: Properties): RemoteBlob {
  return {
    name,
    // Listings leave out the quotes that headers have.
    etag: etag.startsWith('"') || etag.startsWith("W/") ? etag : `"${etag}"`,
    length: contentLength ?? 0,
    isAppended: blobType === "AppendBlob",
    createdAt: createdOn?.getTime(),
    changedAt: lastModified.getTime(),
  };
}
