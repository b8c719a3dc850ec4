import { setTimeout as sleep } from "node:timers/promises";
import { parentIdOf } from "./ids.ts";
import type { TypeRules } from "./typeRules.ts";

/** Minimum duration of such a write in milliseconds, long enough for concurrent requests of a client to collide. */
const shortestMs = 50;

/** Serializes writes of which Azure allows only one at a time inside a parent. */
export class SoleWrites {
  readonly #under = new Set<string>();

  /** @throws ArmError of the type if another write inside the parent is in progress. */
  async run<T>({ id, rules }: { readonly id: string; readonly rules: TypeRules }, write: () => Promise<T>): Promise<T> {
    if (rules.writesAlone === undefined) return await write();
    const parent = (parentIdOf(id) ?? "").toLowerCase();
    if (this.#under.has(parent)) throw rules.writesAlone(id);
    this.#under.add(parent);
    try {
      await sleep(shortestMs);
      return await write();
    } finally {
      this.#under.delete(parent);
    }
  }
}
