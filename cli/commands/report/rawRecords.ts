/** The log records behind sessions, requests and rules, verbatim. */
import { createHash } from "node:crypto";
import type { SourceEvent } from "../../audit/activity/types.ts";
import type { RecordedFlow } from "../../audit/flows/recordedFlows.ts";
import type { RawEntry, SourceRecord } from "../../audit/records/types.ts";
import { correlationsOf, ruleResource } from "../../audit/trail/eventsBehind.ts";
import type { SessionFlows } from "../../audit/trail/sessionFlows.ts";
import type { TrailRequest, TrailRow, TrailRuleRow } from "../../audit/trail/types.ts";
import type { PageRecord } from "../../report/pageData.ts";
import type { Spool } from "../../files/spool.ts";

/** Records by session, request and rule. A record that is in two files is kept once. Memory holds only their places in a spool. */
export class RawRecords {
  readonly #spool: Spool;
  readonly #audit = new Lists();
  readonly #flows = new Lists();
  readonly #byCorrelation = new Lists();
  readonly #byResource = new Lists();

  constructor(spool: Spool) {
    this.#spool = spool;
  }

  /** Adds all records of the audit log. Records other than those of Bastion sessions are ignored. */
  async addAudit(records: AsyncIterable<SourceRecord>): Promise<void> {
    for await (const found of records) {
      if (!("record" in found)) continue;
      const { tunnelId, time } = found.record;
      this.#audit.add(auditKey(tunnelId, time), this.#write(found.raw));
    }
  }

  async addActivity(events: AsyncIterable<SourceEvent>): Promise<void> {
    for await (const found of events) {
      if (!("event" in found)) continue;
      const spooled = this.#write(found.raw);
      for (const id of correlationsOf(found.event)) this.#byCorrelation.add(id, spooled);
      const { resource } = found.event;
      if (resource !== null) this.#byResource.add(resource.toLowerCase(), spooled);
    }
  }

  /** @param sessions determines which sessions a flow may belong to. */
  async addFlows(flows: AsyncIterable<RecordedFlow>, sessions: SessionFlows): Promise<void> {
    for await (const { flow, records } of flows) {
      const spooled = records.map((record) => this.#write(record));
      for (const id of sessions.of(flow)) {
        for (const one of spooled) this.#flows.add(id, one);
      }
    }
  }

  /** Records of the audit log, then those of the flow log. */
  ofSession({ id, tunnelId, start }: TrailRow): readonly PageRecord[] {
    return this.#read([...this.#audit.get(auditKey(tunnelId, start)), ...this.#flows.get(id)]);
  }

  ofRequest({ correlationId }: TrailRequest): readonly PageRecord[] {
    return this.#read(this.#byCorrelation.get(correlationId?.toLowerCase()));
  }

  ofRule(rule: TrailRuleRow): readonly PageRecord[] {
    const written = this.#byResource.get(ruleResource(rule));
    const correlated = this.#byCorrelation.get(rule.correlationId?.toLowerCase());
    return this.#read([...new Set([...written, ...correlated])]);
  }

  #write({ file, line, value }: RawEntry): Spooled {
    const text = JSON.stringify(value);
    const record: PageRecord = { place: `${file}:${line}`, text };
    const sha256 = createHash("sha256").update(text).digest("base64");
    return { place: this.#spool.add(JSON.stringify(record)), sha256 };
  }

  #read(places: readonly number[]): PageRecord[] {
    return places.map((place) => JSON.parse(this.#spool.get(place)) as PageRecord);
  }
}

/** A record in the spool. */
interface Spooled {
  readonly place: number;
  /** Hash of the record without its file and line. */
  readonly sha256: string;
}

/** A record without a tunnel is a separate session that starts at the record's time. */
function auditKey(tunnelId: string | null, time: string): string {
  return tunnelId?.toLowerCase() ?? `at ${time}`;
}

/** Lists of places in the spool. */
class Lists {
  /** The places of each list by the hash of the record, in the order of insertion. */
  readonly #lists = new Map<string, Map<string, number>>();

  add(key: string, { sha256, place }: Spooled): void {
    const list = this.#lists.get(key) ?? new Map<string, number>();
    this.#lists.set(key, list);
    if (!list.has(sha256)) list.set(sha256, place);
  }

  get(key: string | undefined): readonly number[] {
    return [...(this.#lists.get(key ?? "")?.values() ?? [])];
  }
}
