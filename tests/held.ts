import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Removable {
  remove(): Promise<void> | void;
}

type Hook = (run: () => unknown) => void;

function held<Thing extends Removable>(begin: Hook, end: Hook, start: () => Promise<Thing> | Thing): Thing {
  const thing = {} as Thing;
  begin(async () => {
    const started = await start();
    Object.setPrototypeOf(thing, Object.getPrototypeOf(started) as object);
    Object.assign(thing, started);
  });
  // Not started if a hook has skipped the tests.
  end(() => (thing as Partial<Thing>).remove?.());
  return thing;
}

/**
 * Starts something for each test of a suite, and removes it after the test.
 * @returns what runs; its members are there in hooks and tests alone.
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
