import type { ActionContext, ActionResult } from "../arm/model.ts";
import type { InboundDecision } from "../arm/types/network/effectiveRules.ts";
import type { BastionView } from "./bastionHosts.ts";
import type { TargetVm } from "./targetVm.ts";

export type Protocol = "ssh" | "rdp";

/** How somebody connects: what the portal, `az network bastion` or the page of a shareable link asks for. */
export type ConnectRequest = (SignedIn | ByLink) & LoginWish;

/** Through the portal or `az`, which know the person. */
interface SignedIn {
  /** VM name, or its ARM id where a name is not unique. */
  readonly vm: string;
  /** Entra account of the person, e.g. `ada@example.com`. */
  readonly user: string;
}

/** Whoever has a shareable link signs in to its VM alone, not to Azure (azure-docs, bastion/shareable-link.md). */
interface ByLink {
  /** URL of the link, as Bastion gave it. */
  readonly link: string;
}

export interface LoginWish {
  /** Account on the VM. Default: the VM's `adminUsername`. */
  readonly account?: string;
  /** Default: `ssh` for Linux, `rdp` for Windows. */
  readonly protocol?: Protocol;
  /** How long the session stays open on the sandbox clock. Default 60. */
  readonly minutes?: number;
  readonly wrongPassword?: boolean;
}

/** One Bastion tunnel. */
export interface Session {
  readonly tunnelId: string;
  readonly bastionHostId: string;
  readonly vmId: string;
  readonly vmIpAddress: string;
  /** Entra account; absent where the person came by a shareable link. */
  readonly user?: string;
  readonly account: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** The person's own address, never the Bastion subnet's. */
  readonly clientIpAddress: string;
  readonly clientPort: number;
  /** ISO 8601 UTC on the sandbox clock. */
  readonly startedAt: string;
  /** When it ends by itself. */
  readonly endsAt: string;
  /** When it ended; absent while it is open. */
  readonly endedAt?: string;
}

/** The answer of `connect`. */
export type ConnectResult =
  | {
      readonly outcome: "connected" | "loginFailed";
      /** Absent after a failed login: there is no session then. */
      readonly session?: Session;
      readonly tunnelId: string;
      /** `<account name>/<container>/<blob>` of the audit record; absent where no setting sends it to storage. */
      readonly blobPath?: string;
      /** Every place the audit record went to, as `storage:<account>/<container>/<blob>` or `workspace:<name>/<table>`. */
      readonly deliveries: readonly string[];
      /** The NSG rule that let the session in, if the VM has an NSG. */
      readonly rule?: string;
    }
  | Refusal;

/** A session that Bastion or the network does not open. */
export interface Refusal {
  readonly outcome: "refused";
  /** Azure's words where it has any. */
  readonly reason: string;
  /** The NSG rule that refused it. */
  readonly rule?: string;
  readonly networkSecurityGroupId?: string;
}

/** What somebody wants to reach. */
export interface ReachWish {
  /** Name or ARM id of the VM. */
  readonly vm: string;
  /** Default: the one that the VM's operating system has. */
  readonly protocol?: Protocol;
  /** Default: the protocol's own. */
  readonly port?: number;
}

/** A way to a VM, and what the rules on it say. */
export interface Way {
  readonly bastion: BastionView;
  readonly target: TargetVm;
  readonly protocol: Protocol;
  readonly port: number;
  readonly decision: InboundDecision;
}

/** A way to a VM that is open. */
export interface Reach extends Way {
  /** The NSG rule that lets one in, if the VM has an NSG. */
  readonly rule: string | undefined;
}

/** What the control plane asks of Bastion's data plane: the POST actions of a host, and the end of sessions. */
export interface BastionActions {
  /** `getActiveSessions`: long-running, `{value: [BastionActiveSession]}`. */
  getActiveSessions(context: ActionContext): ActionResult | Promise<ActionResult>;
  /** `disconnectActiveSessions`, body `{sessionIds}`: `{value: [{sessionId, message, state}]}`. */
  disconnectActiveSessions(context: ActionContext): ActionResult | Promise<ActionResult>;
  /** `setsessionrecordingsasurl`, body `{sasUrl}`. */
  setRecordingSasUrl(context: ActionContext): ActionResult | Promise<ActionResult>;
  /** Ends the open sessions through a Bastion host or to a VM: it is stopped or deleted. */
  endSessionsOf(resourceId: string): Promise<void>;
}

/** Bastion's data plane. */
export interface BastionSessions {
  readonly actions: BastionActions;
  /** Tries to open a session; an unknown VM, a VM without a Bastion host and bad input throw an `ArmError`. */
  connect(request: ConnectRequest): Promise<ConnectResult>;
  /** Whether a session could be opened now, without opening one; errors as of `connect`. */
  reach(wish: ReachWish): Reach | Refusal;
  /** All sessions, open and ended, oldest first. */
  list(): readonly Session[];
  /** Sets the end timers of the open sessions again after a restart. */
  resume(): void;
}
