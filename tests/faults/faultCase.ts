import assert from "node:assert/strict";
import { unchanged, type StackConfig } from "../e2e/harness.ts";
import { checkpoint, type Deployment } from "./deployment.ts";
import type { FaultKind } from "./faultKinds.ts";
import type { Rig } from "./rig.ts";
import { readsOf, targetsOf, type Target } from "./targets.ts";

/** What a deployment of one config looks like when nothing goes wrong. */
export interface CleanRun {
  readonly config: StackConfig;
  /** Resources that `up` creates. */
  readonly total: number;
  readonly deployed: Deployment;
  readonly destroyed: Deployment;
  /** What `up` writes. */
  readonly writes: readonly Target[];
  /** What an `up` with other tags writes. */
  readonly updates: readonly Target[];
  /** What `refresh` reads. */
  readonly reads: readonly Target[];
  /** What `destroy` deletes. */
  readonly deletes: readonly Target[];
}

/** Lets one request go wrong in one way, and holds the outcome to what a clean run gives. */
export type Check = (rig: Rig, clean: CleanRun, target: Target, kind: FaultKind) => Promise<void>;

/** Deploys and destroys once, to learn what has to be there after a fault as well. */
export async function cleanRun(rig: Rig, config: StackConfig): Promise<CleanRun> {
  const { sandbox } = rig;
  const started = new Date();
  const { create: total } = await rig.succeed("up", config);
  const { resources = [] } = checkpoint(sandbox.folder);
  const { deployment: deployed } = rig;
  assert.deepEqual(await rig.succeed("preview", config), unchanged(total));
  const updated = new Date();
  await rig.succeed("up", tagged(config, "clean"));
  const destroyed = new Date();
  await rig.succeed("destroy", config);
  const targets = await targetsOf(sandbox, resources, started);
  const between = (from: Date, to?: Date) => targets.filter(({ at }) => at >= from && (to === undefined || at < to));
  return {
    config,
    total,
    deployed,
    destroyed: rig.deployment,
    writes: between(started, updated),
    updates: between(updated, destroyed),
    reads: readsOf(resources),
    deletes: between(destroyed),
  };
}

/** The engine's refusal of what is in Azure, and our own refusals in preview of a group and of an immutability policy. */
const alreadyThere =
  /cannot create already existing (?:sub)?resource '|Azure already has this resource group, |already has (?:a policy of|the diagnostic setting) /;

/** A write of a first `up`. */
export async function checkCreation(rig: Rig, clean: CleanRun, write: Target, kind: FaultKind): Promise<void> {
  const { config, total } = clean;
  if (rig.deployment.state.length > 0) {
    await rig.succeed("destroy", config);
  }
  await failOnce(rig, config, "up", write, kind);
  if (kind.deletedByHand === true) {
    rig.forgetLostCreates();
    const answer = await rig.run("up", config);
    assert.match(answer.ok ? "" : answer.error, alreadyThere, "the next up should meet what was created");
    await rig.delete(write);
  }
  if (kind.outcome !== "survives") {
    const { replace, delete: deleted } = await rig.succeed("up", config);
    assert.deepEqual({ replace, deleted }, { replace: 0, deleted: 0 }, "what the next up may not do");
  }
  assert.deepEqual(rig.deployment, clean.deployed, "what is deployed in the end");
  assert.deepEqual(await rig.succeed("preview", config), unchanged(total), "a preview afterwards");
  await rig.succeed("destroy", config);
  assert.deepEqual(rig.deployment, clean.destroyed, "what is left after destroy");
}

/** The config with another tag on everything that has tags. */
export function tagged(config: StackConfig, run: string): StackConfig {
  return { ...config, tags: { run } };
}

/** A write of an update. The stack stays deployed for the next one. */
export async function checkUpdate(rig: Rig, clean: CleanRun, write: Target, kind: FaultKind): Promise<void> {
  if (rig.deployment.state.length === 0) {
    await rig.succeed("up", clean.config);
  }
  const config = tagged(clean.config, `${kind.name} ${write.label}`);
  await failOnce(rig, config, "up", write, kind);
  if (kind.outcome !== "survives") {
    const { create, replace, delete: deleted } = await rig.succeed("up", config);
    assert.deepEqual(
      { create, replace, deleted },
      { create: 0, replace: 0, deleted: 0 },
      "what the next up may not do",
    );
  }
  assert.deepEqual(rig.deployment, clean.deployed, "what is deployed in the end");
  assert.deepEqual(await rig.succeed("preview", config), unchanged(clean.total), "a preview afterwards");
}

/** A read of a refresh. The stack stays deployed for the next one. */
export async function checkRefresh(rig: Rig, clean: CleanRun, read: Target, kind: FaultKind): Promise<void> {
  const { config, total } = clean;
  await rig.succeed("up", config);
  await failOnce(rig, config, "refresh", read, kind);
  if (kind.outcome !== "survives") {
    const { create, update, replace, delete: deleted } = await rig.succeed("refresh", config);
    // The first refresh after an up takes new etags of the Bastion subnet's security group into the state.
    assert.deepEqual({ create, replace, deleted }, { create: 0, replace: 0, deleted: 0 });
    assert.ok(update <= 1, `${update} resources changed`);
  }
  assert.deepEqual(rig.deployment, clean.deployed, "what is deployed in the end");
  assert.deepEqual(await rig.succeed("preview", config), unchanged(total), "a preview afterwards");
}

/** A deletion of a `destroy`. */
export async function checkDestruction(rig: Rig, clean: CleanRun, deletion: Target, kind: FaultKind): Promise<void> {
  const { config } = clean;
  await rig.succeed("up", config);
  await failOnce(rig, config, "destroy", deletion, kind);
  if (kind.outcome !== "survives") {
    await rig.succeed("destroy", config);
  }
  assert.deepEqual(rig.deployment, clean.destroyed, "what is left after destroy");
}

/** Runs the engine while the fault is set, and checks that it ends as the kind of fault demands. */
async function failOnce(
  rig: Rig,
  config: StackConfig,
  operation: "up" | "refresh" | "destroy",
  { label, method, path }: Target,
  { rule, outcome, ...kind }: FaultKind,
): Promise<void> {
  await rig.setFault({ ...rule, method: kind.method ?? method, path });
  const over = new AbortController();
  const killed = outcome === "killed" ? rig.killEngineOnceHeld(over.signal) : undefined;
  const answer = await rig.run(operation, config);
  over.abort();
  assert.notEqual(await killed, false, `${operation} ended before the engine could be killed`);
  assert.ok((await rig.clearFaults()) > 0, `${method} ${path} was not met`);
  if (outcome === "survives") {
    assert.ok(answer.ok, answer.ok ? "" : answer.error);
  } else {
    assert.ok(!answer.ok, `${operation} should have failed`);
    if (outcome !== "killed") {
      assert.match(answer.error, outcome);
      assert.ok(
        answer.error.split("\n").some((line) => line.startsWith(`${label}: `) && outcome.test(line)),
        `no line of the error names ${label} and says ${outcome}: ${answer.error}`,
      );
    }
  }
}
