import type { BlobServiceClient, ContainerClient, StoragePipelineOptions } from "@azure/storage-blob";
import { ArchiveError, readAnswer, toArchiveError } from "./errors.ts";
import { withRetries, type RetryOptions } from "./retries.ts";

/** A source of Entra access tokens, such as a `TokenCredential` of `@azure/core-auth`. */
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
  /** Whether it is an append blob: its existing bytes never change while it grows. */
  readonly isAppended: boolean;
  /** Milliseconds since the Unix epoch, by the service's clock. */
  readonly createdAt: number | undefined;
  readonly changedAt: number;
}

/** Why a blob could not be read. */
export type Refusal = "changed" | "gone";

/** Read access to one container. */
export interface BlobStore {
  /** Blob endpoint without a closing slash and without a SAS. */
  readonly account: string;
  readonly container: string;
  /** The latest time in the service's responses. */
  readonly serviceTime: Date | undefined;
  /**
   * Lists the blobs whose names begin with a prefix, page by page. Returns none if the container does not exist: it is created
   * with its first blob.
   */
  list(prefix: string): AsyncGenerator<readonly RemoteBlob[]>;
  /** Returns the full names of the folders directly below a prefix, each with its closing slash. */
  folders(prefix: string): Promise<string[]>;
  /** Returns the current state of a blob; `undefined` if it is gone. */
  look(name: string): Promise<RemoteBlob | undefined>;
  /**
   * Passes the bytes `[start, end)` of a blob to `write`, as long as the blob is as described. Resumes after a broken
   * connection.
   * @returns a refusal if the blob has changed or is gone; some of its bytes may have been passed on before.
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
   * Blob endpoint of the account: `https://ACCOUNT.blob.core.windows.net`, or with the account in the path as in the sandbox.
   * May carry a SAS (`?sv=...&sig=...`).
   */
  readonly blobEndpoint: string;
  readonly container: string;
  /** Not needed with a SAS. */
  readonly credential?: TokenSource;
  /** Replaces the endpoint and the credential, e.g. `DefaultEndpointsProtocol=https;AccountName=...` */
  readonly connectionString?: string;
  /** Maximum number of reads and listings in flight. */
  readonly concurrency: number;
  readonly signal?: AbortSignal;
  readonly retries?: RetryOptions;
  /** PEM of a certification authority to trust in addition to Node's own. */
  readonly ca?: string;
}

/** Opens the container. The SDK is loaded here, so that other commands start without it. */
export async function openBlobStore(options: BlobStoreOptions): Promise<BlobStore> {
  const { BlobServiceClient } = await import("@azure/storage-blob");
  const { container, credential, connectionString, blobEndpoint, ca } = options;
  // The client passes its pipeline options on; only the storage typings lack `tlsOptions`.
  const pipeline: StoragePipelineOptions & { tlsOptions?: { ca: string } } = {
    // The SDK's own policy ignores 429, 502 and `Retry-After`, and restarts a broken read from the beginning; see
    // `withRetries`.
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

/** Without the SAS: it is a secret, and it changes while the blobs stay the same. */
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
   * Lists page by page, so that after a failure only the failed page is requested again.
   * @param pick returns the needed part of a page. The rest, which is far larger, can then be freed while the caller waits.
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
      // Azure Monitor creates the container with the first record.
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

/**
 * Entries per response to a listing. The SDK needs some 15 kB for each while it reads the response, and several are read at
 * once.
 */
const pageSize = 200;

type List<Segment> = (options: { abortSignal: AbortSignal }) => {
  byPage(settings: { continuationToken?: string; maxPageSize: number }): AsyncIterator<Page<Segment>, unknown>;
};

interface Page<Segment> {
  readonly segment: Segment;
  readonly continuationToken?: string;
  readonly date?: Date;
}

/** 412: another ETag. 416: the blob is now shorter than the range. Both mean that it is not the blob that was listed. */
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
    // Listings omit the quotes that headers have.
    etag: etag.startsWith('"') || etag.startsWith("W/") ? etag : `"${etag}"`,
    length: contentLength ?? 0,
    isAppended: blobType === "AppendBlob",
    createdAt: createdOn?.getTime(),
    changedAt: lastModified.getTime(),
  };
}
