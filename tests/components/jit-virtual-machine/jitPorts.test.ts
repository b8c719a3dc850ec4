import assert from "node:assert/strict";
import fc from "fast-check";
import { isoDuration, jitDurationProblems, jitPortProblems } from "../../../components/jit-virtual-machine/jitPorts.ts";
import { describeProblem } from "../../../components/shared/problem.ts";

const durationForm = "must be 5 minutes to 24 hours in whole minutes, such as 90m, 3h, 1h30m or the ISO 8601 form PT3H";

describe("JIT ports", () => {
  const problems = (ports: number[]) => jitPortProblems(ports).map(describeProblem);

  it("are whole numbers from 1 to 65535, each once", () => {
    assert.deepEqual(problems([1, 22, 3389, 65535]), []);
    assert.deepEqual(problems([0, 22, 65536, 22.5, 22]), [
      "jitPorts[0] is 0; must be a whole number from 1 to 65535",
      "jitPorts[2] is 65536; must be a whole number from 1 to 65535",
      "jitPorts[3] is 22.5; must be a whole number from 1 to 65535",
      "jitPorts[4] is 22; repeats jitPorts[1]",
    ]);
  });

  it("are at least one", () => {
    assert.deepEqual(problems([]), ["jitPorts is []; must have at least one port"]);
  });
});

describe("the longest duration of a request", () => {
  for (const [text, iso] of [
    ["5m", "PT5M"],
    ["90m", "PT1H30M"],
    ["3h", "PT3H"],
    ["1H30M", "PT1H30M"],
    ["PT3H", "PT3H"],
    ["PT90M", "PT1H30M"],
    ["24h", "P1D"],
    ["P1D", "P1D"],
    ["PT24H", "P1D"],
    ["P0DT5M", "PT5M"],
  ] as const) {
    it(`may be ${text}, which Azure writes ${iso}`, () => {
      assert.deepEqual(jitDurationProblems(text), []);
      assert.equal(isoDuration(text), iso);
    });
  }

  for (const text of [
    "",
    "3",
    "h",
    "P",
    "PT",
    "P1DT",
    "4m",
    "25h",
    "P2D",
    "1441m",
    "PT1.5H",
    "-PT3H",
    "PT3H ",
    "3h 5m",
    "P1W",
  ]) {
    it(`may not be ${JSON.stringify(text)}`, () => {
      assert.deepEqual(jitDurationProblems(text).map(describeProblem), [
        `jitMaxDuration is ${JSON.stringify(text)}; ${durationForm}`,
      ]);
    });
  }

  it("means the same in every form, and is always between 5 minutes and 24 hours", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), (minutes) => {
        const forms = [`${minutes}m`, `${Math.floor(minutes / 60)}h${minutes % 60}m`, `PT${minutes}M`];
        const isAllowed = minutes >= 5 && minutes <= 1440;
        for (const form of forms) assert.equal(jitDurationProblems(form).length === 0, isAllowed, form);
        if (isAllowed) assert.equal(new Set(forms.map(isoDuration)).size, 1);
      }),
    );
  });

  it("is never turned into a guess", () => {
    assert.throws(() => isoDuration("soon"), { message: '"soon" is not a duration.' });
  });
});
