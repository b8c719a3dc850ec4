import { isObject, objectsAt, textAt } from "./arm/bodies.ts";
import type { JsonObject } from "./arm/model.ts";
import { callOrFail } from "./adminClient.ts";
import { findAuditRecord } from "./archiveReader.ts";
import type { CommandContext, CommandResult } from "./cli/command.ts";
import { presentAccess, presentChanges, presentConnect, presentOutputs } from "./cli/present.ts";
import { resolveEngine } from "./engine/resolve.ts";
import { Failure, messageOf } from "./failure.ts";
import { requestAccess } from "./jitRequest.ts";
import { startSandbox, stopSandbox } from "./lifecycle.ts";
import { elapsed } from "./progress.ts";
import { SandboxStack } from "./stack.ts";

/** Who the demonstration is about. */
const user = "ada@example.com";
const reason = "Demonstration";
const minutes = 30;

interface Claim {
  readonly text: string;
  readonly holds: boolean;
}

/**
 * The whole story, from nothing and back to nothing: engine, start, deployment, a refused session, a request, a session,
 * its record in the archive, deletion, stop. Each claim is checked; one that does not hold makes the result a refusal.
 */
export async function demonstrate(context: CommandContext): Promise<CommandResult> {
  const started = Date.now();
  const claims: Claim[] = [];
  const show = (text: string) => {
    process.stdout.write(`${text}\n`);
  };
  const claim = (text: string, holds: boolean) => {
    claims.push({ text, holds });
    show(`${holds ? "✔" : "✖"} ${text}`);
  };
  try {
    await tell(context, show, claim);
  } catch (error) {
    claim(messageOf(error), false);
  }
  try {
    await stopSandbox(context.directory);
    claim("the sandbox stopped and left no process", true);
  } catch (error) {
    claim(messageOf(error), false);
  }
  const failed = claims.filter(({ holds }) => !holds);
  const verdict =
    failed.length === 0 ? "every step was true" : `${failed.length} of ${claims.length} steps were not true`;
  return {
    json: { claims: claims.map((each) => ({ ...each })) },
    text: `\n${verdict[0]?.toUpperCase() ?? ""}${verdict.slice(1)}, in ${elapsed(Date.now() - started)}.`,
    refused: failed.length > 0,
  };
}

async function tell(
  context: CommandContext,
  show: (text: string) => void,
  claim: (text: string, holds: boolean) => void,
): Promise<void> {
  const { directory, progress } = context;
  const heading = (text: string) => {
    show(`\n${text}\n${"─".repeat(text.length)}`);
  };

  heading("A real Pulumi engine and a local Azure");
  const engine = await resolveEngine(progress);
  claim(`Pulumi ${engine.version} (${engine.source}: ${engine.command})`, true);
  const starting = progress.step("Starting the sandbox");
  const { description } = await startSandbox(directory);
  starting.succeed("The sandbox is ready");
  claim(`Azure answers at ${description.armEndpoint}`, true);

  heading("pulumi up");
  const stack = await SandboxStack.open({ directory, description, engine, progress });
  const { outputs, changes } = await stack.up();
  show(presentOutputs(outputs));
  claim(`${presentChanges(changes)}; the outputs hold links`, isObject(outputs.links));

  const vm = firstVm(outputs);
  heading(`${user} connects to ${vm} without having requested access`);
  const refused = await callOrFail(description, "POST", "/sandbox/connect", { body: { vm, user } });
  show(presentConnect(refused));
  claim(
    `refused by the NSG rule ${text(refused, "rule")}`,
    refused.outcome === "refused" && text(refused, "rule") !== "",
  );

  heading(`${user} requests access to ${vm} for ${minutes} minutes`);
  const answer = await requestAccess(description, { vm, user, minutes, reason });
  show(presentAccess(answer.body));
  claim("the request is accepted", answer.status === 202);

  heading(`${user} connects again`);
  const connected = await callOrFail(description, "POST", "/sandbox/connect", { body: { vm, user } });
  show(presentConnect(connected));
  claim(`let in by the NSG rule ${text(connected, "rule")}`, connected.outcome === "connected");

  heading("The audit record in the archive, read with the Azure Storage client");
  const found = await findAuditRecord(description, {
    container: text(outputs, "archive.container"),
    prefix: text(outputs, "archive.blobPrefix"),
    tunnelId: text(connected, "tunnelId"),
  });
  if (found !== undefined) {
    show(`${found.blob}\n${JSON.stringify(found.record, null, 2)}`);
  }
  claim(`the record of ${user}'s session lies where the outputs say`, found?.userEmail === user);

  heading("pulumi destroy");
  const destroyed = await stack.destroy();
  claim(presentChanges(destroyed), destroyed.delete === changes.create + changes.update + changes.same);
}

function firstVm(outputs: JsonObject): string {
  const name = textAt(objectsAt(outputs, "vms")[0], "name");
  if (name === undefined) {
    throw new Failure("The stack's outputs name no VM.");
  }
  return name;
}

function text(body: JsonObject, path: string): string {
  return textAt(body, path) ?? "";
}
