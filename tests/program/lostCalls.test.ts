import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { startMockEngine, type EngineCall, type MockEngine } from "../../bench/start/mockEngine.ts";
import { hostProgram, ownProgram, type ProgramOutcome } from "../../bench/start/programProcess.ts";

const program = ownProgram(join(import.meta.dirname, "../.."));

/** What the engine takes for the end of a program that has registered all it has: it deletes the rest. */
const endOfProgram = "signalAndWaitForShutdown";

interface Loss {
  readonly what: string;
  readonly dryRun?: boolean;
  /** @returns the status with which a call ends; `undefined` when it is answered. */
  readonly lose: (call: EngineCall, engine: MockEngine) => status | undefined;
}

function lost(method: string, number: number, code: status): Loss {
  return {
    what: `${method} number ${number} ends with ${status[code]}`,
    lose: (call) => (call.method === method && call.number === number ? code : undefined),
  };
}

/** Runs the program's process against an engine that loses a call. */
async function run({ lose, dryRun }: Loss): Promise<ProgramOutcome & { readonly engine: MockEngine }> {
  const engine = await startMockEngine({ lose: (call) => lose(call, engine) });
  try {
    return { ...(await hostProgram(engine, program, { vms: 1, dryRun })), engine };
  } finally {
    await engine.close();
  }
}

describe("the program in the process that Pulumi's language host starts", () => {
  const { CANCELLED, INTERNAL, UNAVAILABLE, UNIMPLEMENTED } = status;

  it("ends well when every call is answered", async () => {
    const { exitCode, stderr, engine } = await run({ what: "nothing", lose: () => undefined });
    assert.deepEqual(
      { exitCode, stderr, signals: engine.calls(endOfProgram) },
      { exitCode: 0, stderr: "", signals: 1 },
    );
    assert.ok(engine.resources() > 20);
  });

  const losses: readonly Loss[] = [
    // The host makes these before it loads the program; the first resource is the stack itself.
    lost("getDeploymentInfo", 1, UNAVAILABLE),
    {
      what: "supportsFeature, which is asked of an old engine, ends with UNAVAILABLE",
      lose: ({ method }) =>
        method === "supportsFeature" ? UNAVAILABLE : method === "getDeploymentInfo" ? UNIMPLEMENTED : undefined,
    },
    lost("registerResource", 1, UNAVAILABLE),
    { ...lost("setRootResource", 1, CANCELLED), dryRun: true },
    // A component, and a resource in one.
    lost("registerResource", 2, UNAVAILABLE),
    { ...lost("registerResource", 12, CANCELLED), dryRun: true },
    lost("registerResource", 12, INTERNAL),
    lost("registerResourceHook", 1, UNAVAILABLE),
    lost("registerResourceOutputs", 1, UNAVAILABLE),
    { ...lost("invoke", 1, UNAVAILABLE), dryRun: true },
    {
      what: "the engine is gone",
      lose: ({ method, number }, engine) => {
        if (method === "registerResource" && number === 12) engine.kill();
        return undefined;
      },
    },
  ];

  for (const { what, ...loss } of losses) {
    it(`fails, and does not tell the engine that it has registered all, when ${what}`, async () => {
      const { exitCode, engine } = await run({ what, ...loss });
      assert.notEqual(exitCode, 0);
      assert.equal(engine.calls(endOfProgram), 0);
    }).timeout(60_000);
  }
});

describe("two runs in one process, whose engines have the same port", () => {
  it("share no connection that has failed", () => {
    const { stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "runsOfOneProcess.ts")], {
      encoding: "utf8",
    });
    // This engine has no services: the call has reached it.
    assert.deepEqual({ stdout, stderr }, { stdout: "UNAVAILABLE UNIMPLEMENTED\n", stderr: "" });
  });
});
