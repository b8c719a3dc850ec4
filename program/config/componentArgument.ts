/** The arguments of components that a single config key sets. */
import type {
  AuditArchiveArgs,
  AuditWorkspaceArgs,
  BastionHostArgs,
  BastionNetworkArgs,
  FlowLogsArgs,
  JitVirtualMachineArgs,
} from "@bastion-trail/components";

/** The components with arguments that a single key sets. Tags and locks apply to all of them. */
interface Components {
  readonly BastionNetwork: BastionNetworkArgs;
  readonly BastionHost: BastionHostArgs;
  readonly AuditArchive: AuditArchiveArgs;
  readonly AuditWorkspace: AuditWorkspaceArgs;
  readonly FlowLogs: FlowLogsArgs;
  readonly JitVirtualMachine: JitVirtualMachineArgs;
}
export type Component = keyof Components;

/** An argument of a component. */
export interface Argument<C extends Component = Component, Name extends string = string> {
  readonly component: C;
  readonly name: Name;
}

export function argument<C extends Component, Name extends keyof Components[C] & string>(
  component: C,
  name: Name,
): Argument<C, Name> {
  return { component, name };
}
