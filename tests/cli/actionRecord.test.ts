import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ActionRecord } from "../../cli/actionRecord.ts";
import { ArmClient } from "../../cli/azure/armClient.ts";
import { publicCloud } from "../../cli/azure/cloud.ts";
import { exitCodes } from "../../cli/errors.ts";
import { forEachTest, temporaryFolder } from "../held.ts";
import { fixedCredential } from "./azure/fakeArm.ts";
import { fakeIo } from "./fakeIo.ts";

describe("the record of actions", () => {
  const folder = forEachTest(temporaryFolder);
  const open = async () => {
    const io = fakeIo({ env: { BASTION_TRAIL_STATE: folder.path } });
    const arm = new ArmClient({ cloud: publicCloud, credential: fixedCredential("a.e30.c") });
    return { io, record: await ActionRecord.open(io, arm, { action: "jit revoke", reason: "done" }) };
  };
  const file = () => join(folder.path, "actions.ndjson");
  /** As if the disk were full. */
  const block = () => {
    rmSync(file());
    mkdirSync(file());
  };
  const blocked = () => `EISDIR: illegal operation on a directory, open '${file()}'`;

  it("has what is asked for, and then what came of it", async () => {
    const { io, record } = await open();
    await record.addAsked([{ target: "web", details: {} }]);
    await record.add([{ target: "web", outcome: "closed", details: {} }]);
    const lines = readFileSync(file(), "utf8").trimEnd().split("\n");
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as { outcome: string }).outcome),
      ["asked", "closed"],
    );
    assert.deepEqual([record.exitCode(exitCodes.fine), io.written.stderr], [exitCodes.fine, ""]);
  });

  it("begins a line of its own after one that was cut", async () => {
    writeFileSync(file(), '{"outcome":"asked"}\n{"outco');
    const { record } = await open();
    await record.add([{ target: "web", outcome: "closed", details: {} }]);
    assert.deepEqual(
      (await record.entries()).map(({ outcome }) => outcome),
      ["asked", "closed"],
    );
  });

  it("refuses an action that it cannot record", async () => {
    const { record } = await open();
    block();
    await assert.rejects(record.addAsked([{ target: "web", details: {} }]), {
      message: `Cannot write the record of actions ${file()}, so nothing was done.`,
      nextStep: "Make its folder writable, or set BASTION_TRAIL_STATE to another folder.",
    });
  });

  it("lets a command report what it did although the outcome cannot be recorded", async () => {
    const { io, record } = await open();
    block();
    await record.add([{ target: "web", outcome: "closed", details: {} }]);
    assert.equal(
      io.written.stderr,
      `warning: the record of actions ${file()} cannot be written: ${blocked()}. Missing: closed (web).\n`,
    );
    const { fine, findings, failure } = exitCodes;
    assert.deepEqual(
      [fine, findings, failure].map((code) => record.exitCode(code)),
      [findings, findings, failure],
    );
  });
});
