import { checkCreation, type CleanRun } from "./faultCase.ts";
import { cleanRuns, isWanted, kinds, pool, table } from "./plan.ts";
import type { Target } from "./targets.ts";

/** The writes of each config that none before it makes. */
function* newWrites(): Generator<{ title: string; clean: CleanRun; write: Target }> {
  const known = new Set<string>();
  for (const { title, clean } of cleanRuns) {
    for (const write of clean.writes) {
      const key = `${write.method} ${write.path}`;
      if (!known.has(key) && isWanted(write)) {
        yield { title, clean, write };
      }
      known.add(key);
    }
  }
}

describe("a first up in which one write goes wrong is completed by the next, with nothing orphaned or doubled", () => {
  for (const { title, clean, write } of newWrites()) {
    describe(`${write.label}, ${title}`, () => {
      for (const kind of kinds.filter(({ appliesTo }) => appliesTo?.(write, "first") ?? true)) {
        const checked = pool.add((rig) => checkCreation(rig, clean, write, kind));
        it(kind.title, () => table.count(`up: ${kind.title}`, checked));
      }
    });
  }
});
