import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Removable {
  remove(): Promise<void> | void;
}

type Hook = (run: () => unknown) => void;

function held<Thing extends Removable>(begin: Hook, end: Hook, start: () => Promise<Thing> | Thing): Thing {
  let started: Thing | undefined;
  begin(async () => {
    started = await start();
  });
  end(async () => {
    const ended = started;
    started = undefined;
    // Nothing was started if a hook has skipped the tests, or if the start has failed.
    await ended?.remove();
  });
  const running = (): Thing => {
    if (started === undefined) throw new Error("It runs only in hooks and tests, after the hook that starts it.");
    return started;
  };
  return new Proxy({} as Thing, {
    get(_, member): unknown {
      const thing = running();
      const value: unknown = Reflect.get(thing, member);
      return typeof value === "function" ? (value.bind(thing) as unknown) : value;
    },
    set: (_, member, value) => Reflect.set(running(), member, value),
  });
}

/**
 * Starts something for each test of a suite, and removes it after the test.
 * @returns what runs, for use in hooks and tests.
 */
export function forEachTest<Thing extends Removable>(start: () => Promise<Thing> | Thing): Thing {
  return held(beforeEach, afterEach, start);
}

/** The same, once for all tests of a suite. */
export function forSuite<Thing extends Removable>(start: () => Promise<Thing> | Thing): Thing {
  return held(before, after, start);
}

/** A folder that goes away with `remove`. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "bastion-trail-"));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
