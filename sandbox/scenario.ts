import { join } from "node:path";
import terminalLink from "terminal-link";
import { objectsAt, textAt, type Json, type JsonObject } from "./arm/json.ts";
import { callOrFail } from "./adminClient.ts";
import type { CommandContext, CommandResult } from "./cli/command.ts";
import { writePrivate, type SandboxDescription } from "./directory.ts";
import { resolveEngine } from "./engine/resolve.ts";
import { Failure, messageOf } from "./failure.ts";
import { requestAccess } from "./jitRequest.ts";
import { startSandbox, stopSandbox } from "./lifecycle.ts";
import { Narrator, shortPath } from "./narrator.ts";
import { openPort, removeGroup, shareLink } from "./people.ts";
import { elapsed } from "./progress.ts";
import { SandboxStack } from "./stack.ts";

/** The people of the demonstration: one requests access, one uses her grant, and one opens access herself. */
const user = "ada@example.com";
const rider = "ben@example.com";
const intruder = "eve@example.com";
const rule = "quick-fix";
const reason = "INC-1042";
const minutes = 30;
const hour = 3_600_000;

/** All verdicts that the trail gives to sessions; the story contains one of each. */
const verdicts = ["granted", "borrowed", "unverified", "bypassed", "ungranted", "unknown"];

/**
 * Plays the whole story, from nothing and back to nothing: engine, start, deployment, a refused session, a request,
 * sessions with and without it, the CLI's output about them, deletion, stop. Each step is checked; a failed check makes
 * the result a refusal.
 */
export async function demonstrate(context: CommandContext): Promise<CommandResult> {
  const started = Date.now();
  const narrator = new Narrator(context.directory);
  try {
    await tellAll(context, narrator);
  } catch (error) {
    narrator.check(messageOf(error), false);
  }
  try {
    await stopSandbox(context.directory);
    narrator.check("Sandbox stopped", true);
  } catch (error) {
    narrator.check(messageOf(error), false);
  }
  const { checks } = narrator;
  const failed = checks.filter(({ passed }) => !passed);
  const verdict =
    failed.length === 0 ? `All ${checks.length} checks passed` : `${failed.length} of ${checks.length} checks failed`;
  return {
    json: { checks: checks.map((check) => ({ ...check })) },
    text: `\n${verdict} in ${elapsed(Date.now() - started)}.`,
    refused: failed.length > 0,
  };
}

async function tellAll({ directory, progress }: CommandContext, narrator: Narrator): Promise<void> {
  const engine = await resolveEngine(progress);
  const { description } = await startSandbox(directory);
  narrator.heading(`pulumi up, by Pulumi ${engine.version} on a local Azure`);
  const stack = await SandboxStack.open({ directory, description, engine, progress });
  const { outputs, changes } = await stack.up();
  narrator.check(`Links: ${linksOf(outputs, join(directory.root, "links.txt"))}`, true);
  // A borrowed grant can be recognized only once the log of the previous day exists.
  await passTime(description, 25);
  const story = new Story(narrator, description, deployed(outputs));
  await story.requested();
  await story.unrequested();
  await story.seen(join(directory.root, "report.html"));
  narrator.heading("pulumi destroy");
  const destroyed = await stack.destroy();
  narrator.check("Nothing is left", destroyed.delete === changes.create + changes.update + changes.same);
}

class Story {
  readonly #narrator: Narrator;
  readonly #description: SandboxDescription;
  readonly #deployed: Deployed;

  constructor(narrator: Narrator, description: SandboxDescription, parts: Deployed) {
    this.#narrator = narrator;
    this.#description = description;
    this.#deployed = parts;
  }

  /** Sessions under a request: by its requester, by another user, and by an unknown user. */
  async requested(): Promise<void> {
    const { bastionId, web } = this.#deployed;
    const vm = web.name;
    this.#narrator.heading(`${user} needs ${vm}`);
    const refused = await this.#connect({ vm, user });
    this.#narrator.check(`Connects: refused by ${ruleIn(refused)}, no active request`, refused.outcome === "refused");
    const answer = await requestAccess(this.#description, { vm, user, minutes, reason });
    this.#narrator.check(
      `Requests access for ${minutes} minutes, "${reason}": ${grantIn(answer.body)}`,
      answer.status === 202,
    );
    const connected = await this.#connect({ vm, user });
    this.#narrator.check(`Connects: let in by ${ruleIn(connected)}`, isOpen(connected));
    const ridden = await this.#connect({ vm, user: rider });
    this.#narrator.check(`${rider} connects on that grant`, isOpen(ridden));
    const link = await shareLink(this.#description, user, { bastionId, vmId: web.id });
    const nameless = await this.#connect({ link });
    this.#narrator.check("Somebody connects by a shareable link, which asks for no account", isOpen(nameless));
    await this.#tell("doctor --only standing-rules", "Nothing lets anybody in without a request", [
      "0 errors, 0 warnings",
    ]);
  }

  /**
   * Sessions without a request: through the intruder's own rule, without any rule, and one that is too recent to judge.
   */
  async unrequested(): Promise<void> {
    const { db, desk } = this.#deployed;
    this.#narrator.heading(`${intruder} needs no request`);
    await openPort(this.#description, intruder, db.nsgId, rule);
    const forced = await this.#connect({ vm: db.name, user: intruder });
    this.#narrator.check(`Writes the rule ${rule} and connects to ${db.name}`, ruleIn(forced) === rule);
    await removeGroup(this.#description, intruder, desk.id);
    const unguarded = await this.#connect({ vm: desk.name, user: intruder });
    this.#narrator.check(
      `Takes the network security group off ${desk.name} and connects`,
      isOpen(unguarded) && unguarded.rule === undefined,
    );
    await passTime(this.#description, 2);
    // Events of the last minutes may not have arrived, so it is unknown whether a request covers the session.
    const latest = await this.#connect({ vm: desk.name, user: intruder });
    this.#narrator.check(`Connects to ${desk.name} again, two hours later`, isOpen(latest));
  }

  /** Shows the logs of all sessions. */
  async seen(page: string): Promise<void> {
    await this.#tell("activity --only outside --since 4h", "Who opened the port is known", [intruder, "rule write"]);
    await this.#tell("trail --since 4h", "One session of each verdict", verdicts);
    const report = ["report", "--since", "4h", "--force", "--out", page];
    await this.#narrator.write(this.#description, report, `The trail as a page: ${shortPath(page)}`);
  }

  #tell(command: string, claim: string, words: readonly string[]): Promise<void> {
    return this.#narrator.tell(this.#description, command.split(" "), claim, words);
  }

  #connect(who: JsonObject): Promise<JsonObject> {
    return callOrFail(this.#description, "POST", "/sandbox/connect", { body: { ...who, minutes } });
  }
}

/** Moves the sandbox's clock. */
function passTime(description: SandboxDescription, hours: number): Promise<JsonObject> {
  return callOrFail(description, "POST", "/sandbox/clock", { body: { advanceMs: hours * hour }, timeout: 600_000 });
}

/** The deployed resources of the story. */
interface Deployed {
  readonly bastionId: string;
  readonly web: Vm;
  readonly db: Vm;
  readonly desk: Vm;
}

interface Vm {
  readonly name: string;
  readonly id: string;
  /** ARM id of its network security group. */
  readonly nsgId: string;
}

function deployed(outputs: JsonObject): Deployed {
  const [web, db, desk] = objectsAt(outputs, "vms").map((vm) => ({
    name: textAt(vm, "name") ?? "",
    id: textAt(vm, "id") ?? "",
    nsgId: textAt(vm, "nsgId") ?? "",
  }));
  if (web === undefined || db === undefined || desk === undefined) {
    throw new Failure("The stack's outputs do not name three VMs.");
  }
  return { bastionId: textAt(outputs, "bastionHostId") ?? "", web, db, desk };
}

/** Formats names as links to the portal if the terminal supports it, and writes a file with the whole URLs. */
function linksOf(outputs: JsonObject, file: string): string {
  const links = linksIn(outputs.links ?? null, []);
  writePrivate(file, links.map(([name, url]) => `${name}\n  ${url}\n`).join(""));
  if (links.length === 0) throw new Failure("The stack's outputs hold no links.");
  const names = links.map(([name, url]) => terminalLink(name, url, { fallback: (text) => text }));
  return `${names.join(" · ")}\n  URLs: ${shortPath(file)}`;
}

/** Returns name and URL of each link; links of VMs are named after the VM. */
function linksIn(value: Json, path: readonly string[]): (readonly [name: string, url: string])[] {
  if (typeof value === "string") return [[path.at(-1) ?? "", value]];
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([name, member]) => linksIn(member, [...path, name]))
    : [];
}

function ruleIn(answer: JsonObject): string {
  return textAt(answer, "rule") ?? "(none)";
}

/** Returns text such as `port 22 from 10.60.0.0/26`. */
function grantIn(answer: JsonObject): string {
  return objectsAt(answer, "virtualMachines")
    .flatMap((vm) => objectsAt(vm, "ports"))
    .map((port) => `port ${JSON.stringify(port.number)} from ${textAt(port, "allowedSourceAddressPrefix") ?? ""}`)
    .join(", ");
}

function isOpen({ outcome }: JsonObject): boolean {
  return outcome === "connected";
}
