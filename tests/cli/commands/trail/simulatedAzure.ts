/**
 * A small Azure that knows what its logs only tell in part: which rule let each session in, and whose request that rule was for. It
 * shares nothing with the trail, so a test can compare what the trail concludes from the logs with what really happened.
 */
import {
  at,
  defenderApp,
  initiate,
  nsgId,
  nsgWrite,
  policyId,
  ruleDelete,
  ruleWrite,
  vmId,
} from "../../audit/activity/events.ts";
import { TrailFolder } from "./logFolder.ts";
import { isJit, of, vms, wire, type Request, type Rule, type RuleTime, type VmName } from "./simulatedRules.ts";

/** A session that the rules let in. */
export interface Admitted {
  readonly vm: VmName;
  readonly port: number;
  readonly by: string | null;
  readonly at: number;
  readonly rule: RuleTime;
  /** The request for the port at that time. */
  readonly request: Request | null;
  readonly hasFlow: boolean;
}

type Caller = { readonly by: string } | { readonly app: string };
const defender = { app: defenderApp };
const deployer = { by: "deployer@example.com" };

/** Times are seconds after noon of 2026-05-04. */
export class SimulatedAzure {
  readonly logs = new TrailFolder().quiet(-100_000).quiet(400_000);
  readonly requests: Request[] = [];
  readonly rules: RuleTime[] = [];
  readonly admitted: Admitted[] = [];
  readonly #groups = new Map<VmName, Map<string, Rule>>();
  /** When rules or requests of a VM changed. */
  readonly #changes: { readonly vm: VmName; readonly at: number }[] = [];
  #now = 0;
  #count = 0;

  constructor() {
    for (const vm of vms) {
      this.#groups.set(vm, new Map());
      const deny = { name: "DenyBastionSubnet", priority: 4010, allows: false, source: "10.60.0.0/26", port: "*" };
      this.#put(vm, -90_000, deny, { author: deployer.by });
      this.#writeGroup(vm, -90_000, deployer);
    }
  }

  /** Lets whole seconds pass: Defender removes the rules of requests that expire, between two of them. */
  wait(seconds: number): void {
    const now = this.#now + seconds;
    const due = this.requests.filter(
      ({ until, askedUntil }) => until === askedUntil && until >= this.#now && until < now,
    );
    for (const request of due.sort((one, other) => one.until - other.until)) {
      const { vm, rule, until } = request;
      this.#changes.push({ vm, at: until });
      if (this.#group(vm).get(rule)?.time.request === request)
        this.#delete(vm, until + 0.25, defender, rule, until % 2 < 1);
    }
    this.#now = now;
  }

  /** @param way how Defender writes the rule: in place of the replaced one's, with the whole group, or alone. */
  request(vm: VmName, by: string, port: number, minutes: number, way: "again" | "group" | "single"): void {
    const [now, id] = [this.#now, this.#id()];
    // Between two whole seconds, so that nothing else happens at that time.
    const until = now + minutes * 60 + 0.5;
    const ports = [{ number: port, allowedSourceAddressPrefix: "10.60.0.0/26", endTimeUtc: at(until) }];
    const body = { virtualMachines: [{ id: of(vm, vmId), ports }], justification: "INC-1" };
    this.logs.event(now, initiate, of(vm, policyId), { by, id, body, status: "Start" });
    const replaced = this.#active(vm, port);
    if (replaced !== null) Object.assign(replaced, { until: now, endedBy: "replaced" });
    const old = this.#group(vm).get(replaced?.rule ?? "");
    const name =
      way === "again" && old !== undefined
        ? old.name
        : `MicrosoftDefenderForCloud-JITRule-${this.#count}-${"0".repeat(32)}`;
    const request: Request = { vm, port, by, from: now, askedUntil: until, until, endedBy: "expired", rule: name };
    this.requests.push(request);
    const description = `MDC JIT Network Access rule for policy 'jit-${vm}' of VM '${vm}'.`;
    const priority = name === old?.name ? old.priority : this.#free(vm, 100);
    const rule = { name, priority, allows: true, source: "10.60.0.0/26", port: String(port), description };
    this.#put(vm, now + 0.2, rule, { author: "Defender for Cloud", request });
    if (way === "single") this.#writeRule(vm, now + 0.2, defender, name, id);
    if (old !== undefined && old.name !== name) {
      if (way === "single") this.#delete(vm, now + 0.2, defender, old.name, true);
      else this.#end(vm, now + 0.2, old.name);
    }
    if (way !== "single") this.#writeGroup(vm, now + 0.2, defender, id);
  }

  /** Somebody opens or denies a port. */
  write(vm: VmName, by: string, rule: Pick<Rule, "priority" | "allows" | "source" | "port">, alone: boolean): void {
    const name = `Hand-${this.#id()}`;
    this.#put(vm, this.#now, { name, ...rule, priority: this.#free(vm, rule.priority) }, { author: by });
    this.#say(vm, { by }, name, alone);
  }

  /** Somebody opens every port in one of Defender's rules. */
  widen(vm: VmName, by: string, which: number, alone: boolean): void {
    const rule = this.#pick(vm, which, isJit);
    if (rule === undefined || rule.port === "*") return;
    this.#put(vm, this.#now, { ...rule, port: "*" }, { author: by });
    this.#say(vm, { by }, rule.name, alone);
  }

  /** Somebody deletes one of Defender's rules, or one of somebody's. */
  delete(vm: VmName, by: string, which: number, ofDefender: boolean, alone: boolean): void {
    const rule = this.#pick(vm, which, ({ name }) => isJit({ name }) === ofDefender && name !== "DenyBastionSubnet");
    if (rule !== undefined) this.#delete(vm, this.#now, { by }, rule.name, alone);
  }

  /** A pipeline writes a group as it is, or without Defender's rules. */
  deploy(vm: VmName, isWithout: boolean): void {
    const gone = isWithout ? [...this.#group(vm).values()].filter(isJit) : [];
    gone.forEach(({ name }) => {
      this.#end(vm, this.#now, name);
    });
    this.#writeGroup(vm, this.#now, deployer);
  }

  /** Somebody connects, if the rules allow it. */
  connect(vm: VmName, by: string | null, port: number, hasFlow: boolean): void {
    const rules = [...this.#group(vm).values()].sort((one, other) => one.priority - other.priority);
    const rule = rules.find((one) => ["*", String(port)].includes(one.port) && one.source !== "192.0.2.0/24");
    if (rule?.allows !== true) return;
    this.admitted.push({ vm, port, by, at: this.#now, rule: rule.time, request: this.#active(vm, port), hasFlow });
  }

  /** The sessions that began when no clock skew of two minutes could make the logs unclear. */
  clear(): Admitted[] {
    return this.admitted.filter((one) => {
      const isNear = (other: { readonly vm: VmName; readonly at: number }, seconds: number): boolean =>
        other !== one && other.vm === one.vm && Math.abs(other.at - one.at) <= seconds;
      return !this.#changes.some((change) => isNear(change, 130)) && !this.admitted.some((other) => isNear(other, 250));
    });
  }

  #id(): string {
    this.#count += 1;
    return `c-${this.#count}`;
  }

  #group(vm: VmName): Map<string, Rule> {
    return this.#groups.get(vm) ?? new Map<string, Rule>();
  }

  #active(vm: VmName, port: number): Request | null {
    return this.requests.find((one) => one.vm === vm && one.port === port && one.until > this.#now) ?? null;
  }

  #pick(vm: VmName, which: number, isMeant: (rule: Rule) => boolean): Rule | undefined {
    const rules = [...this.#group(vm).values()].filter(isMeant);
    return rules[which % rules.length];
  }

  #free(vm: VmName, from: number): number {
    const taken = new Set([...this.#group(vm).values()].map(({ priority }) => priority));
    let priority = from;
    while (taken.has(priority)) priority += 1;
    return priority;
  }

  #put(
    vm: VmName,
    from: number,
    rule: Omit<Rule, "time" | "description"> & { readonly description?: string },
    { author, request = null }: { readonly author: string; readonly request?: Request | null },
  ): void {
    this.#end(vm, from, rule.name, false);
    const time = { name: rule.name, author, request, allows: rule.allows, from, until: null };
    this.rules.push(time);
    this.#group(vm).set(rule.name, { description: "", ...rule, time });
  }

  #end(vm: VmName, until: number, name: string, isDeleted = true): void {
    const rule = this.#group(vm).get(name);
    if (rule === undefined) return;
    rule.time.until = until;
    this.#group(vm).delete(name);
    const request = this.requests.find((one) => one.rule === name && one.vm === vm && one.until > until);
    if (!isDeleted || request === undefined) return;
    // The trail counts a rule that goes in the last minute as expired.
    Object.assign(request, { until, endedBy: until < request.askedUntil - 60 ? "revoked" : "expired" });
  }

  #delete(vm: VmName, time: number, caller: Caller, name: string, alone: boolean): void {
    this.#end(vm, time, name);
    if (!alone) this.#writeGroup(vm, time, caller);
    else this.#event(vm, time, ruleDelete, `/securityRules/${name}`, { ...caller, id: this.#id() });
  }

  #say(vm: VmName, caller: Caller, name: string, alone: boolean): void {
    if (alone) this.#writeRule(vm, this.#now, caller, name);
    else this.#writeGroup(vm, this.#now, caller);
  }

  #writeRule(vm: VmName, time: number, caller: Caller, name: string, id = this.#id()): void {
    const rule = this.#group(vm).get(name);
    if (rule !== undefined)
      this.#event(vm, time, ruleWrite, `/securityRules/${name}`, { ...caller, id, body: wire(vm, rule) });
  }

  #writeGroup(vm: VmName, time: number, caller: Caller, id = this.#id()): void {
    const securityRules = [...this.#group(vm).values()].map((rule) => wire(vm, rule));
    this.#event(vm, time, nsgWrite, "", { ...caller, id, body: { properties: { securityRules } } });
  }

  #event(vm: VmName, time: number, operation: string, below: string, facts: Parameters<TrailFolder["event"]>[3]): void {
    this.#changes.push({ vm, at: time });
    this.logs.event(time, operation, of(vm, nsgId) + below, facts);
  }
}
