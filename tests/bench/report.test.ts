import assert from "node:assert/strict";
import { compare, duration, holds, megabytes, table } from "../../bench/report.ts";
import { growth } from "../../bench/up/components.ts";

const line = { subject: "start", ours: "1", against: "it", theirs: "2", ratio: 1.5 };

describe("the bench's report", () => {
  it("holds a bar that is just reached, and misses one that is passed", () => {
    assert.equal(holds({ ...line, bar: 1.5 }), true);
    assert.equal(holds({ ...line, ratio: 1.501, bar: 1.5 }), false);
    assert.equal(holds(line), true);
  });

  it("shows medians on both sides, and the ratio of the pairs", () => {
    const runs = (...values: number[]) => values.map((wall) => ({ wall }));
    assert.deepEqual(
      compare(runs(100, 300, 200), "nothing", runs(100, 100, 100), [
        { subject: "start", of: ({ wall }) => wall, show: duration, bar: 1.5 },
        { subject: "for information", of: ({ wall }) => wall, show: duration },
      ]),
      [
        { subject: "start", ours: "200 ms", against: "nothing", theirs: "100 ms", ratio: 2, bar: 1.5 },
        { subject: "for information", ours: "200 ms", against: "nothing", theirs: "100 ms", ratio: 2 },
      ],
    );
  });

  it("is a table that says which bars are missed", () => {
    assert.equal(
      table([
        {
          subject: "program start",
          ours: "1.0 s",
          against: "an empty program",
          theirs: "800 ms",
          ratio: 1.25,
          bar: 1.5,
        },
        { subject: "memory", ours: "200 MB", against: "an empty program", theirs: "100 MB", ratio: 2, bar: 1.5 },
        { subject: "to its end", ours: "2.0 s", against: "an empty program", theirs: "1.0 s", ratio: 2 },
      ]),
      [
        "               ours    theirs                    ratio  bar",
        "program start  1.0 s   800 ms  an empty program  1.25   <= 1.50  ok",
        "memory         200 MB  100 MB  an empty program  2.00   <= 1.50  OVER",
        "to its end     2.0 s   1.0 s   an empty program  2.00",
      ].join("\n"),
    );
  });

  it("counts a bar that could not be measured as not held, and says so", () => {
    const missing = {
      subject: "read and fold",
      ours: "2.0 s",
      against: "jq, which is not installed",
      theirs: "",
      ratio: Number.NaN,
      bar: 0.125,
    };
    assert.equal(holds(missing), false);
    assert.match(table([missing]), /^read and fold +2\.0 s +jq, which is not installed +<= 0\.13 +NOT MEASURED$/m);
  });

  it("writes times and sizes as people read them", () => {
    assert.deepEqual([420, 3140, 213_600].map(duration), ["420 ms", "3.1 s", "214 s"]);
    assert.equal(megabytes(173_400_000), "173 MB");
  });
});

describe("growth with the number of VMs", () => {
  it("is the time per VM compared with that of fewer VMs, and with the flat program's", () => {
    const [larger, ...others] = growth([
      { vms: 10, ours: 100, theirs: 100 },
      { vms: 100, ours: 60, theirs: 50 },
    ]);
    assert.deepEqual(others, []);
    assert.deepEqual(larger, {
      subject: "time per VM, 100 compared with 10 VMs",
      ours: "x 0.60",
      against: "a flat program",
      theirs: "x 0.50",
      ratio: 1.2,
      bar: 1.05,
    });
  });

  it("needs two sizes", () => {
    assert.deepEqual(growth([{ vms: 10, ours: 1, theirs: 1 }]), []);
  });
});
