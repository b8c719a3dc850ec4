import assert from "node:assert/strict";
import { readAccepted } from "../../cli/acceptedFindings.ts";
import { UserError } from "../../cli/errors.ts";
import { LogFolder } from "./audit/auditLines.ts";

const now = () => new Date("2026-05-04T12:00:00Z");

function read(text: string) {
  using folder = new LogFolder();
  folder.write("accepted", text);
  const io = { cwd: folder.path, now };
  return { trail: readAccepted("trail", "accepted", io), doctor: readAccepted("doctor", "accepted", io) };
}

/** The sentence of the error, and each problem. */
function problems(text: string): string[] {
  try {
    read(text);
  } catch (error) {
    assert.ok(error instanceof UserError);
    return [error.message, ...error.details];
  }
  throw new Error("It is accepted.");
}

describe("accepted findings", () => {
  const common = { reason: "migration", owner: "ops", expires: "2026-06-01" };

  it("are read from YAML and from JSON alike", () => {
    const until = { ...common, expires: "2026-06-01T23:59:59.999Z" };
    const expected = {
      trail: { entries: [{ vm: "web", verdict: "bypassed", ...until }], places: ["trail.0"], expired: [] },
      doctor: { entries: [{ code: "vm-public-address", ...until }], places: ["doctor.0"], expired: [] },
    };
    const yaml = [
      "trail:",
      "  - vm: web",
      "    verdict: bypassed",
      "    reason: migration",
      "    owner: ops",
      "    expires: 2026-06-01",
      "doctor:",
      "  - { code: vm-public-address, reason: migration, owner: ops, expires: 2026-06-01 }",
    ];
    assert.deepEqual(read(yaml.join("\n")), expected);
    const json = {
      trail: [{ vm: "web", verdict: "bypassed", ...common }],
      doctor: [{ code: "vm-public-address", ...common }],
    };
    assert.deepEqual(read(JSON.stringify(json)), expected);
  });

  it("count again after their last day, or after the moment that is given", () => {
    const lasts = ["2026-05-04", "2026-05-03", "2026-05-04T12:01Z", "2026-05-04T11:59Z"];
    const { entries, places, expired } = read(
      JSON.stringify({ trail: lasts.map((expires) => ({ vm: expires, ...common, expires })) }),
    ).trail;
    assert.deepEqual(
      [entries.map(({ vm }) => vm), places, expired],
      [
        ["2026-05-04", "2026-05-04T12:01Z"],
        ["trail.0", "trail.2"],
        ["trail.1", "trail.3"],
      ],
    );
  });

  it("name sessions, VMs and people of digits alone without quotes", () => {
    const entry = "{ session: 0e12345678901234, vm: 7, person: true, reason: 123, owner: 0x1, expires: 2026-06-01 }";
    assert.deepEqual(read(`trail: [${entry}]`).trail.entries, [
      {
        session: "0e12345678901234",
        vm: "7",
        person: "true",
        reason: "123",
        owner: "0x1",
        expires: "2026-06-01T23:59:59.999Z",
      },
    ]);
  });

  it("are none in a file, or a list, of nothing but comments", () => {
    const none = { entries: [], places: [], expired: [] };
    assert.deepEqual(read(""), { trail: none, doctor: none });
    assert.deepEqual(read("# Nothing yet.\ntrail:\n  # - vm: web\n"), { trail: none, doctor: none });
  });

  it("are none without a file", () => {
    assert.deepEqual(readAccepted("trail", undefined, { cwd: "/", now }), { entries: [], places: [], expired: [] });
  });

  it("are refused with everything that is wrong", () => {
    const { owner } = common;
    const wrong = {
      trail: [
        { vm: "web", owner, expires: "soon" },
        { verdict: "bad", ...common },
        { verdict: "bypassed", ...common },
        { session: "9add738", ...common },
      ],
      doctor: [{ ...common, code: "x", colour: "red" }],
      other: [],
    };
    assert.deepEqual(problems(JSON.stringify(wrong)), [
      "accepted is not a list of accepted findings.",
      "trail.0.reason: must be given",
      'trail.0.expires: must be a date such as 2026-12-31, not "soon"',
      'trail.1.verdict: must be one of granted, unverified, borrowed, bypassed, ungranted, unknown, not "bad"',
      "trail.2: must name a session, a vm, a person or a rule",
      "trail.3.session: must have at least 8 characters of a session's id",
      "doctor.0.colour: unknown property",
      "other: unknown property",
    ]);
  });

  it("are refused where the file cannot be read", () => {
    assert.throws(
      () => readAccepted("trail", "missing", { cwd: "/", now }),
      /^UserError: \/missing cannot be read: it does not exist/,
    );
    assert.match(problems("trail: [")[0] ?? "", /accepted cannot be read: Flow sequence .* at line 1, column 9\.$/);
  });

  for (const [what, text, said] of [
    ["has one key twice", "trail: []\ntrail: []", "Map keys must be unique at line 2, column 1"],
    ["has several documents", "trail: []\n---\ntrail: []", "Source contains multiple documents at line 2, column 1"],
    ["has a tag", "trail: !secret []", "Unresolved tag: !secret at line 1, column 8"],
    ["has an alias of nothing", "trail: *none", "Unresolved alias (the anchor must be set before the alias): none"],
    [
      "would fill the memory",
      `a: &a [x, x]\n${["b", "c", "d", "e", "f", "g", "h"].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefg"[index]}`).join()}]`).join("\n")}`,
      "Excessive alias count indicates a resource exhaustion attack",
    ],
  ] as const) {
    it(`are refused where the file ${what}`, () => {
      assert.deepEqual(
        problems(text).map((one) => one.replace(/^.*(?=accepted cannot)/, "")),
        [`accepted cannot be read: ${said}.`],
      );
    });
  }

  it("are refused where a value has another type", () => {
    assert.deepEqual(problems("vm"), ["accepted is not a list of accepted findings.", 'must be a mapping, not "vm"']);
    assert.deepEqual(problems("doctor: {code: []}"), [
      "accepted is not a list of accepted findings.",
      "doctor: must be a list, not a mapping",
    ]);
    assert.deepEqual(problems("doctor: [{ code: [], reason: r, owner: o, expires: 2026-12-31 }]"), [
      "accepted is not a list of accepted findings.",
      "doctor.0.code: must be a text, not a list",
    ]);
  });

  it("are refused where a list has the place of a mapping", () => {
    assert.deepEqual(problems("[]"), ["accepted is not a list of accepted findings.", "must be a mapping, not a list"]);
    assert.deepEqual(problems("trail: [[]]"), [
      "accepted is not a list of accepted findings.",
      "trail.0: must be a mapping, not a list",
    ]);
  });
});
