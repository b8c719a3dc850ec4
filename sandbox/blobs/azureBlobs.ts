import { randomUUID } from "node:crypto";
import { BlobServiceClient, RestError, StorageSharedKeyCredential, type AppendBlobClient } from "@azure/storage-blob";

/**
 * Access of Azure's own services to an account's blobs: they bypass its firewall and keys, which they have checked
 * themselves.
 */
export class AzureBlobs {
  readonly #origin: string;
  readonly #key: string;
  readonly #clients = new Map<string, BlobServiceClient>();

  /**
   * @param origin HTTP origin of the service endpoint, for example `http://127.0.0.1:40001`
   * @param key base64 key that the service endpoint accepts for every account
   */
  constructor(origin: string, key: string) {
    this.#origin = origin;
    this.#key = key;
  }

  async createContainer(account: string, container: string): Promise<void> {
    await this.#account(account).getContainerClient(container).createIfNotExists();
  }

  async deleteContainer(account: string, container: string): Promise<void> {
    await this.#account(account).getContainerClient(container).deleteIfExists();
  }

  async hasBlobs(account: string, container: string): Promise<boolean> {
    try {
      const blobs = this.#account(account).getContainerClient(container).listBlobsFlat();
      return (await blobs.next()).done !== true;
    } catch (error) {
      if (error instanceof RestError && error.statusCode === 404) return false;
      throw error;
    }
  }

  async append(account: string, container: string, blob: string, text: string): Promise<void> {
    const client = this.#account(account).getContainerClient(container).getAppendBlobClient(blob);
    await createIfMissing(client);
    await client.appendBlock(text, Buffer.byteLength(text));
  }

  /**
   * Rewrites a block blob with more records in its document, as flow logs are written: the first block opens the
   * document, the last closes it, and new ones are inserted before the last (flow-logs-read.md).
   */
  async addRecords(account: string, container: string, blob: string, records: string): Promise<void> {
    const client = this.#account(account).getContainerClient(container).getBlockBlobClient(blob);
    const known = (await client.exists()) ? ((await client.getBlockList("committed")).committedBlocks ?? []) : [];
    const stage = async (text: string): Promise<string> => {
      const id = Buffer.from(randomUUID().replaceAll("-", "")).toString("base64");
      await client.stageBlock(id, text, Buffer.byteLength(text));
      return id;
    };
    const names = known.map(({ name }) => name);
    const blocks =
      names.length === 0
        ? [await stage('{"records":['), await stage(records), await stage("]}")]
        : [...names.slice(0, -1), await stage(`,${records}`), ...names.slice(-1)];
    await client.commitBlockList(blocks, { blobHTTPHeaders: { blobContentType: "application/json" } });
  }

  async deleteAccount(account: string): Promise<void> {
    const client = this.#account(account);
    const containers: string[] = [];
    for await (const { name } of client.listContainers()) {
      containers.push(name);
    }
    for (const name of containers) {
      await client.deleteContainer(name);
    }
    this.#clients.delete(account);
  }

  #account(name: string): BlobServiceClient {
    const known = this.#clients.get(name);
    if (known !== undefined) return known;
    const credential = new StorageSharedKeyCredential(name, this.#key);
    const client = new BlobServiceClient(`${this.#origin}/${name}`, credential, {
      retryOptions: { maxTries: 1 },
      keepAliveOptions: { enable: false },
    });
    this.#clients.set(name, client);
    return client;
  }
}

async function createIfMissing(client: AppendBlobClient): Promise<void> {
  if (!(await client.exists())) {
    await client.createIfNotExists({ blobHTTPHeaders: { blobContentType: "application/json" } });
  }
}
