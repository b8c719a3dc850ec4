import assert from "node:assert/strict";
import { BlobServiceClient } from "@azure/storage-blob";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import type { ConnectResult, LoginWish } from "../../../sandbox/bastion/sessionModel.ts";
import { startAuditPlane, type AuditPlane } from "../auditPlane.ts";
import { trusting } from "../auditFixture.ts";
import {
  bastionSubnet,
  jitBody,
  jitId,
  putAccessPath,
  putPlan,
  putSinks,
  versions,
  type AccessPath,
} from "../auditResources.ts";

export const minute = 60_000;
/** Who asks for access and connects. */
export const ada = "ada@example.com";
/** The table of a `Dedicated` setting. */
export const table = "MicrosoftAzureBastionAuditLogs";

interface Wish extends LoginWish {
  readonly vm?: string;
  readonly user?: string;
}

/** An access path with a JIT policy and sinks for its logs, and short words for what tests do with it. */
export class SessionBench {
  plane: AuditPlane;
  readonly path: AccessPath;
  readonly sinks: { accountId: string; workspaceId: string; customerId: string };

  private constructor(plane: AuditPlane, path: AccessPath, sinks: SessionBench["sinks"]) {
    this.plane = plane;
    this.path = path;
    this.sinks = sinks;
  }

  static async start(host: Parameters<typeof putAccessPath>[1] = {}): Promise<SessionBench> {
    const plane = await startAuditPlane();
    const path = putAccessPath(plane, host);
    await putPlan(plane);
    const bench = new SessionBench(plane, path, await putSinks(plane));
    await plane.send("PUT", jitId(plane), versions.jit, jitBody(path.vmId));
    return bench;
  }

  remove(): Promise<void> {
    return this.plane.remove();
  }

  connect(more: Wish = {}): Promise<ConnectResult> {
    return this.plane.sessions.connect({ vm: "vm-app", user: ada, ...more });
  }

  /** Connects and is not refused. */
  async connected(more: Wish = {}): Promise<Extract<ConnectResult, { tunnelId: string }>> {
    const result = await this.connect(more);
    assert.ok(result.outcome !== "refused", JSON.stringify(result));
    return result;
  }

  /** Requests access to the VM's SSH port. @returns its end, ISO 8601 UTC. */
  async request(minutes = 60, user = ada): Promise<string> {
    const endTimeUtc = new Date(this.plane.clock.now().getTime() + minutes * minute).toISOString();
    const ports = [{ number: 22, endTimeUtc, allowedSourceAddressPrefix: bastionSubnet }];
    const body = { virtualMachines: [{ id: this.path.vmId, ports }] };
    const answer = await this.plane.sendAs(user, "POST", `${jitId(this.plane)}/initiate`, versions.jit, body);
    assert.equal(answer.status, 202);
    return endTimeUtc;
  }

  settingId(): string {
    return `${this.path.bastionId}/providers/Microsoft.Insights/diagnosticSettings/audit`;
  }

  /** Sends the host's audit logs to both sinks. */
  async putSetting(more: JsonObject = {}): Promise<void> {
    const properties = {
      workspaceId: this.sinks.workspaceId,
      storageAccountId: this.sinks.accountId,
      logAnalyticsDestinationType: "Dedicated",
      logs: [{ category: "BastionAuditLogs", enabled: true }],
      ...more,
    };
    const { status } = await this.plane.send("PUT", this.settingId(), versions.settings, { properties });
    assert.equal(status, 200);
  }

  /** The records in a blob, read with the observer's connection string. */
  async archived(blobPath: string | undefined): Promise<JsonObject[]> {
    const [, container = "", ...blob] = (blobPath ?? "").split("/");
    const { blobs, tls } = this.plane;
    const client = BlobServiceClient.fromConnectionString(blobs.observerConnectionString, trusting(tls));
    const content = await client.getContainerClient(container).getBlobClient(blob.join("/")).downloadToBuffer();
    return content
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as JsonObject);
  }

  rows(name: string): Promise<JsonObject[]> {
    return this.plane.tables.read(this.sinks.customerId, name);
  }
}
