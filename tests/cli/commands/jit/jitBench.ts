import assert from "node:assert/strict";
import { jitLsOptions } from "../../../../cli/commands/jit/lsOptions.ts";
import { jitRequestOptions } from "../../../../cli/commands/jit/requestOptions.ts";
import { jitRevokeOptions } from "../../../../cli/commands/jit/revokeOptions.ts";
import { runJitLs } from "../../../../cli/commands/jit/list.ts";
import { runJitRequest } from "../../../../cli/commands/jit/request.ts";
import { runJitRevoke } from "../../../../cli/commands/jit/revoke.ts";
import { objectsAt, textAt, withProperties } from "../../../../sandbox/arm/json.ts";
import { bastionSubnet, jitId, versions } from "../../../sandbox/auditResources.ts";
import { given, type AccessBench } from "../../accessBench.ts";

export const hour = 3_600_000;
export type Row = Record<string, unknown>;

/** The jit commands, each in one word. */
export class JitBench {
  readonly azure: AccessBench;

  constructor(azure: AccessBench) {
    this.azure = azure;
  }

  async request(values: object, ...vms: string[]) {
    const io = this.azure.io();
    const options = given(jitRequestOptions, { json: true, reason: "INC-1", ...values }, ...vms);
    const exitCode = await runJitRequest(options, io, this.azure.open);
    const { requests: rows } = JSON.parse(io.written.stdout) as { requests: Row[] };
    return { exitCode, rows, stderr: io.written.stderr };
  }

  /** Somebody's request for SSH on `vm-app` for an hour, of whom the policy has the object id alone. @returns that id. */
  async requestById(user: string): Promise<string> {
    const { plane, path } = this.azure.bench;
    const id = jitId(plane, "jit-vm-app");
    const end = new Date(plane.clock.now().getTime() + hour).toISOString();
    const port = { number: 22, endTimeUtc: end, allowedSourceAddressPrefix: bastionSubnet };
    const body = { virtualMachines: [{ id: path.vmId, ports: [port] }] };
    await plane.sendAs(user, "POST", `${id}/initiate`, versions.jit, body);
    const policy = plane.store.get(id)!;
    const [request] = objectsAt(policy.body, "properties.requests");
    const event = plane.events.findLast(({ wire }) => wire.caller === user)!;
    const claims = event.wire.claims as Record<string, string>;
    const requestor = claims["http://schemas.microsoft.com/identity/claims/objectidentifier"]!;
    plane.store.put({ ...policy, body: withProperties(policy.body, { requests: [{ ...request, requestor }] }) });
    return requestor;
  }

  async list(values: object = {}, open = this.azure.open) {
    const io = this.azure.io();
    const exitCode = await runJitLs(given(jitLsOptions, { json: true, ...values }), io, open);
    const shown = JSON.parse(io.written.stdout) as { requests: Row[]; policies: Row[] };
    return { ...shown, exitCode, stderr: io.written.stderr };
  }

  /** Writes a rule of somebody's own into the group of `vm-app`. @returns what removes it. */
  async rule(name: string, more: object = {}): Promise<() => Promise<unknown>> {
    const { plane, path } = this.azure.bench;
    const id = `${path.nsgId}/securityRules/${name}`;
    const any = { sourceAddressPrefix: "*", sourcePortRange: "*", destinationAddressPrefix: "*" };
    const open = { access: "Allow", direction: "Inbound", protocol: "Tcp", priority: 500, destinationPortRange: "22" };
    const { status } = await plane.send("PUT", id, versions.network, { properties: { ...any, ...open, ...more } });
    assert.ok(status < 300, String(status));
    return () => plane.send("DELETE", id, versions.network);
  }

  /** Deletes the rules that Defender wrote for requests, as somebody may do by hand. */
  async deleteRules(): Promise<void> {
    const { plane, path } = this.azure.bench;
    const { body } = await plane.send("GET", path.nsgId, versions.network);
    const rules = objectsAt(body, "properties.securityRules").map((rule) => textAt(rule, "name") ?? "");
    for (const name of rules.filter((one) => one.includes("JITRule-"))) {
      await plane.send("DELETE", `${path.nsgId}/securityRules/${name}`, versions.network);
    }
  }

  /** Puts a network security group on the interface of `vm-app`; none without an id. */
  setGroup(nsgId?: string): void {
    const { plane, path } = this.azure.bench;
    const nic = plane.store.get(path.nicId)!;
    const group = { networkSecurityGroup: nsgId === undefined ? undefined : { id: nsgId } };
    plane.store.put({ ...nic, body: withProperties(nic.body, group as never) });
  }

  async revoke(values: object, ...vms: string[]) {
    const io = this.azure.io();
    const options = given(jitRevokeOptions, { json: true, reason: "done", ...values }, ...vms);
    const exitCode = await runJitRevoke(options, io, this.azure.open);
    return { exitCode, rows: (JSON.parse(io.written.stdout) as { revocations: Row[] }).revocations };
  }
}

/** Some members of a row. */
export function pick(row: Row | undefined, ...names: string[]): unknown[] {
  return names.map((name) => row?.[name]);
}
