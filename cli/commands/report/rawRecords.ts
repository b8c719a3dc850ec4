/** The log records behind sessions, requests and rules, verbatim. */
import type { ActivityEvent, SourceEvent } from "../../audit/activity/types.ts";
import type { RecordedFlow } from "../../audit/flows/recordedFlows.ts";
import type { RawEntry, SourceRecord } from "../../audit/records/types.ts";
import type { SessionFlows } from "../../audit/trail/sessionFlows.ts";
import type { TrailRequest, TrailRow, TrailRuleRow } from "../../audit/trail/types.ts";

/** Records by session, request and rule. A record that is in two files is kept once. */
export class RawRecords {
  readonly #audit = new Lists();
  readonly #flows = new Lists();
  readonly #byCorrelation = new Lists();
  readonly #byResource = new Lists();

  /** Adds all records of the audit log. Records other than those of Bastion sessions are ignored. */
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

  /** @param sessions determines which sessions a flow may belong to. */
  async addFlows(flows: AsyncIterable<RecordedFlow>, sessions: SessionFlows): Promise<void> {
    for await (const { flow, records } of flows) {
      for (const id of sessions.of(flow))
        records.forEach((record) => {
          this.#flows.add(id, record);
        });
    }
  }

  /** Records of the audit log, then those of the flow log. */
  ofSession({ id, tunnelId, start }: TrailRow): readonly RawEntry[] {
    return [...this.#audit.get(auditKey(tunnelId, start)), ...this.#flows.get(id)];
  }

  ofRequest({ correlationId }: TrailRequest): readonly RawEntry[] {
    return this.#byCorrelation.get(correlationId?.toLowerCase());
  }

  /**
   * Writes of the rule itself, and events with the correlation id of its first write, such as a write of the whole
   * network security group.
   */
  ofRule({ group, name, correlationId }: TrailRuleRow): readonly RawEntry[] {
    const written = this.#byResource.get(`${group}/securityRules/${name}`.toLowerCase());
    return [...new Set([...written, ...this.#byCorrelation.get(correlationId?.toLowerCase())])];
  }
}

/** A record without a tunnel is a separate session that starts at the record's time. */
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
