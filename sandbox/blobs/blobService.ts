/** The blob server's interface for the rest of the sandbox, apart from HTTP. */
export interface BlobService {
  /** `https://127.0.0.1:PORT`; the blobs of an account are below `/<account name>` (path style, as in Azurite). */
  readonly endpoint: string;
  readonly port: number;
  /** Returns the primary blob endpoint of an account, with a trailing slash as in ARM. */
  endpointOf(accountName: string): string;
  /** Returns a connection string with the account's own key. */
  connectionString(accountName: string, key: string): string;
  createContainer(accountName: string, container: string): Promise<void>;
  deleteContainer(accountName: string, container: string): Promise<void>;
  /** Whether the container has any blob. */
  hasBlobs(accountName: string, container: string): Promise<boolean>;
  /** Appends `text` to an append blob, creating the blob if it does not exist. On disk once it resolves. */
  append(accountName: string, container: string, blob: string, text: string): Promise<void>;
  /**
   * Adds records, as JSON objects separated by commas, to the document `{"records":[...]}` in a block blob, creating
   * the blob if it does not exist. On disk once it resolves.
   */
  addRecords(accountName: string, container: string, blob: string, records: string): Promise<void>;
  /** Deletes all contents of the account. */
  deleteAccount(accountName: string): Promise<void>;
}

/** A running blob server. */
export interface BlobServer extends BlobService {
  /**
   * Connection string of the observer account `devstoreaccount1`. It is read-only and always shows the blobs of the
   * newest storage account, except those of flow logs, so that it is known before the account with its random name
   * exists.
   */
  readonly observerConnectionString: string;
  /** Closes all connections and writes everything to disk. */
  close(): Promise<void>;
}
