/** Watches whether Defender's rules open the ports of a VM. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ArmClient } from "../azure/armClient.ts";
import { isForbidden } from "../azure/failure.ts";
import { isOpened, openingRules } from "../azure/jitRules.ts";
import { listSecurityRules, type SecurityRule } from "../azure/networkSecurityRules.ts";
import { readVmNetwork, type VmNetwork } from "../azure/vmNetwork.ts";

/** The rules of each network security group that protects a VM, at one moment. */
export type RuleState = readonly (readonly SecurityRule[])[];

export class RuleWatch {
  readonly #arm: ArmClient;
  readonly #network: VmNetwork;

  constructor(arm: ArmClient, network: VmNetwork) {
    this.#arm = arm;
    this.#network = network;
  }

  state(): Promise<RuleState> {
    return Promise.all(this.#network.nsgIds.map((id) => listSecurityRules(this.#arm, id)));
  }

  /** Defender's rules that open one of the ports. */
  opening(state: RuleState, ports: readonly number[]): SecurityRule[] {
    const { privateIp } = this.#network;
    return state.flatMap((rules) => ports.flatMap((port) => openingRules(rules, { privateIp, port })));
  }

  /** Whether each of the ports is open. */
  isOpen(state: RuleState, ports: readonly number[], counts?: (rule: SecurityRule) => boolean): boolean {
    const { privateIp } = this.#network;
    return ports.every((port) => isOpened(state, { privateIp, port }, counts));
  }

  /**
   * Waits for rules that did not exist before the request: the rule of an older request may remain until Defender
   * replaces it.
   * @returns their names; empty if they did not appear in time.
   */
  async waitUntilOpen(
    ports: readonly number[],
    before: RuleState,
    { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<readonly string[]> {
    const known = new Set(this.opening(before, ports).map(versionOf));
    const isNew = (rule: SecurityRule) => !known.has(versionOf(rule));
    const giveUpAt = Date.now() + timeoutMs;
    for (let pause = 500; ; pause = Math.min(pause * 2, 5000)) {
      const state = await this.state();
      if (this.isOpen(state, ports, isNew)) {
        return [
          ...new Set(
            this.opening(state, ports)
              .filter(isNew)
              .map(({ name }) => name),
          ),
        ];
      }
      if (Date.now() + pause > giveUpAt) {
        return [];
      }
      await sleep(pause, undefined, { signal });
    }
  }
}

/** @returns `undefined` if the caller cannot read the VM's network security groups. */
export async function watchRules(
  arm: ArmClient,
  vmId: string,
): Promise<{ readonly watch: RuleWatch; readonly before: RuleState } | undefined> {
  try {
    const watch = new RuleWatch(arm, await readVmNetwork(arm, vmId));
    return { watch, before: await watch.state() };
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

function versionOf({ id, etag }: SecurityRule): string {
  return `${id} ${etag ?? ""}`.toLowerCase();
}
