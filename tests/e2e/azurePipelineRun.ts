import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parse } from "yaml";
import { ciStack, installProgram, type CiMachine } from "./ciMachine.ts";

interface Step {
  readonly script?: string;
  readonly bash?: string;
  readonly condition?: string;
  readonly inputs?: { readonly azureSubscription?: string; readonly inlineScript?: string };
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly steps?: readonly Step[];
  readonly strategy?: { readonly runOnce: { readonly deploy: { readonly steps: readonly Step[] } } };
}

interface Pipeline {
  readonly variables: Readonly<Record<string, string>>;
  readonly stages: readonly { readonly stage: string; readonly jobs: readonly Job[] }[];
}

export interface StageRun {
  readonly succeeded: boolean;
  readonly log: string;
  /** The summaries that were uploaded, in order. */
  readonly summaries: readonly string[];
}

/** Runs the jobs of a stage of `ci/azure-pipelines.yml` as an agent does. @param predefined - variables of Azure DevOps. */
export async function runStage(
  name: string,
  machine: CiMachine,
  predefined: Readonly<Record<string, string>> = {},
): Promise<StageRun> {
  const file = join(import.meta.dirname, "../../ci/azure-pipelines.yml");
  const pipeline = parse(readFileSync(file, "utf8")) as Pipeline;
  const variables = { ...pipeline.variables, PULUMI_STACK: ciStack, ...predefined };
  // What the installer of Pulumi brings is there.
  installProgram(
    machine.programs,
    "curl",
    '#!/bin/sh\n[ "$2" = https://get.pulumi.com ] && exec echo true\nexec /usr/bin/curl "$@"\n',
  );
  installProgram(machine.programs, "az", `#!/bin/sh\necho ${machine.sandbox.description.subscriptionId}\n`);
  let log = "";
  let succeeded = true;
  const summaries: string[] = [];
  for (const job of pipeline.stages.find(({ stage }) => stage === name)!.jobs) {
    const folder = machine.folder("agent");
    machine.checkout(folder);
    for (const step of job.steps ?? job.strategy!.runOnce.deploy.steps) {
      const script = step.script ?? step.bash ?? step.inputs?.inlineScript;
      if (script === undefined || !(succeeded || step.condition?.includes("succeededOrFailed()"))) continue;
      if ((await run(script, step, folder)) !== 0) succeeded = false;
    }
  }
  return { succeeded, log, summaries };

  /** Starts a script. @returns its exit code. */
  async function run(script: string, step: Step, folder: string): Promise<number | null> {
    const path = join(folder, "..", "step.sh");
    writeFileSync(path, script);
    const signedIn =
      step.inputs?.azureSubscription === undefined ? {} : { idToken: "t", servicePrincipalId: "s", tenantId: "t" };
    const env = {
      ...machine.env,
      ...asEnvironment(variables),
      ...signedIn,
      AGENT_JOBSTATUS: succeeded ? "Succeeded" : "Failed",
      ...Object.fromEntries(Object.entries(step.env ?? {}).map(([key, value]) => [key, expanded(value, variables)])),
    };
    const child = spawn("bash", [path], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    for (const [, summary] of said.matchAll(/^##vso\[task\.uploadsummary\](.*)$/gm)) {
      summaries.push(readFileSync(summary!, "utf8"));
    }
    log += said;
    return code;
  }
}

/** `System.AccessToken` is `SYSTEM_ACCESSTOKEN` in a script. */
function asEnvironment(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables)
      // A secret is in no script's environment that does not ask for it.
      .filter(([name]) => name !== "System.AccessToken")
      .map(([name, value]) => [name.replaceAll(".", "_").toUpperCase(), value]),
  );
}

function expanded(value: string, variables: Readonly<Record<string, string>>): string {
  return value.replaceAll(/\$\(([\w.]+)\)/g, (macro, name: string) => variables[name] ?? macro);
}

interface Thread {
  readonly id: number;
  readonly status: string;
  readonly comments: { id: number; content: string }[];
}

/** The threads of a pull request in Azure Repos (REST 7.1, "Pull Request Threads" and "Pull Request Thread Comments"). */
export class AzureRepos {
  readonly threads: Thread[] = [];
  readonly #writes: string[] = [];
  readonly #server = createServer((request, response) => {
    const { method = "", url = "", headers } = request;
    const respond = (status: number, body: unknown = {}): void => {
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    };
    const [, rest] =
      /^\/project\/_apis\/git\/repositories\/repo\/pullRequests\/7\/threads(.*)\?api-version=7\.1$/.exec(url) ?? [];
    if (headers.authorization !== "Bearer system-token") {
      respond(401);
    } else if (method === "GET" && rest === "") {
      respond(200, { value: this.threads, count: this.threads.length });
    } else {
      void text(request).then((body) => {
        respond(this.#write(method, rest ?? "", JSON.parse(body) as object) ? 200 : 404);
      });
    }
  });

  async start(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** What was written since the last time, in order: `POST`, `PATCH`. */
  writes(): readonly string[] {
    return this.#writes.splice(0);
  }

  #write(method: string, rest: string, body: object): boolean {
    const [, thread, comment] = /^\/(\d+)\/comments\/(\d+)$/.exec(rest) ?? [];
    if (method === "POST" && rest === "") {
      const { comments, status } = body as { comments: { content: string }[]; status: string };
      const made = comments.map(({ content }, index) => ({ id: index + 1, content }));
      this.threads.push({ id: this.threads.length + 1, status, comments: made });
    } else if (method === "PATCH" && thread !== undefined) {
      const target = this.threads[Number(thread) - 1]!.comments[Number(comment) - 1]!;
      target.content = (body as { content: string }).content;
    } else {
      return false;
    }
    this.#writes.push(method);
    return true;
  }
}
