import assert from "node:assert/strict";
import { smallConfig } from "./harness.ts";
import {
  checkCreation,
  checkDestruction,
  checkRefresh,
  checkUpdate,
  cleanRun,
  type Check,
  type CleanRun,
} from "../faults/faultCase.ts";
import { faultKinds, type FaultKind } from "../faults/faultKinds.ts";
import { RigPool } from "../faults/pool.ts";

/*
 * A sample of what `npm run test:faults` does: there, every fault happens at every resource.
 */

interface Sample {
  readonly run: string;
  readonly requests: keyof Pick<CleanRun, "writes" | "updates" | "reads" | "deletes">;
  readonly check: Check;
  readonly kind: string;
  readonly label: RegExp;
}

const up = { run: "a first up", requests: "writes", check: checkCreation } as const;
const update = { run: "an update", requests: "updates", check: checkUpdate } as const;
const refresh = { run: "a refresh", requests: "reads", check: checkRefresh } as const;
const destroy = { run: "a destroy", requests: "deletes", check: checkDestruction } as const;

const sample: readonly Sample[] = [
  { ...up, kind: "409", label: /^BastionHost / },
  { ...up, kind: "429-once", label: /^VirtualNetwork / },
  { ...up, kind: "500", label: /^DiagnosticSetting audit/ },
  { ...up, kind: "drop-before", label: /^NetworkInterface / },
  { ...up, kind: "drop-after", label: /^StorageAccount / },
  // Refused by the component itself, in preview, before the engine would refuse it.
  { ...up, kind: "drop-by-hand", label: /^ResourceGroup / },
  { ...up, kind: "operation", label: /^VirtualMachine / },
  { ...up, kind: "kill", label: /^JitNetworkAccessPolicy / },
  { ...update, kind: "kill", label: /^VirtualMachine / },
  { ...refresh, kind: "500", label: /^BastionHost / },
  { ...destroy, kind: "operation", label: /^VirtualMachine / },
];

describe("a run in which something goes wrong is completed by the next, with nothing orphaned or doubled", () => {
  const pool = new RigPool(2);
  const checked = new Map<Sample, Promise<void>>();

  before(async () => {
    const clean = await pool.add((rig) => cleanRun(rig, smallConfig));
    for (const one of sample) {
      const target = clean[one.requests].find(({ label }) => one.label.test(label));
      assert.ok(target !== undefined, `nothing like ${one.label} among the ${one.requests}`);
      checked.set(
        one,
        pool.add((rig) => one.check(rig, clean, target, kindOf(one.kind))),
      );
    }
  });

  after(async () => {
    await pool.close();
  });

  for (const one of sample) {
    it(`${one.run}, ${kindOf(one.kind).title}, at ${one.label.source.replace(/\W/g, "")}`, () => checked.get(one));
  }
});

function kindOf(name: string): FaultKind {
  const kind = faultKinds.find((each) => each.name === name);
  assert.ok(kind !== undefined, name);
  return kind;
}
