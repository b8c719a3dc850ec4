import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { textAt, type JsonObject } from "./json.ts";
import { badRequest } from "./armError.ts";

/** A deliberate fault, and the requests it hits. */
export interface FaultRule {
  /** Defaults to every method. */
  readonly method?: string;
  /** A regular expression that must match part of the request's path, case-insensitively. */
  readonly path: string;
  /** Number of matching requests that pass first. Defaults to 0. */
  readonly skip?: number;
  /** Number of matching requests that are hit after that. Defaults to all. */
  readonly times?: number;
  /**
   * `failOperation` hits only requests that start a long-running operation; `partialResult` hits only workspace
   * queries.
   */
  readonly kind: "status" | "drop" | "failOperation" | "partialResult" | "delay";
  /** For `status`: the HTTP status. */
  readonly status?: number;
  /** For `status` and `failOperation`. */
  readonly code?: string;
  readonly message?: string;
  /** For `status`: seconds in the `Retry-After` header. */
  readonly retryAfter?: number;
  /** For `drop` and `delay`: whether the fault happens after the request was carried out, not before. */
  readonly after?: boolean;
  /**
   * For `delay`: milliseconds of real time that the request waits. It continues immediately if the faults are cleared.
   */
  readonly ms?: number;
  /** For `partialResult`: maximum number of rows in the result. */
  readonly rows?: number;
}

interface Fault {
  readonly id: string;
  readonly rule: FaultRule;
  readonly pattern: RegExp;
  /** Number of requests that matched, hit or not. */
  matched: number;
  /** Number of requests that were hit. */
  hits: number;
  /** Number of requests that a `delay` is currently holding. */
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

/** The faults that are set. Kept only in memory: a restarted control plane has none. */
export class Faults {
  readonly #faults: Fault[] = [];
  #cleared = new AbortController();

  /**
   * @throws ArmError InvalidFault naming every invalid member.
   * @returns the id of the fault.
   */
  add(body: JsonObject): string {
    const rule = readRule(body);
    const fault: Fault = { id: randomUUID(), rule, pattern: new RegExp(rule.path, "i"), matched: 0, hits: 0, held: 0 };
    this.#faults.push(fault);
    return fault.id;
  }

  /** Removes every fault and releases the held requests. */
  clear(): void {
    this.#faults.length = 0;
    this.#cleared.abort();
    this.#cleared = new AbortController();
  }

  /** Waits for the time of a `delay`, or until the faults are cleared. */
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

  /** Returns the first fault of the given kinds that hits the request, and counts it as hit. */
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

  /** Returns how the long-running operation of the request must fail, as a member to spread. */
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
  if (problems.length > 0) throw badRequest("InvalidFault", `${problems.join(". ")}.`);
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
