/** Reads the flows in a value of a source: a record of a flow log, a row of `NTANetAnalytics`, or something else. */
import { isIP } from "node:net";
import { reasons } from "../pieces/piece.ts";
import { flowCategory, flowTable, logOf } from "../records/logOf.ts";
import {
  badTime,
  cut,
  decimalIn,
  instantOf,
  isObject,
  membersOf,
  noTime,
  objectIn,
  portIn,
  textOf,
  unlessTooDeep,
  type Members,
} from "../records/values.ts";
import type { FlowRow } from "../trail/types.ts";
import { ruleNameOf, tcp, tupleOf, type FlowTuple } from "./flowTuple.ts";
import { jsonValue } from "../../jsonValue.ts";
import { hourMs } from "../../time.ts";

export interface FlowsIn {
  readonly tuples: readonly FlowTuple[];
  /** Rows that are already aggregated. */
  readonly rows: readonly FlowRow[];
  /** Number of flows that are not inbound TCP connections. */
  readonly passedOver: number;
  /** One sentence for each part that could not be read. The rest is read. */
  readonly wrong: readonly string[];
  /** One sentence for each impossible value without which its row is read. */
  readonly odd: readonly string[];
}

/** Returns the flows in a value, the name of the other log it belongs to, or the reason why it is neither. */
export function flowsIn(value: unknown): FlowsIn | { readonly otherLog: string } | { readonly reason: string } {
  return unlessTooDeep(() => {
    if (!isObject(value)) return { reason: reasons.unknown };
    const members = membersOf(value);
    const log = logOf(members);
    if (isAnalyticsRow(members, log?.name)) return rowIn(members);
    if (members.has("flowrecords") || log?.name.toLowerCase() === flowCategory.toLowerCase()) return recordIn(members);
    return log === undefined ? { reason: reasons.unknown } : { otherLog: log.name };
  });
}

const nothing: FlowsIn = { tuples: [], rows: [], passedOver: 0, wrong: [], odd: [] };

function recordIn(members: Members): FlowsIn {
  // A tool that makes a table of JSON joins the two names, and writes a list as a text into CSV.
  const given = membersOf(objectIn(members.get("flowrecords"))).get("flows") ?? members.get("flowrecordsflows");
  const flows = typeof given === "string" ? jsonValue(given) : given;
  if (!Array.isArray(flows)) return { ...nothing, wrong: ["The record of a flow log has no flowRecords.flows."] };
  const sum = { tuples: [] as FlowTuple[], rows: [], passedOver: 0, wrong: [] as string[], odd: [] };
  for (const flow of flows as unknown[]) {
    const acl = membersOf(objectIn(flow));
    const groups = acl.get("flowgroups");
    if (!Array.isArray(groups)) {
      sum.wrong.push("A record of a flow log has flows without flowGroups.");
      continue;
    }
    for (const member of groups as unknown[]) {
      const group = membersOf(objectIn(member));
      const texts = group.get("flowtuples");
      if (!Array.isArray(texts)) {
        sum.wrong.push("A record of a flow log has a group without flowTuples.");
        continue;
      }
      const rule = { rule: ruleNameOf(textOf(group.get("rule"))), group: groupOf(textOf(acl.get("aclid"))) };
      for (const text of texts as unknown[]) {
        const read = tupleOf(text, rule);
        if (read === "passedOver") sum.passedOver += 1;
        else if ("tuple" in read) sum.tuples.push(read.tuple);
        else sum.wrong.push(read.reason);
      }
    }
  }
  return sum;
}

function groupOf(text: string | null): string | null {
  return text?.toLowerCase() === "unspecified" ? null : text;
}

/** An export may lack the column `Type`, in which a row names its table. */
function isAnalyticsRow(members: Members, name: string | undefined): boolean {
  return name === undefined
    ? members.has("flowstatus") && members.has("destip") && members.has("flowdirection")
    : name.toLowerCase() === flowTable.toLowerCase();
}

/** Default interval of Traffic Analytics, in milliseconds. It can be 10 or 60 minutes (traffic-analytics-schema.md). */
const usualInterval = hourMs;

function rowIn(members: Members): FlowsIn {
  const text = (...names: string[]): string | null =>
    names.map((name) => textOf(members.get(name))).find((found) => found !== null) ?? null;
  const wrong = (what: string): FlowsIn => ({ ...nothing, wrong: [`The row of ${flowTable} ${what}.`] });
  const isNot = (name: string, what: string): FlowsIn =>
    wrong(`has the ${name} "${cut(text(name.toLowerCase()) ?? "")}"; it must ${what}`);
  const subType = text("subtype");
  if (subType !== null && subType.toLowerCase() !== "flowlog") return { ...nothing, passedOver: 1 };
  const lacking = ["FlowDirection", "L4Protocol"].filter((name) => !members.has(name.toLowerCase()));
  if (lacking.length > 0) return wrong(`lacks ${lacking.join(" and ")}`);
  const direction = text("flowdirection") ?? "";
  if (!/^(?:[IO]|$)/i.test(direction)) return isNot("FlowDirection", "begin with I or O");
  const isTcp = /^(?:T|6$)/i.test(text("l4protocol") ?? "");
  if (!/^I/i.test(direction) || !isTcp) return { ...nothing, passedOver: 1 };
  const time = (...names: string[]): number => Date.parse(instantOf(text(...names)) ?? "");
  const written = text("flowstarttime", "flowintervalstarttime");
  const start = Date.parse(instantOf(written) ?? "");
  const end = time("flowendtime", "flowintervalendtime");
  const vmIp = text("destip");
  if (vmIp === null) return wrong("lacks DestIp");
  if (isIP(vmIp) === 0) return isNot("DestIp", "be an IP address");
  const destPort = text("destport");
  if (destPort === null) return wrong("lacks DestPort");
  const port = portIn(destPort);
  if (port === null) return isNot("DestPort", "be a port number");
  if (written === null) return { ...nothing, wrong: [noTime(`row of ${flowTable}`, members)] };
  if (Number.isNaN(start)) return { ...nothing, wrong: [badTime(written)] };
  const status = text("flowstatus") ?? "";
  if (!/^[AD]/i.test(status)) return isNot("FlowStatus", "begin with A or D");
  const sourceIp = text("srcip");
  if (sourceIp !== null && isIP(sourceIp) === 0) return isNot("SrcIp", "be an IP address");
  const count = (name: string): number => decimalIn(text(name) ?? "0");
  const uncounted = ["AllowedInFlows", "CompletedFlows"].find((name) => Number.isNaN(count(name.toLowerCase())));
  if (uncounted !== undefined) return isNot(uncounted, "be a number");
  // Without an end, the row may belong to any session of an hour.
  const odd = ["FlowEndTime", "FlowIntervalEndTime"].flatMap((name) => {
    const given = text(name.toLowerCase());
    if (given === null || time(name.toLowerCase()) >= start) return [];
    const why = instantOf(given) === null ? "is not an ISO 8601 date" : "is before its start";
    return [`Its ${name} ${why}: ${cut(given)}. The row is read without it.`];
  });
  const interval = time("flowintervalendtime") - start;
  const denied = /^D/i.test(status);
  const row: FlowRow = {
    vmIp,
    port,
    sourceIp,
    sourcePort: null,
    protocol: tcp,
    start,
    // This is the time of the last begin in the interval, so the connection may really have ended later.
    end: Number.isNaN(end) ? start : Math.max(start, end),
    rule: ruleNameOf(text("aclrule", "nsgrule")),
    group: groupOf(text("aclgroup", "nsglist")),
    state: denied ? "D" : count("completedflows") > 0 ? "E" : "C",
    // A row of a connection that only continues counts no allowed flow.
    hasBegin: !denied && (text("allowedinflows") === null || count("allowedinflows") > 0),
    bytes: null,
    intervalMs: interval > 0 ? interval : usualInterval,
  };
  return { ...nothing, rows: [row], odd };
}
