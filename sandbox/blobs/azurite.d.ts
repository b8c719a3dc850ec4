/** The parts of Azurite 3.37 that the blob server is built from; the package has no types. */

declare module "azurite/dist/src/blob/BlobRequestListenerFactory.js" {
  import type { RequestListener } from "node:http";
  export class BlobRequestListenerFactory {
    constructor(
      metadataStore: object,
      extentStore: object,
      accountDataStore: object,
      enableAccessLog: boolean,
      accessLogWriteStream: undefined,
      loose: boolean,
      skipApiVersionCheck: boolean,
      oauth: number | undefined,
      disableProductStyleUrl: boolean,
    );
    createRequestListener(): RequestListener;
  }
  const exported: { default: typeof BlobRequestListenerFactory };
  export default exported;
}

declare module "azurite/dist/src/blob/persistence/LokiBlobMetadataStore.js" {
  import type { LokiDatabase } from "azurite/dist/src/common/persistence/LokiExtentMetadataStore.js";
  export interface BlobProperties {
    creationTime?: Date;
    lastModified: Date;
    contentLength?: number;
    blobType?: string;
  }
  export interface BlobModel {
    readonly name: string;
    readonly accountName: string;
    readonly containerName: string;
    readonly properties: BlobProperties;
  }
  export class LokiBlobMetadataStore {
    readonly db: LokiDatabase;
    constructor(path: string, inMemory: boolean);
    init(): Promise<void>;
    close(): Promise<void>;
    createBlob(context: object, blob: BlobModel, ...conditions: unknown[]): Promise<BlobModel>;
    commitBlockList(context: object, blob: BlobModel, ...rest: unknown[]): Promise<void>;
    appendBlock(context: object, block: object, ...conditions: unknown[]): Promise<BlobProperties>;
    checkBlobExist(context: object, account: string, container: string, blob: string): Promise<void>;
    getBlobProperties(
      context: object,
      account: string,
      container: string,
      blob: string,
    ): Promise<{ readonly properties: BlobProperties }>;
  }
  const exported: { default: typeof LokiBlobMetadataStore };
  export default exported;
}

declare module "azurite/dist/src/common/persistence/LokiExtentMetadataStore.js" {
  export interface LokiDatabase {
    saveDatabase(done: (error?: Error | null) => void): void;
    autosaveDisable(): void;
    autosaveEnable(options: undefined, done: (error?: Error | null) => void): void;
  }
  export class LokiExtentMetadataStore {
    readonly db: LokiDatabase;
    constructor(path: string, inMemory: boolean);
    init(): Promise<void>;
    close(): Promise<void>;
  }
  const exported: { default: typeof LokiExtentMetadataStore };
  export default exported;
}

declare module "azurite/dist/src/common/persistence/FSExtentStore.js" {
  export class FSExtentStore {
    readonly activeWriteExtents: readonly { readonly fd?: number }[];
    constructor(
      metadata: object,
      places: readonly { locationId: string; locationPath: string; maxConcurrency: number }[],
      logger: object,
    );
    init(): Promise<void>;
    close(): Promise<void>;
  }
  const exported: { default: typeof FSExtentStore };
  export default exported;
}

declare module "azurite/dist/src/common/Logger.js" {
  /** Silent unless configured. */
  const exported: { default: object };
  export default exported;
}

declare module "azurite/dist/src/common/Telemetry.js" {
  export const AzuriteTelemetryClient: { init(location: string, enableTelemetry: boolean, env: undefined): void };
}

declare module "azurite/dist/src/common/models.js" {
  export const OAuthLevel: { readonly BASIC: number };
}
