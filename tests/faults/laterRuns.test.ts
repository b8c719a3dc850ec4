import { checkDestruction, checkRefresh, checkUpdate, type Check, type CleanRun } from "./faultCase.ts";
import { cleanRuns, isWanted, kinds, pool, table } from "./plan.ts";
import type { Target } from "./targets.ts";

/*
 * Every request of an update, a refresh and a destroy goes wrong in one way, and the ways are taken in turn: after a first
 * \`up\` the state knows all resources, so where a fault happens matters less.
 */

const runs: readonly [string, (clean: CleanRun) => readonly Target[], Check][] = [
  ["update", ({ updates }) => updates, checkUpdate],
  ["refresh", ({ reads }) => reads, checkRefresh],
  ["destroy", ({ deletes }) => deletes, checkDestruction],
];

for (const [name, targetsOf, check] of runs) {
  describe(`${name}, in which one request goes wrong, is completed by the next run`, () => {
    for (const { clean } of cleanRuns.slice(0, 1)) {
      for (const [index, target] of targetsOf(clean).entries()) {
        const possible = kinds.filter(({ appliesTo }) => appliesTo?.(target, "later") ?? true);
        const kind = possible[index % possible.length];
        if (kind !== undefined && isWanted(target)) {
          const checked = pool.add((rig) => check(rig, clean, target, kind));
          it(`${target.label}: ${kind.title}`, () => table.count(`${name}: ${kind.title}`, checked));
        }
      }
    }
  });
}
