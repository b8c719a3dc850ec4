/** The records of the logs behind sessions, requests and rules, as they lie there. */
import type { ActivityEvent, SourceEvent } from "../../audit/activity/types.ts";
import type { RecordedFlow } from "../../audit/flows/recordedFlows.ts";
import type { RawEntry, SourceRecord } from "../../audit/records/types.ts";
import type { SessionFlows } from "../../audit/trail/sessionFlows.ts";
import type { TrailRequest, TrailRow, TrailRuleRow } from "../../audit/trail/types.ts";

/** Records by what they belong to. The same record from two files is kept once. */
export class RawRecords {
  readonly #audit = new Lists();
  readonly #flows = new Lists();
  readonly #byCorrelation = new Lists();
  readonly #byResource = new Lists();

  /** Takes all records of the audit log. Others than those of Bastion sessions are passed over. */
  async addAudit(records: AsyncIterable<SourceRecord>): Promise<void> {
    for await (const found of records) {
      if ("record" in found) this.#audit.add(auditKey(found.record.tunnelId, found.record.time), found.raw);
    }
  }

  async addActivity(events: AsyncIterable<SourceEvent>): Promise<void> {
    for await (const found of events) {
      if (!("event" in found)) continue;
      for (const id of correlationsOf(found.event)) this.#byCorrelation.add(id.toLowerCase(), found.raw);
      const { resource } = found.event;
      if (resource !== null) this.#byResource.add(resource.toLowerCase(), found.raw);
    }
  }

  /** @param sessions which of them each flow may be of. */
  async addFlows(flows: AsyncIterable<RecordedFlow>, sessions: SessionFlows): Promise<void> {
    for await (const { flow, records } of flows) {
      for (const id of sessions.of(flow))
        records.forEach((record) => {
          this.#flows.add(id, record);
        });
    }
  }

  /** Those of the audit log, and then those of the flow log. */
  ofSession({ id, tunnelId, start }: TrailRow): readonly RawEntry[] {
    return [...this.#audit.get(auditKey(tunnelId, start)), ...this.#flows.get(id)];
  }

  ofRequest({ correlationId }: TrailRequest): readonly RawEntry[] {
    return this.#byCorrelation.get(correlationId?.toLowerCase());
  }

  /** Writes of the rule itself, and what has the correlation id of its first write, such as a write of its whole group. */
  ofRule({ group, name, correlationId }: TrailRuleRow): readonly RawEntry[] {
    const written = this.#byResource.get(`${group}/securityRules/${name}`.toLowerCase());
    return [...new Set([...written, ...this.#byCorrelation.get(correlationId?.toLowerCase())])];
  }
}

/** A record that names no tunnel is a session of its own, which began at its time. */
function auditKey(tunnelId: string | null, time: string): string {
  return tunnelId?.toLowerCase() ?? `at ${time}`;
}

function correlationsOf({ correlationId, serviceRequestId }: ActivityEvent): Set<string> {
  return new Set([correlationId, serviceRequestId].filter((id) => id !== null));
}

class Lists {
  readonly #lists = new Map<string, { readonly entries: RawEntry[]; readonly texts: Set<string> }>();

  add(key: string, entry: RawEntry): void {
    const list = this.#lists.get(key) ?? { entries: [], texts: new Set<string>() };
    this.#lists.set(key, list);
    const text = JSON.stringify(entry.value);
    if (list.texts.has(text)) return;
    list.texts.add(text);
    list.entries.push(entry);
  }

  get(key: string | undefined): readonly RawEntry[] {
    return this.#lists.get(key ?? "")?.entries ?? [];
  }
}
