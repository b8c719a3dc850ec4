import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SandboxClock } from "../../sandbox/clock.ts";
import { forEachTest, temporaryFolder } from "../held.ts";

const hour = 60 * 60 * 1000;

describe("the sandbox clock", () => {
  const directory = forEachTest(temporaryFolder);
  it("runs with real time, ahead by what it was advanced", async () => {
    const clock = new SandboxClock();
    await clock.advance(2 * hour);
    const ahead = clock.now().getTime() - Date.now();
    assert.ok(Math.abs(ahead - 2 * hour) < 1000, `${ahead} ms ahead`);
    assert.equal(clock.offsetMs, 2 * hour);
  });

  it("runs due timers in the order of their times, each at its own time, and waits for each", async () => {
    const clock = new SandboxClock();
    const start = clock.now().getTime();
    const ran: string[] = [];
    const at = (minutes: number): Date => new Date(start + minutes * 60_000);
    const note = (name: string) => async (): Promise<void> => {
      const minutes = Math.round((clock.now().getTime() - start) / 60_000);
      await sleep(5);
      ran.push(`${name} at ${minutes}`);
    };
    clock.schedule(at(30), note("second"));
    clock.schedule(at(10), note("first"));
    clock.schedule(at(30), note("third"));
    clock.schedule(at(90), note("not yet"));
    await clock.advance(hour);
    assert.deepEqual(ran, ["first at 10", "second at 30", "third at 30"]);
    assert.equal(Math.round((clock.now().getTime() - start) / 60_000), 60);
    await clock.close();
  });

  it("runs a timer that a timer sets, when it is due within the same move", async () => {
    const clock = new SandboxClock();
    const start = clock.now().getTime();
    const ran: string[] = [];
    clock.schedule(new Date(start + 1000), () => {
      ran.push("first");
      clock.schedule(new Date(start + 2000), () => void ran.push("second"));
    });
    await clock.advance(hour);
    assert.deepEqual(ran, ["first", "second"]);
  });

  it("does not run a cancelled timer", async () => {
    const clock = new SandboxClock();
    const cancel = clock.schedule(new Date(clock.now().getTime() + 1000), () => {
      throw new Error("It ran.");
    });
    cancel();
    await clock.advance(hour);
  });

  it("fires timers in real time too", async () => {
    const clock = new SandboxClock();
    let fired = false;
    clock.schedule(new Date(clock.now().getTime() + 20), () => {
      fired = true;
    });
    await sleep(150);
    assert.equal(fired, true);
  });

  it("keeps its offset over a restart", async () => {
    await new SandboxClock({ directory: directory.path }).advance(3 * hour);
    assert.equal(new SandboxClock({ directory: directory.path }).offsetMs, 3 * hour);
  });

  it("runs the other timers when one fails, and then reports it", async () => {
    const clock = new SandboxClock();
    const ran: string[] = [];
    clock.schedule(new Date(clock.now().getTime() + 1), () => Promise.reject(new Error("broken")));
    clock.schedule(new Date(clock.now().getTime() + 2), () => void ran.push("next"));
    await assert.rejects(clock.advance(hour), (error) => {
      assert.ok(error instanceof AggregateError);
      assert.deepEqual(error.errors.map(String), ["Error: broken"]);
      return true;
    });
    assert.deepEqual(ran, ["next"]);
  });

  for (const ms of [-1, 1.5, Number.NaN]) {
    it(`refuses to move by ${ms}`, async () => {
      await assert.rejects(new SandboxClock().advance(ms), {
        name: "RangeError",
        message: `The clock moves by a whole number of milliseconds from 0 up, not by ${ms}.`,
      });
    });
  }

  it("refuses a damaged file, naming it", () => {
    writeFileSync(join(directory.path, "clock.json"), '{"offsetMs":"soon"}');
    assert.throws(() => new SandboxClock({ directory: directory.path }), {
      message: `${join(directory.path, "clock.json")} is damaged ("offsetMs" must be a whole number of milliseconds from 0 up). Restore it from a copy, or delete it to set the clock back to the present.`,
    });
  });
});
