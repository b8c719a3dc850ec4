/** The lists beside the sessions: totals, unused grants, rules, and the coverage of the report. */
import type { LogCoverage, TrailGrant, TrailLog, TrailRuleRow } from "../../audit/trail/types.ts";
import { unreadText } from "../../audit/records/unreadText.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import type { Details } from "./details.ts";
import { element, found } from "./dom.ts";
import { counted, formatCount, formatLength, formatMinute, formatTime } from "./format.ts";
import { longTable } from "./longTable.ts";
import type { Model, Stretch } from "./model.ts";
import type { State, Store } from "./state.ts";
import { totalsOf, type Total } from "./totals.ts";
import { verdicts } from "./verdicts.ts";

export function showTotals(store: Store, { model, rows }: State): void {
  const all = [
    ["totals-person", "person", "Person", "No person in view."] as const,
    ["totals-vm", "vmLabel", "VM", "No VM in view."] as const,
  ];
  for (const [id, column, title, empty] of all) {
    const table = longTable({
      caption: `Totals per ${title.toLowerCase() === "vm" ? "VM" : "person"}`,
      headings: [title, "Sessions", ...verdicts.map(({ name }) => name), "Time connected"],
      rows: totalsOf(model, rows, column),
      cells: (total: Total) => [
        nameButton(total.name, () => {
          store.setFilter(column === "person" ? { person: total.name } : { vm: total.name });
        }),
        formatCount(total.sessions),
        ...verdicts.map((_, index) =>
          (total.byVerdict[index] ?? 0) === 0 ? "" : formatCount(total.byVerdict[index] ?? 0),
        ),
        formatLength(total.length),
      ],
      empty,
    });
    replaceIn(found(id, HTMLElement), table);
  }
}

/** Replaces the content of a place. The keyboard focus stays on the name that has it, or else on the list. */
function replaceIn(place: HTMLElement, list: HTMLElement): void {
  const focused = place.contains(document.activeElement) ? document.activeElement?.textContent : undefined;
  place.replaceChildren(list);
  if (focused === undefined) return;
  const same = [...place.querySelectorAll("button")].find(({ textContent }) => textContent === focused);
  (same ?? list).focus({ preventScroll: true });
}

function nameButton(name: string, onClick: () => void): Node | string {
  if (name === "") return "(not named)";
  const button = element("button", { type: "button", class: "link" }, name);
  button.addEventListener("click", onClick);
  return button;
}

const ruleKinds: Readonly<Record<TrailRuleRow["kind"], string>> = {
  unrequested: "Named like JIT's, without a request",
  leftover: "Still there after its grant",
  unread: "What it opens is not in the log",
  opened: "Opened outside JIT",
  requested: "Written for a request",
};

export function showGrantsAndRules({ data, ruleVms, vmLabels }: Model, details: Details): void {
  const { to, logs } = data.coverage;
  const empty =
    logs.activity.state === "none" ? "Unknown: the activity log was not read." : "None in the activity log.";
  const unused = [...data.grants.keys()].filter((index) => {
    const { sessions = 0, until = "" } = data.grants[index] ?? {};
    // A grant that continues after the range may still be used.
    return sessions === 0 && (to === null || until <= to);
  });
  const grant = (index: number): TrailGrant | undefined => data.grants[index];
  found("unused-grants", HTMLElement).replaceChildren(
    longTable({
      caption: "Unused grants",
      headings: ["Request", "VM", "Port", "By", "From (UTC)", "Until", "Ended by", "Reason"],
      rows: unused,
      cells: (index) => [
        nameButton(grant(index)?.id ?? "", () => {
          details.showGrant(index);
        }),
        visible(vmLabels.get(grant(index)?.vm.toLowerCase() ?? "") ?? ""),
        String(grant(index)?.port ?? ""),
        visible(grant(index)?.by ?? "–"),
        minute(grant(index)?.from),
        minute(grant(index)?.until),
        grant(index)?.endedBy ?? "–",
        visible(grant(index)?.reason ?? "–"),
      ],
      empty,
    }),
  );
  const order = Object.keys(ruleKinds);
  const byKind = [...data.rules.keys()].sort(
    (one, other) =>
      order.indexOf(data.rules[one]?.kind ?? "") - order.indexOf(data.rules[other]?.kind ?? "") || one - other,
  );
  const labelsOf = (ids: ReadonlySet<string>): string[] => [...ids].map((id) => vmLabels.get(id) ?? id);
  found("rules", HTMLElement).replaceChildren(
    longTable({
      caption: "Rules that let something in",
      headings: ["Rule", "What it is", "VMs", "Opens", "Author", "From (UTC)", "Until", "Sessions"],
      rows: byKind,
      cells: (index) =>
        ruleCells(data.rules[index], labelsOf(ruleVms[index] ?? new Set()), () => {
          details.showRule(index);
        }),
      empty,
    }),
  );
}

function ruleCells(rule: TrailRuleRow | undefined, vms: readonly string[], onClick: () => void): (Node | string)[] {
  if (rule === undefined) return [];
  return [
    nameButton(visible(rule.name), onClick),
    element("span", { class: rule.kind === "requested" ? "" : "rule-finding" }, ruleKinds[rule.kind]),
    visible(vms.join(", ")),
    rule.ports.length === 0 ? "not in the log" : visible(`${rule.ports.join(", ")} from ${rule.sources.join(", ")}`),
    visible(rule.author ?? "unknown"),
    minute(rule.from),
    rule.until === null ? "not in the log" : minute(rule.until),
    formatCount(rule.sessions),
  ];
}

const logNames: Readonly<Record<TrailLog, string>> = {
  audit: "Bastion audit log",
  activity: "Activity log",
  flows: "Flow log",
};

export function showCoverage({ data, range }: Model): void {
  const logs = Object.entries(data.coverage.logs) as [TrailLog, LogCoverage][];
  const told = logs.flatMap(([log, coverage]) => shortcomings(logNames[log], coverage, range));
  const { unread, unreadable } = data;
  found("coverage", HTMLElement).replaceChildren(
    longTable({
      caption: "What was read of each log",
      headings: ["Log", "Complete from (UTC)", "Complete until", "Last record", "Records", "Gaps"],
      rows: logs,
      cells: ([log, { state, from, until, lastRecord, recordsRead, gaps }]) => [
        logNames[log],
        ...(state === "none"
          ? ["not read", "–", "–", "–", "–"]
          : [minute(from), minute(until), minute(lastRecord), formatCount(recordsRead), String(gaps.length)]),
      ],
      empty: "",
    }),
    ...(told.length === 0
      ? [element("p", {}, "Every log was read for the whole range, without a gap.")]
      : [element("ul", { class: "shortcomings" }, ...told.map((text) => element("li", {}, text)))]),
    ...(unreadable.length === 0
      ? []
      : [
          element("h3", {}, unreadText(unread, unreadable)),
          longTable({
            caption:
              unread.lost + unread.aside > unreadable.length
                ? `The first ${formatCount(unreadable.length)}`
                : "All of them",
            headings: ["File", "Line", "Outcome", "Why"],
            rows: unreadable,
            cells: ({ file, line, skipped, reason }) => [
              visible(file),
              line === null ? "whole file" : String(line),
              skipped === true ? "skipped" : "not read",
              visible(reason),
            ],
            empty: "",
          }),
        ]),
  );
}

/** The gaps in a log, as sentences. */
function shortcomings(log: string, { state, from, until, gaps }: LogCoverage, range: Stretch): string[] {
  if (state === "none") return [`${log}: not read, or not exported to this source. What depends on it is unknown.`];
  const hours = gaps.map(({ from: begin, to, subscription }) => {
    const where = subscription === null ? "" : `, in subscription ${visible(subscription)}`;
    return `${log}: something could not be read from ${minute(begin)} to ${minute(to)}${where}.`;
  });
  const isLateBegin = from !== null && Date.parse(from) > range.from;
  const isEarlyEnd = until !== null && Date.parse(until) < range.to;
  return [
    ...(isLateBegin ? [`${log}: read from ${minute(from)} only.`] : []),
    ...hours,
    ...(isEarlyEnd ? [`${log}: records of the time after ${minute(until)} may still arrive.`] : []),
  ];
}

/**
 * Stretches that the timeline hatches: gaps in the two logs that a verdict needs, and times they may still get records
 * for.
 */
export function gapsOf({ data, range }: Model): Stretch[] {
  const { audit, activity } = data.coverage.logs;
  return [audit, activity].flatMap(({ state, from, until, gaps }): Stretch[] => {
    if (state === "none") return [range];
    return [
      ...(from === null ? [] : [{ from: range.from, to: Date.parse(from) }]),
      ...gaps.map((gap) => ({ from: Date.parse(gap.from), to: Date.parse(gap.to) })),
      ...(until === null ? [] : [{ from: Date.parse(until), to: range.to }]),
    ].filter((stretch) => stretch.from < stretch.to);
  });
}

function minute(iso: string | null | undefined): string {
  return iso === null || iso === undefined ? "–" : formatMinute(Date.parse(iso));
}

/** Fills in the page's header. */
export function showAbout({ data, range, count }: Model): void {
  const { source, generatedAt, version } = data.about;
  found("about", HTMLElement).textContent = visible(
    `${formatMinute(range.from)} to ${formatMinute(range.to)} UTC · ${counted(count, "session")} · read from ${source} · ` +
      `written ${formatTime(Date.parse(generatedAt))} UTC by bastion-trail ${version}`,
  );
  document.title = `Access trail ${formatMinute(range.from)} to ${formatMinute(range.to)}`;
}
