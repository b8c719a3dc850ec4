import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Session } from "../../cli/audit/records/types.ts";
import { ArmClient } from "../../cli/azure/armClient.ts";
import { publicCloud } from "../../cli/azure/cloud.ts";
import type { ArmAccess } from "../../cli/armAccess.ts";
import { fallbacksOf, formatOptions, settingsOptions, type OptionSpecs } from "../../cli/options.ts";
import type { SettingValues } from "../../cli/settings/settingValues.ts";
import type { TunnelLog } from "../../cli/commands/sessions/tunnelLog.ts";
import type { FaultRule } from "../../sandbox/arm/faults.ts";
import { objectsAt, textAt, type JsonObject } from "../../sandbox/arm/json.ts";
import { fixedCredential } from "./azure/fakeArm.ts";
import { ada, SessionBench } from "../sandbox/bastion/sessionFixture.ts";
import { bastionSubnet, jitBody, jitId, putVm, versions } from "../sandbox/auditResources.ts";
import { trust } from "../trust.ts";
import { fixedSettings } from "./settings/fixedSettings.ts";
import { fakeIo, type FakeIo, type FakeOptions } from "./fakeIo.ts";

/** The sandbox's control plane in this process, and commands that reach it as Ada. */
export class AccessBench {
  readonly bench: SessionBench;
  /** Where commands keep their state. */
  readonly folder = mkdtempSync(join(tmpdir(), "access-"));
  readonly token: string;
  readonly distrust: () => void;

  private constructor(bench: SessionBench, token: string, distrust: () => void) {
    this.bench = bench;
    this.token = token;
    this.distrust = distrust;
  }

  /** One VM `vm-app` with a policy for SSH, and `vm-two` with one for SSH and RDP. */
  static async start(host: Parameters<typeof SessionBench.start>[0] = {}): Promise<AccessBench> {
    const bench = await SessionBench.start(host);
    const { plane, path } = bench;
    const { body } = await plane.admin("POST", "/sandbox/token", { user: ada });
    putVm(plane, "vm-two", `${path.virtualNetworkId}/subnets/snet-vm`, "10.0.1.5");
    const access = new AccessBench(bench, textAt(body, "access_token") ?? "", trust(plane.tls.ca));
    await access.reset();
    return access;
  }

  /** Nobody has asked for anything, nobody is connected, and nothing goes wrong. */
  async reset(): Promise<void> {
    const { plane, path } = this.bench;
    await plane.admin("DELETE", "/sandbox/faults");
    const one = jitBody(path.vmId);
    const port = { protocol: "TCP", allowedSourceAddressPrefix: bastionSubnet, maxRequestAccessDuration: "PT2H" };
    const ports = [22, 3389].map((number) => ({ ...port, number }));
    const twoId = path.vmId.replace("vm-app", "vm-two");
    const two = { kind: "Basic", properties: { virtualMachines: [{ id: twoId, ports }] } };
    for (const [name, body] of Object.entries({ "jit-vm-app": one, "jit-vm-two": two })) {
      await plane.send("DELETE", jitId(plane, name), versions.jit);
      await plane.send("PUT", jitId(plane, name), versions.jit, body);
    }
    const sessionIds = plane.sessions.list().map(({ tunnelId }) => tunnelId);
    if (sessionIds.length > 0) {
      await plane.send("POST", `${path.bastionId}/disconnectActiveSessions`, versions.bastion, { sessionIds });
    }
    rmSync(join(this.folder, "actions.ndjson"), { force: true });
  }

  io(options: FakeOptions = {}): FakeIo {
    return fakeIo({
      ...options,
      env: { BASTION_TRAIL_STATE: this.folder, BASTION_TRAIL_CACHE: this.folder, ...options.env },
    });
  }

  /** What commands take for opening Azure. */
  readonly open = (): Promise<ArmAccess> => {
    const { plane, path } = this.bench;
    const credential = fixedCredential(this.token);
    const cloud = { ...publicCloud, resourceManager: plane.arm.endpoint, portal: "https://portal.example" };
    const known: Partial<SettingValues> = {
      subscriptionId: plane.identity.subscriptionId,
      bastionHostId: path.bastionId,
      tenantId: plane.identity.tenantId,
    };
    const settings = fixedSettings(known);
    return Promise.resolve({ cloud, credential, arm: new ArmClient({ cloud, credential }), settings });
  };

  /** Opens Azure as `open` does, for a command that somebody stops. */
  openUntil({ signal }: Pick<FakeIo, "signal">): () => Promise<ArmAccess> {
    return async () => {
      const access = await this.open();
      const { cloud, credential } = access;
      return { ...access, arm: new ArmClient({ cloud, credential, signal }) };
    };
  }

  /** Stops a command once a fault holds one of its requests, and it has recorded these outcomes. */
  async interruptWhenHeld(io: FakeIo, ...outcomes: readonly string[]): Promise<void> {
    const isHeld = async () => {
      const { body } = await this.bench.plane.admin("GET", "/sandbox/faults");
      const recorded = this.recorded().map(({ outcome }) => outcome);
      return (
        objectsAt(body, "value").some(({ held }) => Number(held) > 0) && outcomes.every((one) => recorded.includes(one))
      );
    };
    while (!(await isHeld())) await sleep(20);
    io.interrupt();
  }

  /** Opens Azure as `open` does. Each list whose path has the text begins with one more item. */
  openWith(text: string, item: unknown): () => Promise<ArmAccess> {
    return async () => {
      const access = await this.open();
      const { arm } = access;
      const [list, listOf] = [arm.list.bind(arm), arm.listOf.bind(arm)];
      arm.list = async function* (path, apiVersion) {
        if (path.includes(text)) yield item;
        yield* list(path, apiVersion);
      };
      arm.listOf = async function* (request) {
        if (request.path.includes(text)) yield item;
        yield* listOf(request);
      };
      return access;
    };
  }

  /** The record of actions. */
  recorded(): Record<string, unknown>[] {
    const file = join(this.folder, "actions.ndjson");
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  async fault(rule: FaultRule): Promise<void> {
    await this.bench.plane.admin("POST", "/sandbox/faults", rule as unknown as JsonObject);
  }

  async remove(): Promise<void> {
    this.distrust();
    await this.bench.plane.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What a command gets when only some of its options are given. */
export function given(specs: OptionSpecs, values: object = {}, ...operands: string[]) {
  return { ...fallbacksOf({ ...formatOptions, ...settingsOptions, ...specs }), ...values, operands } as never;
}

/** A log that knows these tunnels. */
export function logOf(sessions: readonly Partial<Session>[]): () => () => Promise<TunnelLog> {
  const known = new Map(sessions.map((session) => [session.tunnelId!.toLowerCase(), session as Session]));
  return () => () => Promise.resolve({ find: () => Promise.resolve(known) });
}

export const noLog = () => undefined;
