/** What the rest of the sandbox needs from the blob server, apart from its HTTP surface. */
export interface BlobService {
  /** `https://127.0.0.1:PORT`; an account's blobs are below `/<account name>` (path style, as Azurite serves them). */
  readonly endpoint: string;
  readonly port: number;
  /** Primary blob endpoint of an account, with the closing slash that ARM shows. */
  endpointOf(accountName: string): string;
  /** A connection string with the account's own key. */
  connectionString(accountName: string, key: string): string;
  createContainer(accountName: string, container: string): Promise<void>;
  deleteContainer(accountName: string, container: string): Promise<void>;
  /** Whether the container holds any blob. */
  hasBlobs(accountName: string, container: string): Promise<boolean>;
  /** Adds `text` to the end of an append blob, creating the blob first if there is none. On disk once it resolves. */
  append(accountName: string, container: string, blob: string, text: string): Promise<void>;
  /**
   * Adds records, JSON objects with commas between them, to the document `{"records":[...]}` in a block blob, creating the blob
   * first if there is none. On disk once it resolves.
   */
  addRecords(accountName: string, container: string, blob: string, records: string): Promise<void>;
  /** Removes everything the account holds. */
  deleteAccount(accountName: string): Promise<void>;
}

/** A running blob server. */
export interface BlobServer extends BlobService {
  /**
   * Connection string of the observer account `devstoreaccount1`: read-only, and it always shows the blobs of the newest storage
   * account that is not of flow logs, so that it can be written down before the account with its random name exists.
   */
  readonly observerConnectionString: string;
  /** Ends all connections and writes what is in memory to disk. */
  close(): Promise<void>;
}
