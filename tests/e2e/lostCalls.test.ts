import assert from "node:assert/strict";
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { checkpoint } from "../faults/deployment.ts";
import { smallConfig, TestSandbox } from "./harness.ts";
import type { Loss, LossyRun, Outcome } from "./lossyProcess.ts";

const { UNAVAILABLE, CANCELLED, INTERNAL } = status;
const ended =
  "The Pulumi engine ended a call without an answer. The run stops before it deletes anything; run it again.";

const losses: readonly (Loss & { readonly says: RegExp; readonly program?: "reading" })[] = [
  // Pulumi's SDK makes these before it calls the program; the first resource is the stack itself.
  { method: "GetDeploymentInfo", number: 1, code: UNAVAILABLE, carriedOut: false, says: /lost by a test/ },
  { method: "SetRootResource", number: 1, code: CANCELLED, carriedOut: true, says: /lost by a test/ },
  { method: "RegisterResource", number: 1, code: UNAVAILABLE, carriedOut: true, says: /\[pulumi:pulumi:Stack\]/ },
  // A component, and a resource in one.
  { method: "RegisterResource", number: 2, code: UNAVAILABLE, carriedOut: false, says: /\[bastion-trail:index:\w+\]/ },
  {
    method: "RegisterResource",
    number: 20,
    code: CANCELLED,
    carriedOut: true,
    says: /failed to register new resource/,
  },
  { method: "RegisterResource", number: 20, code: INTERNAL, carriedOut: false, says: /lost by a test/ },
  { method: "RegisterResourceHook", number: 1, code: UNAVAILABLE, carriedOut: false, says: /lost by a test/ },
  { method: "RegisterResourceOutputs", number: 1, code: UNAVAILABLE, carriedOut: false, says: new RegExp(ended) },
  { method: "Invoke", number: 1, code: UNAVAILABLE, carriedOut: true, says: new RegExp(ended) },
  {
    method: "ReadResource",
    number: 1,
    code: UNAVAILABLE,
    carriedOut: false,
    says: /failed to read resource/,
    program: "reading",
  },
  { method: "SignalAndWaitForShutdown", number: 1, code: CANCELLED, carriedOut: true, says: /lost by a test/ },
];

describe("a run in which a call between the program and the engine is lost", () => {
  let sandbox: TestSandbox;
  let runner: ChildProcess;
  let resources: string[];

  const urns = () => (checkpoint(sandbox.folder).resources ?? []).map(({ urn }) => urn).sort();
  const run = async (request: LossyRun): Promise<Outcome> => {
    runner.send(request);
    const [outcome] = (await once(runner, "message")) as [Outcome];
    return outcome;
  };

  before(async () => {
    sandbox = await TestSandbox.start();
    await sandbox.up();
    resources = urns();
    const [, configFile = ""] = sandbox.config(smallConfig);
    runner = fork(join(import.meta.dirname, "lossyProcess.ts"), [sandbox.folder, configFile]);
  });

  after(async () => {
    runner.disconnect();
    await once(runner, "exit");
    await sandbox.remove();
  });

  for (const operation of ["preview", "up"] as const) {
    for (const { says, program, ...loss } of losses) {
      const carriedOut = loss.carriedOut ? "carried out but not answered" : "not carried out";
      it(`${operation} fails within a minute and deletes nothing: ${loss.method} ${loss.number} ${carriedOut}, ${status[loss.code]}`, async () => {
        const { error = "", lost } = await run({ operation, loss, ...(program && { program }) });
        assert.equal(lost, true);
        assert.match(error, says);
        assert.deepEqual(urns(), resources);
      }).timeout(60_000);
    }

    it(`${operation} fails and deletes nothing when the program registers nothing`, async () => {
      const { error } = await run({ operation, program: "empty" });
      assert.equal(error, "The program registered no resource. The run stops before it deletes anything.");
      assert.deepEqual(urns(), resources);
    }).timeout(60_000);
  }

  it("is completed by the next run of the same process", async () => {
    assert.deepEqual(await run({ operation: "up" }), { lost: false });
    assert.deepEqual(urns(), resources);
  });
});
