import type { BlobModel, BlobProperties } from "azurite/dist/src/blob/persistence/LokiBlobMetadataStore.js";
import loki from "azurite/dist/src/blob/persistence/LokiBlobMetadataStore.js";
import type { Clock } from "../clock.ts";

/**
 * Azurite's metadata store on the sandbox clock. Without it, a blob written after the clock was moved would have the
 * computer's time, and retention periods would be counted from the wrong day.
 */
export class ClockedMetadataStore extends loki.default {
  readonly #clock: Clock;

  constructor(path: string, clock: Clock) {
    super(path, false);
    this.#clock = clock;
  }

  override async createBlob(context: object, blob: BlobModel, ...conditions: unknown[]): Promise<BlobModel> {
    blob.properties.creationTime = this.#clock.now();
    blob.properties.lastModified = this.#clock.now();
    return await super.createBlob(context, blob, ...conditions);
  }

  override async commitBlockList(context: object, blob: BlobModel, ...rest: unknown[]): Promise<void> {
    blob.properties.creationTime = this.#clock.now();
    blob.properties.lastModified = this.#clock.now();
    await super.commitBlockList(context, blob, ...rest);
  }

  override async appendBlock(context: object, block: object, ...conditions: unknown[]): Promise<BlobProperties> {
    const properties = await super.appendBlock(context, block, ...conditions);
    properties.lastModified = this.#clock.now();
    return properties;
  }
}

/**
 * Returns the same store under another account name, for reading only: a call whose account argument is `alias` is
 * forwarded for the account `target()`.
 */
export function aliased(store: object, alias: string, target: () => string | undefined): object {
  return new Proxy(store, {
    get(from, key) {
      const member: unknown = Reflect.get(from, key, from);
      if (typeof member !== "function") return member;
      return (...args: unknown[]): unknown =>
        Reflect.apply(
          member,
          from,
          args.map((argument) => (argument === alias ? (target() ?? alias) : argument)),
        );
    },
  });
}
