/** Turns sessions into the columns of a page. */
import {
  type Acceptance,
  type TrailCandidate,
  type TrailRequest,
  type TrailRow,
  type TrailRule,
  verdicts,
} from "../audit/trail/types.ts";
import { type PageData, type SessionColumns, textColumns, type TextColumn } from "./pageData.ts";

export class SessionWriter {
  readonly #strings = new Numbered<string>();
  readonly #flagSets = new Numbered<readonly string[]>();
  readonly #requests = new Numbered<TrailRequest>();
  readonly #rules = new Numbered<TrailRule>();
  readonly #start: number[] = [];
  readonly #length: number[] = [];
  readonly #texts = Object.fromEntries(textColumns.map((name): [string, number[]] => [name, []])) as Record<
    TextColumn,
    number[]
  >;
  readonly #verdict: number[] = [];
  readonly #port: number[] = [];
  readonly #bytes: number[] = [];
  readonly #flags: number[] = [];
  readonly #request: number[] = [];
  readonly #rule: number[] = [];
  readonly #ruleIds: (string | null)[] = [];
  readonly #candidates: Record<number, readonly TrailCandidate[]> = {};
  readonly #accepted: Record<number, Acceptance> = {};
  #last = 0;

  /** @param ruleId id of the session's rule, as in `written`; null if the activity log does not have the rule. */
  add(session: TrailRow, ruleId: string | null): void {
    const { start, end, verdict, port, bytes, flags, request, rule, candidates, accepted } = session;
    const row = this.#start.length;
    const time = Date.parse(start);
    this.#start.push(time - this.#last);
    this.#last = time;
    this.#length.push(end === null ? -1 : Math.max(0, Date.parse(end) - time));
    for (const name of textColumns) {
      const text = session[name];
      this.#texts[name].push(text === null ? -1 : this.#strings.of(text, text));
    }
    this.#verdict.push(verdicts.indexOf(verdict));
    this.#port.push(port ?? -1);
    this.#bytes.push(bytes ?? -1);
    this.#flags.push(this.#flagSets.of(flags.join(), flags));
    this.#request.push(request === null ? -1 : this.#requests.of(JSON.stringify(request), request));
    this.#rule.push(rule === null ? -1 : this.#rules.of(JSON.stringify(rule), rule));
    this.#ruleIds.push(ruleId);
    if (candidates.length > 0) this.#candidates[row] = candidates;
    if (accepted !== null) this.#accepted[row] = accepted;
  }

  /**
   * The requests of the sessions, in order of their numbers, then requests without a session. A request is more than once
   * among them if its grants ended at different times.
   */
  requestsWith(others: readonly TrailRequest[]): readonly TrailRequest[] {
    for (const { id, by, at, from, until, askedUntil, endedBy, reason, correlationId } of others) {
      const request = { id, by, at, from, until, askedUntil, endedBy, reason, correlationId };
      this.#requests.of(JSON.stringify(request), request);
    }
    return this.#requests.all;
  }

  /** @param ruleIds ids of the page's rules, in their order. */
  written(ruleIds: readonly string[]): Pick<PageData, "strings" | "flagSets" | "sessions" | "otherRules"> {
    const { rule, otherRules } = this.#rulesBeside(ruleIds);
    const sessions: SessionColumns = {
      count: this.#start.length,
      start: this.#start,
      length: this.#length,
      texts: this.#texts,
      verdict: this.#verdict,
      port: this.#port,
      bytes: this.#bytes,
      flags: this.#flags,
      request: this.#request,
      rule,
      candidates: this.#candidates,
      accepted: this.#accepted,
    };
    return { strings: this.#strings.all, flagSets: this.#flagSets.all, sessions, otherRules };
  }

  /** Numbers the rules of the page, and after them those of sessions that are not among them. */
  #rulesBeside(ruleIds: readonly string[]): { readonly rule: number[]; readonly otherRules: readonly TrailRule[] } {
    const numbers = new Map(ruleIds.map((id, index) => [id, index]));
    const others = new Numbered<TrailRule>();
    const rule = this.#rule.map((own, row) => {
      const content = this.#rules.all[own];
      const number = numbers.get(this.#ruleIds[row] ?? "");
      if (number !== undefined || content === undefined) return number ?? -1;
      return ruleIds.length + others.of(String(own), content);
    });
    return { rule, otherRules: others.all };
  }
}

/** Numbers distinct values. */
class Numbered<Value> {
  readonly all: Value[] = [];
  readonly #numbers = new Map<string, number>();

  /** @param key identifies the value. */
  of(key: string, value: Value): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.all.length);
    return this.all.push(value) - 1;
  }
}
