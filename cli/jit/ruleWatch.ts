/** Watches whether Defender's rules open the ports of a VM. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ArmClient } from "../azure/armClient.ts";
import { isForbidden } from "../azure/failure.ts";
import type { GrantedPort } from "../azure/jitGrants.ts";
import { protocolsOf } from "../azure/jitPolicies.ts";
import { openingRules } from "../azure/jitRules.ts";
import { readSecurityGroup, type SecurityGroup } from "../azure/networkInventory.ts";
import type { SecurityRule } from "../azure/networkSecurityRules.ts";
import { readVmNetwork, type VmNetwork } from "../azure/vmNetwork.ts";
import { waysIn, type Way } from "../rules/lettings.ts";
import { isFrom, ruleSource } from "../rules/sourcePoints.ts";

/** The network security groups that protect a VM, at one moment. */
export type RuleState = readonly SecurityGroup[];

/**
 * What the rules do with a port. `open`: Defender's rule lets its sources in. `bypassed`: something else does, without
 * Defender's rule. `closed`: nothing does.
 */
export type PortState = "open" | "bypassed" | "closed";

export class RuleWatch {
  readonly #arm: ArmClient;
  readonly #network: VmNetwork;

  constructor(arm: ArmClient, network: VmNetwork) {
    this.#arm = arm;
    this.#network = network;
  }

  state(): Promise<RuleState> {
    return Promise.all(this.#network.nsgIds.map((id) => readSecurityGroup(this.#arm, id)));
  }

  /** Defender's rules that open one of the ports, to any source. */
  opening(state: RuleState, ports: readonly number[]): SecurityRule[] {
    const { privateIp } = this.#network;
    return state.flatMap(({ rules }) => ports.flatMap((port) => openingRules(rules, { privateIp, port })));
  }

  /** The ways from the port's sources to the port, by any rule. */
  ways(state: RuleState, port: GrantedPort): Way[] {
    return protocolsOf(port).flatMap((protocol) =>
      waysIn(state, { ...this.#network, port: port.number, protocol }, port.sources),
    );
  }

  /**
   * @param counts whether a rule of Defender's counts. If several groups have one, one of each must. Default: always.
   */
  portState(state: RuleState, port: GrantedPort, counts: (rule: SecurityRule) => boolean = () => true): PortState {
    const ways = this.ways(state, port);
    if (ways.length === 0) return "closed";
    const isOpen = ways.some(({ point }) => {
      const opening = state
        .map((group) => this.opening([group], [port.number]))
        .map((rules) => rules.filter(({ sources }) => sources.some((one) => isFrom(ruleSource(one), point))))
        .filter((rules) => rules.length > 0);
      return opening.length > 0 && opening.every((rules) => rules.some(counts));
    });
    return isOpen ? "open" : "bypassed";
  }

  /**
   * Waits for rules that did not exist before the request: the rule of an older request may remain until Defender
   * replaces it.
   * @returns their names; empty if they did not appear in time.
   */
  async waitUntilOpen(
    ports: readonly GrantedPort[],
    before: RuleState,
    { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<readonly string[]> {
    const numbers = ports.map(({ number }) => number);
    const known = new Set(this.opening(before, numbers).map(versionOf));
    const isNew = (rule: SecurityRule) => !known.has(versionOf(rule));
    const giveUpAt = Date.now() + timeoutMs;
    for (let pause = 500; ; pause = Math.min(pause * 2, 5000)) {
      const state = await this.state();
      if (ports.every((port) => this.portState(state, port, isNew) === "open")) {
        return [
          ...new Set(
            this.opening(state, numbers)
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

/** The rules before a VM, and how to read them again. */
export interface WatchedRules {
  readonly watch: RuleWatch;
  readonly before: RuleState;
}

/** @throws ArmError, e.g. if the caller cannot read the VM's network security groups. */
export async function readRules(arm: ArmClient, vmId: string): Promise<WatchedRules> {
  const watch = new RuleWatch(arm, await readVmNetwork(arm, vmId));
  return { watch, before: await watch.state() };
}

/** @returns `undefined` if the caller cannot read the VM's network security groups. */
export async function watchRules(arm: ArmClient, vmId: string): Promise<WatchedRules | undefined> {
  try {
    return await readRules(arm, vmId);
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

function versionOf({ id, etag }: SecurityRule): string {
  return `${id} ${etag ?? ""}`.toLowerCase();
}
