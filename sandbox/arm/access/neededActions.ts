import type { Caller } from "../caller.ts";

/**
 * Records the operations that each caller has needed since the control plane started, except callers with all rights.
 */
export class NeededActions {
  readonly #byObjectId = new Map<string, Map<string, string>>();

  note({ objectId }: Caller, action: string): void {
    const key = objectId.toLowerCase();
    const actions = this.#byObjectId.get(key) ?? new Map<string, string>();
    this.#byObjectId.set(key, actions);
    if (!actions.has(action.toLowerCase())) actions.set(action.toLowerCase(), action);
  }

  /** Returns each operation once, sorted. */
  of(objectId: string): string[] {
    return [...(this.#byObjectId.get(objectId.toLowerCase())?.values() ?? [])].sort();
  }
}
