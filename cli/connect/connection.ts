import type { Column } from "../reporters/report.ts";
import type { ConnectAccess } from "./access.ts";
import type { Plan } from "./plan.ts";

/** A connection that can be made now. */
export interface Connection extends ConnectAccess {
  /** ARM id. */
  readonly vm: string;
  readonly vmName: string;
  readonly port: number;
  readonly method: "ssh" | "rdp" | "tunnel" | "portal";
  /** The call of the Azure CLI; null in the portal. */
  readonly command: readonly string[] | null;
  /** The VM's page in the portal. */
  readonly link: string;
}

export function connectionOf({ vm, port, client, link }: Plan, access: ConnectAccess): Connection {
  return {
    vm: vm.id,
    vmName: vm.name,
    port,
    method: client?.method ?? "portal",
    command: client === undefined ? null : ["az", ...client.args],
    link,
    ...access,
  };
}

export const connectionColumns: readonly Column<Connection>[] = [
  { key: "vm", value: ({ vm }) => vm },
  { key: "port", type: "number", value: ({ port }) => port },
  { key: "method", value: ({ method }) => method },
  { key: "access", value: ({ access }) => access },
  { key: "until", type: "time", value: ({ until }) => until },
  { key: "requestor", value: ({ requestor }) => requestor },
  { key: "reason", value: ({ reason }) => reason },
  { key: "command", value: ({ command }) => command?.join(" ") },
  { key: "link", value: ({ link }) => link },
];
