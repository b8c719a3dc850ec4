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
  const { store, clock, router, flows, onError = () => undefined } = options;
  const book = new SessionBook(options.documents);

  function reach(wish: ReachWish): Reach | Refused {
    return reachOf({ store, book, now: clock.now() }, wish);
  }

  async function connect(request: ConnectRequest): Promise<ConnectResult> {
    const vm = "link" in request ? vmOfLink(store, request.link) : request.vm;
    const { protocol } = request;
    const reached = reach({ vm, ...(protocol === undefined ? {} : { protocol }) });
    if ("outcome" in reached) {
      if (reached.way !== undefined) await flows.refuse(connectionOf(store, reached.way));
      return refusalOf(reached);
    }
    const { bastion, rule } = reached;
    const session = newSession(reached, request, clock.now());
    const connection = connectionOf(store, reached);
    const failed = request.wrongPassword === true;
    const location = textAt(bastion.host.body, "location") ?? "";
    const message = failed ? "Login Failed" : "Successfully Connected.";
    if (failed) {
      await flows.brief(connection, failedLoginMs);
    } else {
      book.put(session);
      scheduleEnd(session);
      await flows.begin(session.tunnelId, connection, new Date(session.startedAt));
    }
    const deliveries = await router.sendResourceLog(connectRecord(session, message, location));
    const [blobPath] = deliveries.flatMap((delivery) => blobPathOf(delivery) ?? []);
    return {
      outcome: failed ? "loginFailed" : "connected",
      ...(failed ? {} : { session }),
      tunnelId: session.tunnelId,
      ...(blobPath === undefined ? {} : { blobPath }),
      deliveries: deliveries.map(describe),
      ...(rule === undefined ? {} : { rule }),
    };
  }

  function scheduleEnd({ tunnelId, endsAt }: Session): void {
    clock.schedule(new Date(endsAt), () => end(tunnelId));
  }

  async function end(tunnelId: string): Promise<void> {
    const session = book.get(tunnelId);
    if (session === undefined || session.endedAt !== undefined) return;
    const ended = { ...session, endedAt: clock.now().toISOString() };
    book.put(ended);
    await flows.end(tunnelId);
    const host = store.get(session.bastionHostId);
    if (host !== undefined) {
      try {
        await router.sendResourceLog(endRecord(ended, textAt(host.body, "location") ?? ""));
      } catch (error) {
        onError(error);
      }
    }
  }

  function blobPathOf(delivery: Delivery): string | undefined {
    if ("refused" in delivery || delivery.sink !== "storage") return undefined;
    return `${store.get(delivery.accountId)?.name ?? ""}/${delivery.container}/${delivery.blob}`;
  }

  function describe(delivery: Delivery): string {
    if ("refused" in delivery) return `${delivery.sink} refused: ${delivery.refused}`;
    return delivery.sink === "storage"
      ? `storage:${blobPathOf(delivery) ?? ""}`
      : `workspace:${store.get(delivery.workspaceId)?.name ?? ""}/${delivery.table}`;
  }

  return {
    actions: bastionActions(book, (session) => end(session.tunnelId)),
    list: () => book.all(),
    resume() {
      flows.resume();
      for (const session of book.all()) {
        if (session.endedAt === undefined) scheduleEnd(session);
      }
    },
    reach(wish) {
      const reached = reach(wish);
      return "outcome" in reached ? refusalOf(reached) : reached;
    },
    connect,
  };
}

function newSession({ bastion, target, protocol, port }: Reach, request: ConnectRequest, start: Date): Session {
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
