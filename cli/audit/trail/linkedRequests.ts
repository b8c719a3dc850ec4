import { isBeside, mayGuard } from "../activity/requests.ts";
import type { Activity } from "../activity/types.ts";
import { requestKey, type RequestFacts } from "./requestFacts.ts";

/** Finds the requests that the activity log links with a write by Defender. */
export class LinkedRequests {
  readonly #byKey: ReadonlyMap<string, RequestFacts>;
  readonly #byCorrelation: ReadonlyMap<string | undefined, readonly RequestFacts[]>;

  constructor(requests: readonly RequestFacts[]) {
    this.#byKey = new Map(requests.map((one) => [requestKey({ ...one, time: one.at }), one]));
    this.#byCorrelation = Map.groupBy(requests, ({ correlationId }) => correlationId?.toLowerCase());
  }

  /** Returns the requests that a write may be for, the likeliest first: several, as Defender writes whole groups. */
  of({ origin, request, resource }: Activity): readonly RequestFacts[] {
    if (origin !== "jit" || request === null) return [];
    const own = this.#byKey.get(requestKey(request));
    const id = request.correlationId?.toLowerCase();
    const sharing = request.by === "correlation" && id !== undefined ? (this.#byCorrelation.get(id) ?? []) : [];
    const all = new Set([...(own === undefined ? [] : [own]), ...sharing.filter(({ vms }) => mayGuard(resource, vms))]);
    const beside = [...all].filter(({ vms }) => isBeside(resource, vms));
    return [...new Set([...beside, ...all])];
  }

  /** Returns the request under whose correlation id Defender wrote a rule without a body; `undefined` if there are several. */
  onlyOf(activity: Activity): RequestFacts | undefined {
    const [only, ...others] = activity.request?.by === "correlation" ? this.of(activity) : [];
    return others.length === 0 ? only : undefined;
  }
}
