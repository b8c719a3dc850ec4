import { createHash, randomInt, randomUUID } from "node:crypto";
import { textAt } from "../arm/json.ts";
import { badRequest } from "../arm/armError.ts";
import type { Clock } from "../clock.ts";
import type { ResourceStore } from "../arm/resource.ts";
import { vmOfLink } from "../arm/types/network/shareableLinks.ts";
import { connectRecord, endRecord } from "../logs/bastionRecords.ts";
import type { Delivery, LogRouter } from "../logs/logRecords.ts";
import { bastionActions } from "./bastionActions.ts";
import type { FlowRecorder } from "../flows/flowRecorder.ts";
import { connectionOf } from "./connectionOf.ts";
import { reachOf, type Refused } from "./reach.ts";
import { SessionBook, type SessionDocuments } from "./sessionBook.ts";
import type {
  BastionActions,
  BastionSessions,
  ConnectRequest,
  ConnectResult,
  Reach,
  ReachWish,
  Refusal,
  Session,
} from "./sessionModel.ts";

export type { BastionActions, BastionSessions } from "./sessionModel.ts";

export interface BastionSessionsOptions {
  readonly store: ResourceStore;
  readonly clock: Clock;
  readonly router: LogRouter;
  readonly flows: FlowRecorder;
  /** For example `store.documents("bastionSessions")`. */
  readonly documents: SessionDocuments;
  /** Called if the record of a session's end could not be sent. */
  readonly onError?: (error: unknown) => void;
}

/** Creates Bastion's data plane: sessions are refused, opened and ended, each with its audit record. */
export function createBastionSessions(options: BastionSessionsOptions): BastionSessions {
  return new Sessions(options);
}

class Sessions implements BastionSessions {
  readonly actions: BastionActions;
  readonly #store: ResourceStore;
  readonly #clock: Clock;
  readonly #router: LogRouter;
  readonly #flows: FlowRecorder;
  readonly #book: SessionBook;
  readonly #onError: (error: unknown) => void;

  constructor({ store, clock, router, flows, documents, onError = () => undefined }: BastionSessionsOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#router = router;
    this.#flows = flows;
    this.#book = new SessionBook(documents);
    this.#onError = onError;
    this.actions = bastionActions(this.#book, (session) => this.#end(session.tunnelId));
  }

  list(): readonly Session[] {
    return this.#book.all();
  }

  resume(): void {
    this.#flows.resume();
    for (const session of this.#book.all()) {
      if (session.endedAt === undefined) this.#scheduleEnd(session);
    }
  }

  reach(wish: ReachWish): Reach | Refusal {
    const reach = this.#reach(wish);
    return "outcome" in reach ? refusalOf(reach) : reach;
  }

  #reach(wish: ReachWish): Reach | Refused {
    return reachOf({ store: this.#store, book: this.#book, now: this.#clock.now() }, wish);
  }

  async connect(request: ConnectRequest): Promise<ConnectResult> {
    const vm = "link" in request ? vmOfLink(this.#store, request.link) : request.vm;
    const { protocol } = request;
    const reach = this.#reach({ vm, ...(protocol === undefined ? {} : { protocol }) });
    if ("outcome" in reach) {
      if (reach.way !== undefined) await this.#flows.refuse(connectionOf(this.#store, reach.way));
      return refusalOf(reach);
    }
    const { bastion, rule } = reach;
    const session = this.#newSession(reach, request);
    const connection = connectionOf(this.#store, reach);
    const failed = request.wrongPassword === true;
    const location = textAt(bastion.host.body, "location") ?? "";
    const message = failed ? "Login Failed" : "Successfully Connected.";
    if (failed) {
      await this.#flows.brief(connection, failedLoginMs);
    } else {
      this.#book.put(session);
      this.#scheduleEnd(session);
      await this.#flows.begin(session.tunnelId, connection, new Date(session.startedAt));
    }
    const deliveries = await this.#router.sendResourceLog(connectRecord(session, message, location));
    const [blobPath] = deliveries.flatMap((delivery) => this.#blobPathOf(delivery) ?? []);
    return {
      outcome: failed ? "loginFailed" : "connected",
      ...(failed ? {} : { session }),
      tunnelId: session.tunnelId,
      ...(blobPath === undefined ? {} : { blobPath }),
      deliveries: deliveries.map((delivery) => this.#describe(delivery)),
      ...(rule === undefined ? {} : { rule }),
    };
  }

  #newSession({ bastion, target, protocol, port }: Reach, request: ConnectRequest): Session {
    const start = this.#clock.now();
    const user = "user" in request ? request.user : undefined;
    const account = request.account ?? target.account ?? user;
    if (account === undefined) {
      throw badRequest("InvalidParameter", `account is missing, and '${target.vm.name}' has none by default.`);
    }
    return {
      tunnelId: randomUUID(),
      bastionHostId: bastion.host.id,
      vmId: target.vm.id,
      vmIpAddress: target.network.privateIpAddress,
      ...(user === undefined ? {} : { user }),
      account,
      protocol,
      port,
      clientIpAddress: addressOf("link" in request ? request.link : request.user),
      clientPort: randomInt(49_152, 65_536),
      startedAt: start.toISOString(),
      endsAt: new Date(start.getTime() + (request.minutes ?? 60) * 60_000).toISOString(),
    };
  }

  #scheduleEnd({ tunnelId, endsAt }: Session): void {
    this.#clock.schedule(new Date(endsAt), () => this.#end(tunnelId));
  }

  async #end(tunnelId: string): Promise<void> {
    const session = this.#book.get(tunnelId);
    if (session === undefined || session.endedAt !== undefined) return;
    const ended = { ...session, endedAt: this.#clock.now().toISOString() };
    this.#book.put(ended);
    await this.#flows.end(tunnelId);
    const host = this.#store.get(session.bastionHostId);
    if (host !== undefined) {
      try {
        await this.#router.sendResourceLog(endRecord(ended, textAt(host.body, "location") ?? ""));
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  #blobPathOf(delivery: Delivery): string | undefined {
    if ("refused" in delivery || delivery.sink !== "storage") return undefined;
    return `${this.#store.get(delivery.accountId)?.name ?? ""}/${delivery.container}/${delivery.blob}`;
  }

  #describe(delivery: Delivery): string {
    if ("refused" in delivery) return `${delivery.sink} refused: ${delivery.refused}`;
    return delivery.sink === "storage"
      ? `storage:${this.#blobPathOf(delivery) ?? ""}`
      : `workspace:${this.#store.get(delivery.workspaceId)?.name ?? ""}/${delivery.table}`;
  }
}

/** Duration of a connection whose login fails. */
const failedLoginMs = 4_000;

function refusalOf({ outcome, reason, rule, networkSecurityGroupId }: Refused): Refusal {
  return {
    outcome,
    reason,
    ...(rule === undefined ? {} : { rule }),
    ...(networkSecurityGroupId === undefined ? {} : { networkSecurityGroupId }),
  };
}

/**
 * Returns the same address for the same user or link, from a range reserved for documentation (RFC 5737, TEST-NET-3).
 */
function addressOf(userOrLink: string): string {
  return `203.0.113.${String(1 + (createHash("md5").update(userOrLink.toLowerCase()).digest().readUInt8(0) % 254))}`;
}
