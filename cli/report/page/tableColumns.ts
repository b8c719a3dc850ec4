/** The columns of the table of sessions. */
import { visible } from "@bastion-trail/core/rules/visible";
import { formatLength, formatTime } from "./format.ts";
import type { Model } from "./model.ts";
import type { SortKey } from "./sort.ts";
import { verdictAt } from "./verdicts.ts";

interface Column {
  readonly key: SortKey;
  readonly title: string;
  readonly text: (model: Model, row: number) => string;
}

/** In order. Where there is little room, page.css hides some of them. */
export const columns: readonly Column[] = [
  { key: "verdict", title: "Verdict", text: ({ verdict }, row) => verdictAt(verdict[row]).name },
  { key: "start", title: "Start (UTC)", text: ({ start }, row) => formatTime(start[row] ?? 0) },
  { key: "length", title: "Length", text: lengthOf },
  { key: "person", title: "Person", text: personOf },
  { key: "vm", title: "VM", text: (model, row) => model.text(row, "vmLabel") ?? model.text(row, "vmIp") ?? "–" },
  { key: "requestedBy", title: "Requested by", text: requestorOf },
  { key: "port", title: "Port", text: portOf },
  { key: "clientIp", title: "Client IP", text: (model, row) => model.text(row, "clientIp") ?? "–" },
  { key: "link", title: "Link", text: (model, row) => model.text(row, "link") ?? "–" },
  { key: "flags", title: "Flags", text: ({ flagsOf }, row) => flagsOf(row).join(", ") },
];

function lengthOf(model: Model, row: number): string {
  const length = (model.end[row] ?? 0) - (model.start[row] ?? 0);
  return model.hasEnd(row) ? formatLength(length) : (model.text(row, "state") ?? "–");
}

/** The person, or in parentheses the account on the VM if the person is unknown. */
function personOf(model: Model, row: number): string {
  const account = model.text(row, "account");
  return model.text(row, "person") ?? (account === null ? "–" : `(${account})`);
}

function portOf(model: Model, row: number): string {
  const port = model.port[row] ?? -1;
  const protocol = model.text(row, "protocol");
  return port === -1 ? (protocol ?? "–") : [port, ...(protocol === null ? [] : [protocol])].join(" ");
}

/** Who requested the session's access, and the reason. */
function requestorOf({ data, request }: Model, row: number): string {
  const found = data.requests[request[row] ?? -1];
  return found === undefined
    ? "–"
    : visible([found.by ?? "–", ...(found.reason === null ? [] : [found.reason])].join(": "));
}
