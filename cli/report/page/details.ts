/** The panel with all facts of one session, request or rule, and the records behind it. */
import type { TrailCandidate } from "../../audit/trail/types.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import type { PageRecord, RecordKind } from "../pageData.ts";
import { element, found } from "./dom.ts";
import { grantFacts, linkMeaning, requestFacts, ruleFacts, ruleRowFacts, type Fact } from "./facts.ts";
import { counted, formatBytes, formatLength, formatTime } from "./format.ts";
import type { Model, ModelColumn } from "./model.ts";
import type { RecordSource } from "./records.ts";
import { verdictAt } from "./verdicts.ts";
import { verdictMark } from "./verdictMark.ts";

export class Details {
  readonly #panel = found("details", HTMLElement);
  readonly #content = found("details-content", HTMLElement);
  readonly #model: Model;
  readonly #records: RecordSource;
  /**
   * Number of the current opening. Records that arrive late are not shown if the panel shows something else by then.
   */
  #opening = 0;
  /** What had the keyboard focus when the panel was opened. */
  #opener: Element | null = null;

  /** @param onClose called when the user closes the panel, with the element that had the keyboard focus before. */
  constructor(model: Model, records: RecordSource, onClose: (opener: Element | null) => void) {
    this.#model = model;
    this.#records = records;
    const close = (): void => {
      this.#panel.hidden = true;
      document.body.classList.remove("with-details");
      onClose(this.#opener);
    };
    found("details-close", HTMLButtonElement).addEventListener("click", close);
    this.#panel.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") close();
    });
  }

  showSession(row: number): void {
    const model = this.#model;
    const { data } = model;
    const text = (column: ModelColumn): string | null => model.strings[model.texts[column][row] ?? -1] ?? null;
    const [start, end] = [model.start[row] ?? 0, model.end[row] ?? 0];
    const bytes = model.bytes[row] ?? -1;
    const port = model.port[row] ?? -1;
    const accepted = data.sessions.accepted[row];
    const request = data.requests[model.request[row] ?? -1];
    const ruleIndex = model.rule[row] ?? -1;
    const rule = model.allRules[ruleIndex];
    this.#show(
      `Session ${visible(text("id") ?? "")}`,
      [
        element("p", { class: "because" }, verdictMark(model.verdict[row])),
        element("p", { class: "because" }, visible(text("because") ?? verdictAt(model.verdict[row]).meaning)),
        facts([
          ["Start", formatTime(start)],
          ["End", model.hasEnd(row) ? formatTime(end) : `not in the log (${text("state") ?? "unknown"})`],
          ["Length", model.hasEnd(row) ? formatLength(end - start) : null],
          ["Person", text("person") ?? "not named by the log"],
          ["Account on the VM", text("account")],
          ["VM", text("vmName")],
          ["VM id", text("vm")],
          ["VM IP", text("vmIp")],
          [
            "Protocol",
            [text("protocol"), port === -1 ? null : `port ${port}`].filter((one) => one !== null).join(", "),
          ],
          ["Client IP", text("clientIp")],
          ["Login", text("outcome")],
          ["Flags", model.flagsOf(row).join(", ")],
          ["Transferred", bytes < 0 ? null : formatBytes(bytes)],
          ["Tunnel", text("tunnelId")],
          [
            "Accepted",
            accepted && `${accepted.reason} (${accepted.owner}, until ${formatTime(Date.parse(accepted.expires))})`,
          ],
        ]),
        ...section(
          "Request",
          request === undefined ? "No request is linked to this session." : facts(requestFacts(request)),
        ),
        ...section("Rule", rule === undefined ? "No rule is linked to this session." : facts(ruleFacts(rule))),
        element("p", { class: "muted" }, `Link: ${text("link") ?? "none"}. ${linkMeaning(text("link"))}`),
        ...candidates(data.sessions.candidates[row] ?? []),
      ],
      [
        ["session", row, "Records of the session"],
        ...(request === undefined ? [] : [["request", model.request[row] ?? -1, "Records of the request"] as const]),
        ...(data.rules[ruleIndex] === undefined ? [] : [["rule", ruleIndex, "Records of the rule"] as const]),
      ],
    );
  }

  showGrant(index: number): void {
    const { grants, requests } = this.#model.data;
    const grant = grants[index];
    if (grant === undefined) return;
    const request = requests.findIndex(({ id }) => id === grant.id);
    const records = request === -1 ? [] : [["request", request, "Records of the request"] as const];
    this.#show(`Request ${visible(grant.id)}`, [facts([...grantFacts(grant), ...requestFacts(grant)])], records);
  }

  showRule(index: number): void {
    const rule = this.#model.data.rules[index];
    if (rule === undefined) return;
    this.#show(
      `Rule ${visible(rule.name)}`,
      [facts([...ruleFacts(rule), ...ruleRowFacts(rule)])],
      [["rule", index, "Records of the rule"]],
    );
  }

  #show(
    title: string,
    content: readonly Node[],
    records: readonly (readonly [kind: RecordKind, index: number, title: string])[],
  ): void {
    this.#opening += 1;
    const opening = this.#opening;
    const heading = element("h2", { tabindex: -1 }, title);
    const places = records.map(([kind, index, name]) => {
      const place = element("section", { class: "records" }, element("h3", {}, name));
      void this.#records(kind, index).then(
        (loaded) => {
          if (opening === this.#opening) place.append(...recordViews(loaded));
        },
        () => {
          if (opening === this.#opening) place.append(element("p", {}, "The records in this file cannot be read."));
        },
      );
      return place;
    });
    const { activeElement } = document;
    if (!this.#panel.contains(activeElement)) this.#opener = activeElement;
    this.#content.replaceChildren(heading, ...content, ...places);
    this.#panel.hidden = false;
    document.body.classList.add("with-details");
    this.#panel.scrollTop = 0;
    heading.focus({ preventScroll: true });
  }
}

function candidates(all: readonly TrailCandidate[]): Node[] {
  if (all.length === 0) return [];
  const items = all.map(({ request, rule }) =>
    element(
      "li",
      {},
      [
        request === null ? null : visible(`request ${request.id} of ${request.by ?? "somebody unknown"}`),
        rule === null ? null : visible(`rule ${rule.name}`),
      ]
        .filter((one) => one !== null)
        .join(", "),
    ),
  );
  return [element("h3", {}, "Everything that fits"), element("ul", {}, ...items)];
}

function section(title: string, content: Node | string): Node[] {
  return [element("h3", {}, title), typeof content === "string" ? element("p", { class: "muted" }, content) : content];
}

function facts(all: readonly Fact[]): HTMLElement {
  const known = all.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return element(
    "dl",
    {},
    ...known.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, visible(value ?? ""))]),
  );
}

function recordViews(records: readonly PageRecord[]): Node[] {
  if (records.length === 0) return [element("p", { class: "muted" }, "None in this report.")];
  return [
    element("p", { class: "muted" }, counted(records.length, "record")),
    ...records.flatMap(({ place, text }) => [
      element("p", { class: "place" }, visible(place ?? "")),
      element("pre", { tabindex: 0 }, pretty(text)),
    ]),
  ];
}

/** Indents JSON and leaves other text unchanged. Invisible characters are shown by their code. */
function pretty(text: string): string {
  return laidOut(text)
    .split("\n")
    .map((line) => {
      const indent = /^ */.exec(line)?.[0] ?? "";
      return indent + visible(line.slice(indent.length));
    })
    .join("\n");
}

function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
