import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { textAt } from "./bodies.ts";
import type { JsonObject } from "./model.ts";
import { ArmError } from "./model.ts";

/** What goes wrong on purpose, and on which requests. */
export interface FaultRule {
  /** Default: every method. */
  readonly method?: string;
  /** A regular expression that the request's path must contain; letters match without regard to case. */
  readonly path: string;
  /** How many matching requests pass unharmed first. Default 0. */
  readonly skip?: number;
  /** How many matching requests are hit after that. Default: all. */
  readonly times?: number;
  /**
   * `failOperation` hits requests that start a long-running operation, and no others; `partialResult` hits workspace
   * queries, and no others.
   */
  readonly kind: "status" | "drop" | "failOperation" | "partialResult" | "delay";
  /** Of `status`: the HTTP status. */
  readonly status?: number;
  /** Of `status` and `failOperation`. */
  readonly code?: string;
  readonly message?: string;
  /** Of `status`: seconds of the `Retry-After` header. */
  readonly retryAfter?: number;
  /** Of `drop` and `delay`: it happens after the request was carried out, not before. */
  readonly after?: boolean;
  /** Of `delay`: milliseconds of real time that the request waits; it goes on at once when the faults are cleared. */
  readonly ms?: number;
  /** Of `partialResult`: how many rows of the result the answer has at most. */
  readonly rows?: number;
}

interface Fault {
  readonly id: string;
  readonly rule: FaultRule;
  readonly pattern: RegExp;
  /** Requests that matched, hit or not. */
  matched: number;
  /** Requests that were hit. */
  hits: number;
  /** Requests that a `delay` holds right now. */
  held: number;
}

interface Kind {
  readonly kind: "string" | "integer" | "boolean";
}
const members: Readonly<Record<keyof FaultRule, Kind>> = {
  method: { kind: "string" },
  path: { kind: "string" },
  skip: { kind: "integer" },
  times: { kind: "integer" },
  kind: { kind: "string" },
  status: { kind: "integer" },
  code: { kind: "string" },
  message: { kind: "string" },
  retryAfter: { kind: "integer" },
  after: { kind: "boolean" },
  ms: { kind: "integer" },
  rows: { kind: "integer" },
};
const kinds = ["status", "drop", "failOperation", "partialResult", "delay"] as const;

/** The faults that are set. Kept in memory only: a restarted control plane is whole again. */
export class Faults {
  readonly #faults: Fault[] = [];
  #cleared = new AbortController();

  /**
   * @throws ArmError InvalidFault naming every member that is wrong.
   * @returns the fault's id.
   */
  add(body: JsonObject): string {
    const rule = readRule(body);
    const fault: Fault = { id: randomUUID(), rule, pattern: new RegExp(rule.path, "i"), matched: 0, hits: 0, held: 0 };
    this.#faults.push(fault);
    return fault.id;
  }

  /** Removes every fault, and lets go of the requests that are held. */
  clear(): void {
    this.#faults.length = 0;
    this.#cleared.abort();
    this.#cleared = new AbortController();
  }

  /** Waits as long as a `delay` says, or until the faults are cleared. */
  async hold(rule: FaultRule): Promise<void> {
    const fault = this.#faults.find((each) => each.rule === rule);
    const { signal } = this.#cleared;
    if (fault === undefined) return;
    fault.held += 1;
    try {
      await sleep(rule.ms ?? 0, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      fault.held -= 1;
    }
  }

  list(): JsonObject[] {
    return this.#faults.map(({ id, rule, matched, hits, held }) => ({ id, ...rule, matched, hits, held }));
  }

  /** The first fault of one of these kinds that hits the request, which then counts as hit. */
  take(method: string, path: string, wanted: readonly FaultRule["kind"][]): FaultRule | undefined {
    for (const fault of this.#faults) {
      const { rule } = fault;
      if (!wanted.includes(rule.kind) || !fault.pattern.test(path)) continue;
      if (rule.method !== undefined && rule.method.toUpperCase() !== method.toUpperCase()) continue;
      fault.matched += 1;
      if (fault.matched <= (rule.skip ?? 0) || fault.hits >= (rule.times ?? Infinity)) continue;
      fault.hits += 1;
      return rule;
    }
    return undefined;
  }

  /** How the long-running operation that the request starts is to fail, as a member to spread. */
  failure(method: string, path: string): { failure?: { code: string; message: string } } {
    const rule = this.take(method, path, ["failOperation"]);
    if (rule === undefined) return {};
    const { code = "InternalOperationError", message = "An error occurred while the operation was carried out." } =
      rule;
    return { failure: { code, message } };
  }
}

function readRule(body: JsonObject): FaultRule {
  const problems: string[] = [];
  for (const [member, value] of Object.entries(body)) {
    const expected = Object.hasOwn(members, member) ? members[member as keyof FaultRule] : undefined;
    if (expected === undefined) {
      problems.push(`"${member}" is not known; a fault has ${Object.keys(members).join(", ")}`);
    } else if (
      expected.kind === "integer" ? !(Number.isInteger(value) && Number(value) >= 0) : typeof value !== expected.kind
    ) {
      problems.push(
        `"${member}" is ${JSON.stringify(value)}; it must be ${expected.kind === "integer" ? "a whole number from 0 up" : `a ${expected.kind}`}`,
      );
    }
  }
  if (!kinds.some((kind) => kind === body.kind))
    problems.push(`"kind" is ${JSON.stringify(body.kind)}; it must be one of ${kinds.join(", ")}`);
  const path = textAt(body, "path");
  if (path === undefined) problems.push('"path" is missing; it must be a regular expression');
  else if (!isPattern(path)) problems.push(`"path" is ${JSON.stringify(path)}; it must be a regular expression`);
  const status = body.status;
  if (body.kind === "status" && !(typeof status === "number" && status >= 400 && status <= 599)) {
    problems.push(`"status" is ${JSON.stringify(status)}; it must be an HTTP status from 400 to 599`);
  }
  if (problems.length > 0) throw new ArmError(400, "InvalidFault", `${problems.join(". ")}.`);
  return body as unknown as FaultRule;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, "i");
    return true;
  } catch {
    return false;
  }
}
