import type { ActionContext } from "../arm/requestContext.ts";
import type { ActionResult } from "../arm/typeRules.ts";
import type { InboundDecision } from "../arm/types/network/effectiveRules.ts";
import type { BastionView } from "./bastionHosts.ts";
import type { TargetVm } from "./targetVm.ts";

export type Protocol = "ssh" | "rdp";

/** A request to connect: through the portal, `az network bastion` or the page of a shareable link. */
export type ConnectRequest = (SignedIn | ByLink) & LoginWish;

/** Through the portal or `az`, where the user is signed in. */
interface SignedIn {
  /** VM name, or its ARM id if the name is not unique. */
  readonly vm: string;
  /** Entra account of the user, for example `ada@example.com`. */
  readonly user: string;
}

/** A user of a shareable link signs in only to the VM, not to Azure (azure-docs, bastion/shareable-link.md). */
interface ByLink {
  /** URL of the link, as returned by Bastion. */
  readonly link: string;
}

export interface LoginWish {
  /** Account on the VM. Defaults to the VM's `adminUsername`. */
  readonly account?: string;
  /** Defaults to `ssh` for Linux, `rdp` for Windows. */
  readonly protocol?: Protocol;
  /** Minutes that the session stays open on the sandbox clock. Defaults to 60. */
  readonly minutes?: number;
  readonly wrongPassword?: boolean;
}

/** One Bastion tunnel. */
export interface Session {
  readonly tunnelId: string;
  readonly bastionHostId: string;
  readonly vmId: string;
  readonly vmIpAddress: string;
  /** Entra account; absent for a shareable link. */
  readonly user?: string;
  readonly account: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** The client's own address, never one of the Bastion subnet. */
  readonly clientIpAddress: string;
  readonly clientPort: number;
  /** ISO 8601 UTC on the sandbox clock. */
  readonly startedAt: string;
  /** Scheduled end. */
  readonly endsAt: string;
  /** Actual end; absent while the session is open. */
  readonly endedAt?: string;
}

/** The result of `connect`. */
export type ConnectResult =
  | {
      readonly outcome: "connected" | "loginFailed";
      /** Absent after a failed login, which creates no session. */
      readonly session?: Session;
      readonly tunnelId: string;
      /** `<account name>/<container>/<blob>` of the audit record; absent if no setting sends it to storage. */
      readonly blobPath?: string;
      /**
       * Every destination of the audit record, as `storage:<account>/<container>/<blob>` or `workspace:<name>/<table>`.
       */
      readonly deliveries: readonly string[];
      /** The NSG rule that allowed the session, if the VM has an NSG. */
      readonly rule?: string;
    }
  | Refusal;

/** A session refused by Bastion or by the network. */
export interface Refusal {
  readonly outcome: "refused";
  /** Azure's message, if known. */
  readonly reason: string;
  /** The NSG rule that denied the session. */
  readonly rule?: string;
  readonly networkSecurityGroupId?: string;
}

/** A VM to reach. */
export interface ReachWish {
  /** Name or ARM id of the VM. */
  readonly vm: string;
  /** Defaults to that of the VM's operating system. */
  readonly protocol?: Protocol;
  /** Defaults to the protocol's own port. */
  readonly port?: number;
}

/** A way to a VM, and the decision of its rules. */
export interface Way {
  readonly bastion: BastionView;
  readonly target: TargetVm;
  readonly protocol: Protocol;
  readonly port: number;
  readonly decision: InboundDecision;
}

/** An open way to a VM. */
export interface Reach extends Way {
  /** The NSG rule that allows it, if the VM has an NSG. */
  readonly rule: string | undefined;
}

/** The parts of Bastion's data plane that the control plane uses: the POST actions of a host, and ending sessions. */
export interface BastionActions {
  /** `getActiveSessions`: long-running, `{value: [BastionActiveSession]}`. */
  getActiveSessions(context: ActionContext): ActionResult | Promise<ActionResult>;
  /** `disconnectActiveSessions`, body `{sessionIds}`: `{value: [{sessionId, message, state}]}`. */
  disconnectActiveSessions(context: ActionContext): ActionResult | Promise<ActionResult>;
  /** `setsessionrecordingsasurl`, body `{sasUrl}`. */
  setRecordingSasUrl(context: ActionContext): ActionResult | Promise<ActionResult>;
  /** Ends the open sessions through a Bastion host or to a VM, which is being stopped or deleted. */
  endSessionsOf(resourceId: string): Promise<void>;
}

/** Bastion's data plane. */
export interface BastionSessions {
  readonly actions: BastionActions;
  /** Tries to open a session. Throws an `ArmError` for an unknown VM, a VM without a Bastion host and invalid input. */
  connect(request: ConnectRequest): Promise<ConnectResult>;
  /** Whether a session could be opened now, without opening one. Throws the same errors as `connect`. */
  reach(wish: ReachWish): Reach | Refusal;
  /** Returns all sessions, open and ended, oldest first. */
  list(): readonly Session[];
  /** Restores the end timers of the open sessions after a restart. */
  resume(): void;
}
