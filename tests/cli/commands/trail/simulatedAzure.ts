/**
 * A small Azure that knows what its logs only tell in part: which rule let each session in, and whose request that rule was for. It
 * shares nothing with the trail, so a test can compare what the trail concludes from the logs with what really happened.
 */
import { isDeepStrictEqual } from "node:util";
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
import { isFor, isJit, of, vms, wire, type Request, type Rule, type RuleTime, type VmName } from "./simulatedRules.ts";

/** A session that the rules let in. */
export interface Admitted {
  readonly vm: VmName;
  readonly address: string;
  readonly port: number;
  readonly by: string | null;
  readonly at: number;
  readonly rule: RuleTime;
  /** The request for the port at that time. */
  readonly request: Request | null;
  readonly hasFlow: boolean;
}

/** How Defender writes rules: in place of the replaced one's, with the whole group, or alone. */
type Way = "again" | "group" | "single";
/** What somebody writes in a rule. */
type Written = Pick<Rule, "priority" | "allows" | "source" | "port">;

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
  readonly #addresses = new Map<VmName, string>();
  /** When rules or requests of a VM changed. */
  readonly #changes: { readonly vm: VmName; readonly at: number }[] = [];
  #now = 0;
  #count = 0;

  constructor() {
    for (const vm of vms) {
      this.#groups.set(vm, new Map());
      this.#addresses.set(vm, `10.60.1.${4 + vms.indexOf(vm)}`);
      const deny = { name: "DenyBastionSubnet", priority: 4010, allows: false, source: "10.60.0.0/26", port: "*" };
      this.#put(vm, -90_000, deny, { author: deployer.by });
      this.#writeGroup(vm, -90_000, deployer);
    }
    const name = `MicrosoftDefenderForCloud-JITRule_-1_${"0".repeat(32)}`;
    const deny = {
      name,
      priority: 1000,
      allows: false,
      source: "*",
      port: "22,3389",
      destination: this.#address("db"),
    };
    this.#put("db", -80_000, deny, { author: "Defender for Cloud" });
    this.#writeGroup("db", -80_000, defender);
  }

  /** Lets whole seconds pass: Defender removes the rules of requests that expire, between two of them. */
  wait(seconds: number): void {
    const now = this.#now + seconds;
    const due = this.requests.filter(
      ({ until, askedUntil }) => until === askedUntil && until >= this.#now && until < now,
    );
    for (const [index, request] of due.sort((one, other) => one.until - other.until).entries()) {
      const { vm, rule, until } = request;
      this.#changes.push({ vm, at: until });
      // Azure writes one state of a group after the other.
      const gone = until + 0.25 + index / 100;
      if (this.#group(vm).get(rule)?.time.request === request) this.#delete(vm, gone, defender, rule, until % 2 < 1);
    }
    this.#now = now;
  }

  request(asked: readonly VmName[], by: string, ports: readonly number[], minutes: number, way: Way): void {
    const [now, id] = [this.#now, this.#id()];
    // Between two whole seconds, so that nothing else happens at that time.
    const until = now + minutes * 60 + 0.5;
    const bodyPorts = ports.map((number) => ({
      ...{ number, allowedSourceAddressPrefix: "10.60.0.0/26", endTimeUtc: at(until) },
    }));
    const virtualMachines = asked.map((vm) => ({ id: of(vm, vmId), ports: bodyPorts }));
    const body = { virtualMachines, justification: "INC-1" };
    this.logs.event(now, initiate, of(asked[0]!, policyId), { by, id, body, status: "Start" });
    for (const vm of asked) {
      ports.forEach((port) => {
        this.#open(vm, by, { port, until, id, way });
      });
      if (way !== "single") this.#writeGroup(vm, now + 0.2, defender, id);
    }
  }

  /** Opens a port for a request. */
  #open(
    vm: VmName,
    by: string,
    { port, until, id, way }: { readonly port: number; readonly until: number; readonly id: string; readonly way: Way },
  ): void {
    const now = this.#now;
    const replaced = this.#active(vm, port);
    if (replaced !== null) Object.assign(replaced, { until: now, endedBy: "replaced" });
    const old = this.#group(vm).get(replaced?.rule ?? "");
    const name =
      way === "again" && old !== undefined
        ? old.name
        : `MicrosoftDefenderForCloud-JITRule-${this.#id().slice(2)}-${"0".repeat(32)}`;
    const request: Request = { vm, port, by, from: now, askedUntil: until, until, endedBy: "expired", rule: name };
    this.requests.push(request);
    const description = `MDC JIT Network Access rule for policy 'jit-${vm}' of VM '${vm}'.`;
    // A priority that somebody gave its rule is not Defender's: repeated as it is, the rule would stay theirs.
    const isOwn = name === old?.name && old.time.author === "Defender for Cloud";
    const priority = isOwn ? old.priority : this.#free(vm, 100);
    const destination = this.#address(vm);
    const rule = { name, priority, allows: true, source: "10.60.0.0/26", port: String(port), destination, description };
    this.#put(vm, now + 0.2, rule, { author: "Defender for Cloud", request });
    if (way === "single") this.#writeRule(vm, now + 0.2, defender, name, id);
    if (old !== undefined && old.name !== name) {
      if (way === "single") this.#delete(vm, now + 0.2, defender, old.name, true);
      else this.#end(vm, now + 0.2, old.name);
    }
  }

  /** Somebody removes the VM from its JIT policy: Defender removes all its rules, each by itself or in one write. */
  leave(vm: VmName, alone: boolean): void {
    const names = [...this.#group(vm).values()].filter(({ time }) => time.author === "Defender for Cloud");
    names.forEach(({ name }) => {
      if (alone) this.#delete(vm, this.#now, defender, name, true);
      else this.#end(vm, this.#now, name);
    });
    if (!alone && names.length > 0) this.#writeGroup(vm, this.#now, defender);
  }

  /** A VM is made again under its name, and the other VM may have its address by then. */
  remake(vm: VmName, takes: "new" | "other"): void {
    const other = vm === "web" ? "db" : "web";
    const [own, others] = [this.#address(vm), this.#address(other)];
    this.#count += 1;
    this.#addresses.set(vm, takes === "new" ? `10.60.2.${this.#count}` : others);
    if (takes === "other") this.#addresses.set(other, own);
    this.#changes.push({ vm, at: this.#now }, { vm: other, at: this.#now });
  }

  /** Somebody opens or denies a port. */
  write(vm: VmName, by: string, rule: Written, alone: boolean): void {
    const name = `Hand-${this.#id()}`;
    this.#put(vm, this.#now, { name, ...rule, priority: this.#free(vm, rule.priority) }, { author: by });
    this.#say(vm, { by }, name, alone);
  }

  /** Somebody changes one of Defender's rules, or one of somebody's. */
  change(vm: VmName, by: string, which: number, changes: Partial<Written>, alone: boolean): void {
    const rule = this.#pick(vm, which, ({ name }) => name !== "DenyBastionSubnet");
    if (rule === undefined) return;
    const priority = changes.priority === undefined ? rule.priority : this.#free(vm, changes.priority);
    const changed = { ...rule, ...changes, priority };
    if (isDeepStrictEqual(changed, rule)) return;
    this.#put(vm, this.#now, changed, { author: by });
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
    const address = this.#address(vm);
    const rule = rules.find((one) => isFor(one, address, port));
    if (rule?.allows !== true) return;
    const request = this.#active(vm, port);
    this.admitted.push({ vm, address, port, by, at: this.#now, rule: rule.time, request, hasFlow });
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

  #address(vm: VmName): string {
    return this.#addresses.get(vm) ?? "";
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
    rule: Omit<Rule, "time" | "destination" | "description"> & Partial<Pick<Rule, "destination" | "description">>,
    { author, request = null }: { readonly author: string; readonly request?: Request | null },
  ): void {
    this.#end(vm, from, rule.name, false);
    const time = { name: rule.name, author, request, allows: rule.allows, from, until: null };
    this.rules.push(time);
    this.#group(vm).set(rule.name, { destination: "*", description: "", ...rule, time });
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
      this.#event(vm, time, ruleWrite, `/securityRules/${name}`, { ...caller, id, body: wire(rule) });
  }

  #writeGroup(vm: VmName, time: number, caller: Caller, id = this.#id()): void {
    const securityRules = [...this.#group(vm).values()].map(wire);
    this.#event(vm, time, nsgWrite, "", { ...caller, id, body: { properties: { securityRules } } });
  }

  #event(vm: VmName, time: number, operation: string, below: string, facts: Parameters<TrailFolder["event"]>[3]): void {
    this.#changes.push({ vm, at: time });
    this.logs.event(time, operation, of(vm, nsgId) + below, facts);
  }
}
