import type { JsonObject } from "../arm/json.ts";
import { sameId } from "../arm/ids.ts";
import type { Session } from "./sessionModel.ts";

/** A durable table of small documents, stored beside the resources. */
export interface SessionDocuments {
  put(key: string, value: JsonObject): void;
  all(): { key: string; value: JsonObject }[];
}

/** All sessions, open and ended. They are not ARM resources, so they have a separate table. */
export class SessionBook {
  readonly #documents: SessionDocuments;
  readonly #sessions: Map<string, Session>;

  constructor(documents: SessionDocuments) {
    this.#documents = documents;
    this.#sessions = new Map(
      documents.all().map(({ key, value }): [string, Session] => [key, value as unknown as Session]),
    );
  }

  /** Durable once it returns. */
  put(session: Session): void {
    this.#documents.put(session.tunnelId, session as unknown as JsonObject);
    this.#sessions.set(session.tunnelId, session);
  }

  get(tunnelId: string): Session | undefined {
    return this.#sessions.get(tunnelId);
  }

  /** Returns all sessions, oldest first. */
  all(): Session[] {
    return [...this.#sessions.values()].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
  }

  /** Returns the open sessions through a Bastion host or to a VM. */
  open(resourceId: string): Session[] {
    return this.all().filter(
      ({ endedAt, bastionHostId, vmId }) =>
        endedAt === undefined && (sameId(bastionHostId, resourceId) || sameId(vmId, resourceId)),
    );
  }
}
