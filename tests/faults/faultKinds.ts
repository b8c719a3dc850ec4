import type { JsonObject } from "../../sandbox/arm/json.ts";
import type { Target } from "./targets.ts";

/** One way in which a request can go wrong. */
export interface FaultKind {
  /** What `FAULTS` selects it by. */
  readonly name: string;
  readonly title: string;
  /** The rule that the control plane is told, beside the request's method and path. */
  readonly rule: JsonObject;
  /**
   * What happens to the run: it ends well all the same (`survives`), it fails with an error that has to say this, or its
   * engine is killed while the rule holds the request.
   */
  readonly outcome: "survives" | "killed" | RegExp;
  /** Whether it can happen to this request of a first `up`, or of a later run. Default: to every one. */
  readonly appliesTo?: (target: Target, run: "first" | "later") => boolean;
  /** The method to hit instead of the request's own. */
  readonly method?: string;
  /** What was created all the same is deleted by hand before the next run, as somebody without the sandbox does it. */
  readonly deletedByHand?: boolean;
}

/** Milliseconds that a request is held at most: until the engine is killed and the faults are cleared. */
const held = 120_000;
const message = "Set by a test.";
/** As azure-native tells of a connection that broke four times, and as our own providers do. */
const lostConnection = /(GET|PUT|POST|DELETE) \S+ failed: /;

export const faultKinds: readonly FaultKind[] = [
  {
    name: "409",
    title: "409 Conflict",
    rule: { kind: "status", status: 409, code: "Conflict", message },
    outcome: /Conflict/,
  },
  {
    name: "429-once",
    title: "429 with Retry-After, once",
    rule: { kind: "status", status: 429, code: "TooManyRequests", message, retryAfter: 1, times: 1 },
    outcome: "survives",
  },
  {
    name: "429",
    title: "429 with Retry-After, every time",
    rule: { kind: "status", status: 429, code: "TooManyRequests", message, retryAfter: 1 },
    outcome: /TooManyRequests/,
  },
  {
    name: "500",
    title: "500, every time",
    rule: { kind: "status", status: 500, code: "InternalServerError", message },
    outcome: /InternalServerError/,
  },
  {
    name: "drop-before",
    title: "connection dropped before it was carried out",
    rule: { kind: "drop" },
    outcome: lostConnection,
  },
  {
    name: "drop-after",
    title: "connection dropped after it was carried out, every time",
    rule: { kind: "drop", after: true },
    outcome: lostConnection,
    // Our own provider looks before it tries again, and sees that the policy is locked or the container there: it survives this one too.
    appliesTo: ({ path }) => !/(?:\/lock|\/containers\/insights-activity-logs)\$$/.test(path),
  },
  {
    name: "drop-by-hand",
    title: "connection dropped after it was carried out, every time, and the resource deleted by hand",
    rule: { kind: "drop", after: true },
    outcome: lostConnection,
    deletedByHand: true,
    // Nobody can delete what comes and goes with a storage account.
    appliesTo: ({ azureNative, path }, run) =>
      azureNative && run === "first" && !path.endsWith("/blobServices/default$"),
  },
  {
    name: "drop-once",
    title: "connection dropped after it was carried out, once",
    rule: { kind: "drop", after: true, times: 1 },
    outcome: "survives",
  },
  {
    name: "operation",
    title: "long-running operation failed",
    rule: { kind: "failOperation", code: "InternalOperationError", message },
    outcome: /InternalOperationError/,
    appliesTo: ({ longRunning }) => longRunning,
  },
  {
    name: "kill-before",
    title: "engine killed before it was sent",
    rule: { kind: "delay", ms: held },
    outcome: "killed",
    method: "GET",
    // azure-native looks whether a resource is there before it creates it.
    appliesTo: ({ azureNative }, run) => azureNative && run === "first",
  },
  {
    name: "kill",
    title: "engine killed after it was carried out",
    rule: { kind: "delay", ms: held, after: true },
    outcome: "killed",
  },
];

/** Those that a comma-separated list of names or of their beginnings selects; `undefined` selects all. */
export function selectKinds(names: string | undefined): readonly FaultKind[] {
  return faultKinds.filter(
    ({ name }) => names === undefined || names.split(",").some((one) => name === one || name.startsWith(`${one}-`)),
  );
}
