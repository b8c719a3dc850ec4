/** Reads a container. Loads Azure's libraries. */
import { Readable } from "node:stream";
import { restAnswer } from "../../../azure/restError.ts";
import { blobService, type SendBlobRequest } from "./blobService.ts";
import type { BlobStore, BlobStoreOptions, Refusal, RemoteBlob } from "./blobStore.ts";
import { eachChunk } from "./eachChunk.ts";
import { ArchiveError, firstLine, toArchiveError } from "./errors.ts";
import { readListing, type ListedPage } from "./listing.ts";
import { withRetries } from "./retries.ts";

export function openContainer(options: BlobStoreOptions): BlobStore {
  let endpoint: URL;
  try {
    endpoint = new URL(options.blobEndpoint);
  } catch (error) {
    throw new ArchiveError(`The archive cannot be addressed: ${firstLine(error)}.`, {
      code: "InvalidEndpoint",
      nextStep: "Give the account's blob endpoint: https://ACCOUNT.blob.core.windows.net",
      cause: error,
    });
  }
  return new Container(blobService(options), options, endpoint);
}

class Container implements BlobStore {
  readonly account: string;
  readonly container: string;
  serviceTime: Date | undefined;
  readonly #sendRequest: SendBlobRequest;
  readonly #options: BlobStoreOptions;
  /** The SAS. It is kept out of `account`: it is a secret, and it changes while the blobs stay the same. */
  readonly #signature: URLSearchParams;

  constructor(sendRequest: SendBlobRequest, options: BlobStoreOptions, endpoint: URL) {
    this.#sendRequest = sendRequest;
    this.#options = options;
    this.account = `${endpoint.origin}${endpoint.pathname}`.replace(/\/+$/, "");
    this.container = options.container;
    this.#signature = endpoint.searchParams;
  }

  async *list(prefix: string): AsyncGenerator<readonly RemoteBlob[]> {
    for await (const { blobs } of this.#pages({ prefix, maxresults: String(pageSize) })) yield blobs;
  }

  async folders(prefix: string): Promise<string[]> {
    const pages = await Array.fromAsync(this.#pages({ prefix, delimiter: "/" }));
    return pages.flatMap(({ folders }) => folders);
  }

  async look(name: string): Promise<RemoteBlob | undefined> {
    try {
      const { headers } = await this.#send((signal) => this.#sendRequest(this.#url(name), { method: "HEAD", signal }));
      const [etag, changed, created] = ["etag", "last-modified", "x-ms-creation-time"].map((one) => headers.get(one));
      return etag === undefined || changed === undefined
        ? undefined
        : {
            name,
            etag,
            length: Number(headers.get("content-length") ?? 0),
            isAppended: headers.get("x-ms-blob-type") === "AppendBlob",
            createdAt: created === undefined ? undefined : Date.parse(created),
            changedAt: Date.parse(changed),
          };
    } catch (error) {
      if (refusalOf(error) === "gone") return undefined;
      throw this.#explained(error);
    }
  }

  async read(
    { name, etag }: RemoteBlob,
    start: number,
    end: number,
    write: (bytes: Buffer) => Promise<void> | void,
  ): Promise<Refusal | undefined> {
    const url = this.#url(name);
    let offset = start;
    try {
      await this.#send(async (signal, stillAlive) => {
        const headers = { "x-ms-range": `bytes=${offset}-${end - 1}`, "if-match": etag };
        const { readableStreamBody: body } = await this.#sendRequest(url, { headers, signal, isStreamed: true });
        if (body instanceof Readable) {
          await eachChunk(body, (chunk) => {
            stillAlive();
            offset += chunk.length;
            return write(chunk);
          });
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

  /** Lists page by page, so that after a failure only the failed page is requested again. */
  async *#pages(query: Readonly<Record<string, string>>): AsyncGenerator<ListedPage> {
    let marker = "";
    do {
      const page = await this.#page({ ...query, ...(marker !== "" && { marker }) });
      marker = page.marker;
      yield page;
    } while (marker !== "");
  }

  async #page(query: Readonly<Record<string, string>>): Promise<ListedPage> {
    const url = this.#url("", { restype: "container", comp: "list", ...query });
    try {
      const { headers, bodyAsText } = await this.#send((signal) => this.#sendRequest(url, { signal }));
      const date = headers.get("date");
      if (date !== undefined) this.serviceTime = new Date(date);
      return await readListing(bodyAsText ?? "");
    } catch (error) {
      // Azure Monitor creates the container with the first record.
      if (restAnswer(error).code === "ContainerNotFound") {
        return { blobs: [], folders: [], marker: "" };
      }
      throw this.#explained(error);
    }
  }

  /** Returns the URL of a blob; of the container for an empty name. */
  #url(blob: string, query: Readonly<Record<string, string>> = {}): string {
    const path = [this.container, ...(blob === "" ? [] : blob.split("/"))].map(encodeURIComponent).join("/");
    const parameters = new URLSearchParams([...Object.entries(query), ...this.#signature]);
    // A plus sign stands for a space in forms alone.
    const search = parameters.toString().replaceAll("+", "%20");
    return `${this.account}/${path}${search === "" ? "" : `?${search}`}`;
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
 * Blobs per response to a listing, which are those of a month. The service allows 5,000, but a parsed entry needs some kilobytes
 * for a moment, and several responses are read at once.
 */
const pageSize = 1000;

/** 412: another ETag. 416: the blob is now shorter than the range. Both mean that it is not the blob that was listed. */
function refusalOf(error: unknown): Refusal | undefined {
  const { status } = restAnswer(error);
  if (status === 404) {
    return "gone";
  }
  return status === 412 || status === 416 ? "changed" : undefined;
}
