/** Read access to a container of blobs. */
import type { TokenCredential } from "@azure/identity";
import type { RetryOptions } from "./retries.ts";

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
    write: (bytes: Buffer) => Promise<void> | void,
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
  readonly credential?: TokenCredential;
  /** Maximum number of reads and listings in flight. */
  readonly concurrency: number;
  readonly signal?: AbortSignal;
  readonly retries?: RetryOptions;
  /** PEM of a certification authority to trust in addition to Node's own. */
  readonly ca?: string;
}
