import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TrailDocument } from "../../../../cli/audit/trail/types.ts";
import { commands, groups } from "../../../../cli/commands/index.ts";
import { runProgram } from "../../../../cli/program.ts";
import {
  allowName,
  at,
  defenderApp,
  initiate,
  nsgId,
  nsgWrite,
  policyId,
  ruleDelete,
  ruleWrite,
  subscription,
  vmId,
  wireRule,
} from "../../audit/activity/events.ts";
import { fakeIo, type FakeOptions } from "../../fakeIo.ts";

export const hub = `/subscriptions/${subscription}/resourceGroups/hub/providers/Microsoft.Network/bastionHosts/hub`;

/** Downloaded logs, and the CLI over them. Times are seconds after noon of 2026-05-04. */
export class TrailFolder {
  readonly path = mkdtempSync(join(tmpdir(), "trail-"));
  readonly #activity: string[] = [];
  readonly #audit: string[] = [];

  /** Somebody's session, an hour long at most. */
  session(tunnel: number, second: number, facts: object = {}, host = hub): this {
    this.#audit.push(
      JSON.stringify({
        time: at(second),
        resourceId: host.toUpperCase(),
        operationName: "Microsoft.Network/BastionHost/connect",
        category: "BastionAuditLogs",
        properties: {
          userName: "azureuser",
          userEmail: "ada@example.com",
          clientIpAddress: "203.0.113.7",
          clientPort: 50312,
          protocol: "ssh",
          targetResourceId: vmId.toUpperCase(),
          targetVMIPAddress: "10.60.1.4",
          resourceType: "VM",
          message: "Successfully Connected.",
          tunnelId: tunnelId(tunnel),
          sessionStartTime: at(second),
          sessionEndTime: at(second + 60),
          duration: 60_000,
          ...facts,
        },
      }),
    );
    return this;
  }

  /** A JIT request of web:22 for an hour, and Defender's rule for it. */
  request(second: number, { by = "ada@example.com", id = `c-${second}`, reason = "INC-1" } = {}): this {
    const ports = [{ number: 22, allowedSourceAddressPrefix: "10.60.0.0/26", endTimeUtc: at(second + 3600) }];
    const body = { virtualMachines: [{ id: vmId, ports }], justification: reason };
    return this.event(second, initiate, policyId, { by, id, body, status: "Start" })
      .event(second + 1, initiate, policyId, { by, id })
      .event(second + 2, nsgWrite, nsgId, {
        id,
        app: defenderApp,
        body: { properties: { securityRules: [wireRule(allowName)] } },
      });
  }

  /** Somebody deletes Defender's rule. */
  revoke(second: number): this {
    return this.event(second, ruleDelete, `${nsgId}/securityRules/${allowName}`, {});
  }

  /** Somebody opens SSH to everything. */
  open(second: number, { by = "eve@example.com", name = "OpenSsh", priority = 200 } = {}): this {
    const rule = wireRule(name, {
      priority,
      sourceAddressPrefix: "VirtualNetwork",
      destinationAddressPrefix: "*",
      description: "",
    });
    return this.event(second, ruleWrite, `${nsgId}/securityRules/${name}`, { by, body: rule });
  }

  /** A connection from the Bastion subnet to web:22, as the flow log has it. */
  flow(
    second: number,
    rule: string,
    { until = second + 60, port = 22, state = "B", source = "10.60.0.5", target = "10.60.1.4" } = {},
  ): this {
    const tuple = (at_: number, at_state: string, bytes: number) =>
      `${Date.parse(at(at_))},${source},${target},${(40_000 + second) % 65_536},${port},6,I,${at_state},NX,1,${bytes},1,${bytes}`;
    const flowTuples = state === "B" ? [tuple(second, "B", 0), tuple(until, "E", 50)] : [tuple(second, state, 0)];
    const record = {
      time: at(second),
      flowLogVersion: 4,
      macAddress: "0022485D8CF8",
      category: "FlowLogFlowEvent",
      flowLogResourceID: "/SUBSCRIPTIONS/S_NETWORKWATCHERRG/NETWORKWATCHER_WESTEUROPE_VMS",
      targetResourceID: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vms",
      flowRecords: { flows: [{ aclID: "acl", flowGroups: [{ rule: `UserRule_${rule}`, flowTuples }] }] },
    };
    return this.write(`flowLogResourceID=/S/PT${second}.json`, JSON.stringify({ records: [record] }));
  }

  event(
    second: number,
    operationName: string,
    resourceId: string,
    facts: { by?: string; app?: string; id?: string; body?: object; status?: string },
  ): this {
    const { by = "ada@example.com", app, id = `x-${second}`, body, status = "Success" } = facts;
    this.#activity.push(
      JSON.stringify({
        time: at(second),
        resourceId: resourceId.toUpperCase(),
        operationName: operationName.toUpperCase(),
        category: "Administrative",
        resultType: status,
        correlationId: id,
        identity: { claims: app === undefined ? { upn: by, appid: "cli-app" } : { oid: "defender", appid: app } },
        properties: body === undefined ? {} : { requestbody: JSON.stringify(body) },
      }),
    );
    return this;
  }

  /** Something else happened, so that the log is known to be there. */
  quiet(second: number): this {
    return this.event(second, "Microsoft.Compute/virtualMachines/start/action", vmId, {});
  }

  write(name: string, text: string): this {
    const file = join(this.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return this;
  }

  async run(words: readonly string[], fake: FakeOptions = {}) {
    if (this.#audit.length > 0) this.write("audit.json", this.#audit.map((line) => `${line}\n`).join(""));
    if (this.#activity.length > 0) this.write("activity.json", this.#activity.map((line) => `${line}\n`).join(""));
    const io = fakeIo({ cwd: this.path, now: "2026-05-05T12:00:00Z", ...fake });
    const exitCode = await runProgram(["trail", ...words, "--source", "."], io, { commands, groups, version: "1" });
    return { exitCode, ...io.written };
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export function tunnelId(number: number): string {
  return `2f1a7a4e-90b8-4c0f-a1f3-${String(number).padStart(12, "0")}`;
}

const day = -86_400;

/** A folder with the activity log of two days. */
export function folder(): TrailFolder {
  return new TrailFolder().quiet(day - 7200).quiet(36_000);
}

export async function documentOf(logs: TrailFolder, ...words: string[]): Promise<TrailDocument> {
  const { exitCode, stdout, stderr } = await logs.run([...words, "--json"]);
  assert.equal(exitCode, 0, stderr);
  return JSON.parse(stdout) as TrailDocument;
}
