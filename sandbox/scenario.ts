import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, relative } from "node:path";
import { stripVTControlCharacters, styleText } from "node:util";
import terminalLink from "terminal-link";
import { objectsAt, textAt } from "./arm/bodies.ts";
import type { Json, JsonObject } from "./arm/model.ts";
import { callOrFail } from "./adminClient.ts";
import type { CommandContext, CommandResult } from "./cli/command.ts";
import { writePrivate, type SandboxDescription } from "./directory.ts";
import { resolveEngine } from "./engine/resolve.ts";
import { clientEnvironment } from "./environment.ts";
import { Failure, messageOf } from "./failure.ts";
import { requestAccess } from "./jitRequest.ts";
import { startSandbox, stopSandbox } from "./lifecycle.ts";
import { elapsed } from "./progress.ts";
import { SandboxStack } from "./stack.ts";

/** Who the demonstration is about: one who asks, one who rides on her grant, one who opens a port herself. */
const user = "ada@example.com";
const rider = "ben@example.com";
const intruder = "mallory@example.com";
const reason = "INC-1042";
const minutes = 30;
const hour = 3_600_000;

/** Cells of a line, at most. */
const widest = 100;

interface Check {
  readonly text: string;
  readonly passed: boolean;
}

/**
 * The whole story, from nothing and back to nothing: engine, start, deployment, a refused session, a request, sessions with and without
 * it, what the CLI says of them, deletion, stop. Each step is checked; one that fails makes the result a refusal.
 */
export async function demonstrate(context: CommandContext): Promise<CommandResult> {
  const started = Date.now();
  const story = new Story(context);
  try {
    await story.run();
  } catch (error) {
    story.check(messageOf(error), false);
  }
  try {
    await stopSandbox(context.directory);
    story.check("Sandbox stopped", true);
  } catch (error) {
    story.check(messageOf(error), false);
  }
  const { checks } = story;
  const failed = checks.filter(({ passed }) => !passed);
  const verdict =
    failed.length === 0 ? `All ${checks.length} checks passed` : `${failed.length} of ${checks.length} checks failed`;
  return {
    json: { checks: checks.map((check) => ({ ...check })) },
    text: `\n${verdict} in ${elapsed(Date.now() - started)}.`,
    refused: failed.length > 0,
  };
}

class Story {
  readonly checks: Check[] = [];
  readonly #context: CommandContext;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  async run(): Promise<void> {
    const { directory, progress } = this.#context;
    const engine = await resolveEngine(progress);
    const { description } = await startSandbox(directory);
    this.#heading(`pulumi up, by Pulumi ${engine.version} on a local Azure`);
    const stack = await SandboxStack.open({ directory, description, engine, progress });
    const { outputs, changes } = await stack.up();
    this.check(`Links: ${this.#links(outputs)}`, true);

    const [vm, other] = firstVms(outputs);
    // Whoever borrows a grant is only known as one once the log of the day before is there.
    await passTime(description, 25);
    this.#heading(`${user} needs ${vm}`);
    const refused = await this.#connect(description, vm, user);
    this.check(`Connects: refused by ${ruleIn(refused)}, no active request`, refused.outcome === "refused");
    const answer = await requestAccess(description, { vm, user, minutes, reason });
    this.check(`Requests access for ${minutes} minutes, "${reason}": ${grantIn(answer.body)}`, answer.status === 202);
    const connected = await this.#connect(description, vm, user);
    this.check(`Connects: let in by ${ruleIn(connected)}`, connected.outcome === "connected");
    const ridden = await this.#connect(description, vm, rider);
    this.check(`${rider} connects on that grant`, ridden.outcome === "connected");
    const checks = ["doctor", "--only", "records,standing-rules"];
    await this.#tell(description, checks, "Nothing lets anybody in without a request", ["0 errors, 0 warnings"]);
    this.#heading(`${intruder} needs no request`);
    await openPort(description, nsgOf(outputs, other), intruder);
    const forced = await this.#connect(description, other, intruder);
    this.check(
      `${intruder} writes the rule ${ruleIn(forced)} and connects to ${other}`,
      forced.outcome === "connected",
    );
    await passTime(description, 2);

    const trail = ["trail", "--since", "4h"];
    await this.#tell(description, trail, "Each session has its request and its rule, or stands out", [
      "granted",
      "borrowed",
      "bypassed",
    ]);
    const outside = ["activity", "--only", "outside", "--since", "4h"];
    await this.#tell(description, outside, "Who opened the port is known", [intruder, "rule write"]);
    const page = join(this.#context.directory.root, "report.html");
    await this.#write(description, ["report", "--since", "4h", "--force", "--out", page], page);

    this.#heading("pulumi destroy");
    const destroyed = await stack.destroy();
    this.check("Nothing is left", destroyed.delete === changes.create + changes.update + changes.same);
  }

  check(text: string, passed: boolean): void {
    this.checks.push({ text: stripVTControlCharacters(text), passed });
    const mark = passed ? styleText("green", "✔") : styleText("red", "✖");
    process.stdout.write(`${mark} ${text}\n`);
  }

  #heading(text: string): void {
    process.stdout.write(`\n${styleText("bold", text)}\n`);
  }

  #connect(description: SandboxDescription, vm: string, person: string): Promise<JsonObject> {
    return callOrFail(description, "POST", "/sandbox/connect", { body: { vm, user: person, minutes } });
  }

  /** Names that lead to the portal in a terminal that can, and a file with the whole URLs. */
  #links(outputs: JsonObject): string {
    const links = linksIn(outputs.links ?? null, []);
    const file = join(this.#context.directory.root, "links.txt");
    writePrivate(file, links.map(([name, url]) => `${name}\n  ${url}\n`).join(""));
    if (links.length === 0) {
      throw new Failure("The stack's outputs hold no links.");
    }
    const names = links.map(([name, url]) => terminalLink(name, url, { fallback: (text) => text }));
    return `${names.join(" · ")}\n  URLs: ${shortPath(file)}`;
  }

  /** Runs a command of the CLI, shows what it says, and checks that the words of the claim are in it. */
  async #tell(
    description: SandboxDescription,
    args: readonly string[],
    claim: string,
    words: readonly string[],
  ): Promise<void> {
    this.#heading(`$ bastion-trail ${args.join(" ")}`);
    const { exitCode, said } = await this.#cli(description, args, (chunk) => process.stdout.write(chunk));
    this.check(claim, exitCode === 0 && words.every((word) => said.includes(word)));
  }

  /** Runs a command of the CLI that writes a page, and says where that is. */
  async #write(description: SandboxDescription, args: readonly string[], page: string): Promise<void> {
    const { exitCode, said } = await this.#cli(description, args, () => undefined);
    this.check(exitCode === 0 ? `The trail as a page: ${shortPath(page)}` : said, exitCode === 0);
  }

  async #cli(description: SandboxDescription, args: readonly string[], show: (chunk: string) => void) {
    const { directory } = this.#context;
    const { isTTY, columns } = process.stdout;
    const child = spawn(process.execPath, [join(import.meta.dirname, "../cli/bin/bastion-trail.js"), ...args], {
      env: {
        ...process.env,
        ...clientEnvironment(directory, description),
        COLUMNS: String(isTTY ? Math.min(columns, widest) : widest),
        ...(isTTY && { FORCE_COLOR: "1" }),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        said += chunk;
        show(chunk);
      });
    }
    const [exitCode] = (await once(child, "close")) as [number | null];
    return { exitCode, said };
  }
}

/** Moves the sandbox's clock. */
function passTime(description: SandboxDescription, hours: number): Promise<JsonObject> {
  return callOrFail(description, "POST", "/sandbox/clock", { body: { advanceMs: hours * hour }, timeout: 600_000 });
}

/** Writes a rule that nobody requested, as a person in the portal would. */
async function openPort(description: SandboxDescription, nsgId: string, person: string): Promise<void> {
  const { access_token: token } = await callOrFail(description, "POST", "/sandbox/token", { body: { user: person } });
  const properties = {
    access: "Allow",
    direction: "Inbound",
    protocol: "Tcp",
    priority: 300,
    sourceAddressPrefix: "VirtualNetwork",
    sourcePortRange: "*",
    destinationAddressPrefix: "*",
    destinationPortRange: "22",
  };
  await callOrFail(description, "PUT", `${nsgId}/securityRules/quick-fix?api-version=2024-05-01`, {
    token: token as string,
    body: { properties },
  });
}

/** Relative to the current folder, where the file is in it. */
function shortPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith("..") ? file : path;
}

function firstVms(outputs: JsonObject): [string, string] {
  const [one, other] = objectsAt(outputs, "vms").map((vm) => textAt(vm, "name"));
  if (one === undefined || other === undefined) {
    throw new Failure("The stack's outputs do not name two VMs.");
  }
  return [one, other];
}

function nsgOf(outputs: JsonObject, name: string): string {
  const vm = objectsAt(outputs, "vms").find((one) => textAt(one, "name") === name);
  return (vm && textAt(vm, "nsgId")) ?? "";
}

/** Name and URL of each link, those of VMs by the VM's name. */
function linksIn(value: Json, path: readonly string[]): (readonly [name: string, url: string])[] {
  if (typeof value === "string") {
    return [[path.at(-1) ?? "", value]];
  }
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([name, member]) => linksIn(member, [...path, name]))
    : [];
}

function ruleIn(answer: JsonObject): string {
  return textAt(answer, "rule") ?? "(none)";
}

/** `port 22 from 10.60.0.0/26`. */
function grantIn(answer: JsonObject): string {
  return objectsAt(answer, "virtualMachines")
    .flatMap((vm) => objectsAt(vm, "ports"))
    .map((port) => `port ${JSON.stringify(port.number)} from ${textAt(port, "allowedSourceAddressPrefix") ?? ""}`)
    .join(", ");
}
