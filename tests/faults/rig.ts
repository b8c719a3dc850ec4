import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { objectAt, objectsAt, type JsonObject } from "../../sandbox/arm/json.ts";
import { sandboxDirectory } from "../../sandbox/directory.ts";
import { forgetLostCreates } from "../../sandbox/lostCreates.ts";
import type { Changes } from "../../sandbox/changes.ts";
import { TestSandbox, type StackConfig } from "../e2e/harness.ts";
import { checkpoint, deploymentOf, type Deployment, storedResources } from "./deployment.ts";
import { EngineRunner, type EngineAnswer, type EngineRequest } from "./engineRunner.ts";
import type { Target } from "./targets.ts";

/** A sandbox whose stack can be run often and whose requests can be made to fail. */
export class Rig {
  readonly #sandbox: TestSandbox;
  readonly #engine: EngineRunner;

  private constructor(sandbox: TestSandbox) {
    this.#sandbox = sandbox;
    const [, configFile = ""] = sandbox.config({});
    this.#engine = new EngineRunner(sandbox.folder, configFile);
  }

  static async start(): Promise<Rig> {
    const rig = new Rig(await TestSandbox.start());
    await rig.#sandbox.admin("POST", "/sandbox/delays", { operationDelayMs: 10 });
    return rig;
  }

  get sandbox(): TestSandbox {
    return this.#sandbox;
  }

  get deployment(): Deployment {
    return deploymentOf(this.#sandbox.folder);
  }

  /** @throws Error when the state has lost a resource, which only a `destroy` may take out of it. */
  async run(operation: EngineRequest["operation"], config: StackConfig): Promise<EngineAnswer> {
    this.#sandbox.config(config);
    const before = this.#urns();
    const answer = await this.#engine.run({ operation });
    const after = new Set(this.#urns());
    const lost = operation === "destroy" ? [] : before.filter((urn) => !after.has(urn));
    if (lost.length > 0) {
      throw new Error(`${operation} took out of the state: ${lost.join(", ")}. It said: ${JSON.stringify(answer)}`);
    }
    return answer;
  }

  /** Runs what has to succeed. @throws Error with what the engine said otherwise. */
  async succeed(operation: EngineRequest["operation"], config: StackConfig): Promise<Changes> {
    const answer = await this.run(operation, config);
    if (!answer.ok) {
      throw new Error(`${operation} failed: ${answer.error}`);
    }
    return answer.changes;
  }

  async setFault(rule: JsonObject): Promise<void> {
    await this.#sandbox.admin("POST", "/sandbox/faults", rule);
  }

  /** Takes the faults back, and lets go of what they hold. @returns how many requests they hit. */
  async clearFaults(): Promise<number> {
    const faults = objectsAt(await this.#sandbox.admin("GET", "/sandbox/faults"), "value");
    await this.#sandbox.admin("DELETE", "/sandbox/faults");
    return faults.reduce((sum, { hits }) => sum + Number(hits), 0);
  }

  /** Waits until a fault holds a request, and kills the engine at that moment. @returns false when `over` ends first. */
  async killEngineOnceHeld(over: AbortSignal): Promise<boolean> {
    while (!over.aborted) {
      const [fault] = objectsAt(await this.#sandbox.admin("GET", "/sandbox/faults"), "value");
      if (Number(fault?.held) > 0) {
        for (const pid of this.#sandbox.engines()) {
          process.kill(pid, "SIGKILL");
        }
        return true;
      }
      await delay(20);
    }
    return false;
  }

  /** Makes the sandbox forget what the last run lost, as if Pulumi had run without it. */
  forgetLostCreates(): void {
    forgetLostCreates(sandboxDirectory(this.#sandbox.folder));
  }

  /** Deletes what a request wrote through Azure, and waits until it is gone. */
  async delete({ label, path: pattern, apiVersion }: Target): Promise<void> {
    const id = storedResources(this.#sandbox.folder).find((resource) => new RegExp(pattern, "i").test(resource.id))?.id;
    if (id === undefined) throw new Error(`${label} was not created: there is no ${pattern}.`);
    const path = `${id}?api-version=${apiVersion}`;
    const { status, body } = await this.#sandbox.arm("DELETE", path);
    if (status >= 300) {
      throw new Error(`${id} cannot be deleted: ${JSON.stringify(body)}`);
    }
    for (;;) {
      const shown = await this.#sandbox.arm("GET", path);
      // Storage shows a policy of no days for a container that has none.
      const policy = objectAt(shown.body, "properties");
      if (shown.status === 404 || policy.immutabilityPeriodSinceCreationInDays === 0) {
        return;
      }
      await delay(50);
    }
  }

  #urns(): string[] {
    return (checkpoint(this.#sandbox.folder).resources ?? []).map(({ urn }) => urn);
  }

  async end(): Promise<void> {
    await this.#engine.close();
    await this.#sandbox.run("stop", "--quiet");
    rmSync(this.#sandbox.folder, { recursive: true, force: true });
  }
}
