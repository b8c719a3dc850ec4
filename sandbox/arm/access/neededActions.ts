import type { Caller } from "../model.ts";

/** Which operations each sender of requests has needed since the control plane started, but those who may do everything. */
export class NeededActions {
  readonly #byObjectId = new Map<string, Map<string, string>>();

  note({ objectId }: Caller, action: string): void {
    const key = objectId.toLowerCase();
    const actions = this.#byObjectId.get(key) ?? new Map<string, string>();
    this.#byObjectId.set(key, actions);
    if (!actions.has(action.toLowerCase())) actions.set(action.toLowerCase(), action);
  }

  /** Each once, sorted. */
  of(objectId: string): string[] {
    return [...(this.#byObjectId.get(objectId.toLowerCase())?.values() ?? [])].sort();
  }
}
