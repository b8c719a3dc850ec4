import { setTimeout as sleep } from "node:timers/promises";
import { parentIdOf } from "./ids.ts";
import type { TypeRules } from "./model.ts";

/** How long such a write takes at the least, in milliseconds: long enough for clients that send several at once to meet. */
const shortestMs = 50;

/** Keeps writes apart of which Azure takes one at a time inside a parent. */
export class SoleWrites {
  readonly #under = new Set<string>();

  /** @throws ArmError as the type says while another write inside the parent is under way. */
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
