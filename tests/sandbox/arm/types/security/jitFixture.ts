import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import type { Resource } from "../../../../../sandbox/arm/resource.ts";
import { startAuditPlane, type Answer, type AuditPlane } from "../../../auditPlane.ts";
import { bastionSubnet, jitId, putAccessPath, putPlan, versions, type AccessPath } from "../../../auditResources.ts";

export const minute = 60_000;
/** Who asks for access. */
export const ada = "ada@example.com";

/** An access path under Defender for Servers Plan 2, and short words for what tests do with its JIT policy. */
export class JitBench {
  plane: AuditPlane;
  readonly path: AccessPath;

  private constructor(plane: AuditPlane) {
    this.plane = plane;
    this.path = putAccessPath(plane);
  }

  static async start(): Promise<JitBench> {
    const bench = new JitBench(await startAuditPlane());
    await putPlan(bench.plane);
    return bench;
  }

  remove(): Promise<void> {
    return this.plane.remove();
  }

  put(body: JsonObject, name?: string): Promise<Answer> {
    return this.plane.send("PUT", jitId(this.plane, name), versions.jit, body);
  }

  /** Asks for the SSH port from the Bastion subnet. */
  initiate(minutes: number, port: JsonObject = {}): Promise<Answer> {
    const endTimeUtc = new Date(this.plane.clock.now().getTime() + minutes * minute).toISOString();
    const ports = [{ number: 22, endTimeUtc, allowedSourceAddressPrefix: bastionSubnet, ...port }];
    return this.plane.sendAs(ada, "POST", `${jitId(this.plane)}/initiate`, versions.jit, {
      virtualMachines: [{ id: this.path.vmId, ports }],
      justification: "INC-42",
    });
  }

  /** The rules in the VM's NSG, the last to be evaluated first. */
  rules(): Resource[] {
    return this.plane.store
      .childrenOf(this.path.nsgId)
      .sort((a, b) => Number(prop(b, "priority")) - Number(prop(a, "priority")));
  }

  allows(): Resource[] {
    return this.rules().filter((rule) => prop(rule, "access") === "Allow");
  }

  async requests(): Promise<JsonObject[]> {
    const { body } = await this.plane.send("GET", jitId(this.plane), versions.jit);
    return (body.properties as JsonObject).requests as JsonObject[];
  }
}

/** The first port of a request. */
export function portOf(request: unknown): JsonObject {
  return (request as { virtualMachines: { ports: JsonObject[] }[] }).virtualMachines[0]?.ports[0] ?? {};
}

export function prop(rule: Resource, name: string): unknown {
  return (rule.body.properties as JsonObject)[name];
}
