import assert from "node:assert/strict";
import fc from "fast-check";
import type { TrailDocument } from "../../../../cli/audit/trail/types.ts";
import { propertyRuns } from "../../../propertyRuns.ts";
import { at, vmId } from "../../audit/activity/events.ts";
import { tunnelId } from "./logFolder.ts";
import { SimulatedAzure, type Admitted } from "./simulatedAzure.ts";
import { of, type RuleTime } from "./simulatedRules.ts";

const vm = fc.constantFrom("web" as const, "db" as const);
const person = fc.constantFrom("ada@example.com", "bob@example.com", "eve@example.com");
const port = fc.constantFrom(22, 22, 3389);
const alone = fc.boolean();

/** Something that somebody does, which a failure of the test prints. */
function step<Given>(name: string, given: fc.Arbitrary<Given>, act: (azure: SimulatedAzure, given: Given) => void) {
  return given.map((values) =>
    Object.assign(
      (azure: SimulatedAzure) => {
        act(azure, values);
      },
      { [fc.toStringMethod]: () => `${name} ${JSON.stringify(values)}` },
    ),
  );
}

const handMade = fc.record({
  priority: fc.constantFrom(90, 101, 200, 2000, 4050),
  allows: fc.constantFrom(true, true, false),
  source: fc.constantFrom("*", "VirtualNetwork", "10.60.0.0/26", "192.0.2.0/24"),
  port: fc.constantFrom("*", "22", "3389", "20-30", "443,3380-3390", "22,3389"),
});
const minutes = fc.constantFrom(5, 10, 30, 60);
const way = fc.constantFrom("again" as const, "group" as const, "single" as const);
const several = fc.constantFrom(
  ["web"] as const,
  ["web"] as const,
  ["db"] as const,
  ["db"] as const,
  ["db", "web"] as const,
);
const ports = fc.constantFrom([22], [22], [3389], [22, 3389]);
const changes = fc.constantFrom(
  { port: "*" },
  { port: "*" },
  { port: "8080" },
  { port: "22,3389" },
  { allows: false },
  { allows: true },
  { priority: 300 },
  { source: "*" },
);
const steps = {
  request: step("request", fc.tuple(several, person, ports, minutes, way), (azure, given) => {
    azure.request(...given);
  }),
  write: step("write", fc.tuple(vm, person, handMade, alone), (azure, given) => {
    azure.write(...given);
  }),
  change: step("change", fc.tuple(vm, person, fc.nat(5), changes, alone), (azure, given) => {
    azure.change(...given);
  }),
  leave: step("leave", fc.tuple(vm, alone), (azure, given) => {
    azure.leave(...given);
  }),
  remake: step("remake", fc.tuple(vm, fc.constantFrom("new" as const, "other" as const)), (azure, given) => {
    azure.remake(...given);
  }),
  delete: step("delete", fc.tuple(vm, person, fc.nat(5), fc.boolean(), alone), (azure, given) => {
    azure.delete(...given);
  }),
  deploy: step("deploy", fc.tuple(vm, fc.boolean()), (azure, given) => {
    azure.deploy(...given);
  }),
  connect: step("connect", fc.tuple(vm, fc.option(person), port, fc.boolean()), (azure, given) => {
    azure.connect(...given);
  }),
};
const action = fc.oneof(
  { weight: 6, arbitrary: steps.request },
  { weight: 3, arbitrary: steps.write },
  { weight: 2, arbitrary: steps.change },
  { weight: 1, arbitrary: steps.leave },
  { weight: 1, arbitrary: steps.remake },
  { weight: 4, arbitrary: steps.delete },
  { weight: 1, arbitrary: steps.deploy },
  { weight: 12, arbitrary: steps.connect },
);
const story = fc.array(fc.tuple(fc.integer({ min: 70, max: 900 }), action), {
  minLength: 60,
  maxLength: 120,
  size: "max",
});

/** Logs a session, and a connection if it has a flow. */
function log(
  { logs }: SimulatedAzure,
  { vm: name, address, port: number, by, at: start, rule, hasFlow }: Admitted,
  index: number,
): void {
  logs.session(index, start, {
    ...{ targetResourceId: of(name, vmId), targetVMIPAddress: address, userEmail: by },
    ...{ protocol: number === 22 ? "ssh" : "rdp", ...(hasFlow && { sessionEndTime: null, duration: null }) },
  });
  if (hasFlow) logs.flow(start + 1, rule.name, { until: start + 600, port: number, target: address });
}

/** What the trail must say of a session. */
function truthOf({ by, at: start, rule, request, hasFlow }: Admitted) {
  const isActive = rule.request !== null && rule.request === request;
  const end = start + (hasFlow ? 600 : 60);
  const covered = by === null ? "unverified" : by === request?.by ? "granted" : "borrowed";
  const unproven = rule.request === null ? "inferred" : "correlation";
  return {
    verdict: isActive ? covered : "bypassed",
    link: hasFlow ? "flow" : unproven,
    rule: rule.name,
    by: rule.request?.by ?? null,
    flags: [
      ...(isActive && end > request.until + 120 ? ["outlived"] : []),
      ...(rule.request !== null && !isActive ? ["late"] : []),
    ],
    ...{ end: at(end), bytes: hasFlow ? 100 : null },
  };
}

function kindOf({ name, request, until }: RuleTime): string {
  if (request === null) return name.startsWith("Hand-") ? "opened" : "unrequested";
  return (until ?? Infinity) > request.until + 600 ? "leftover" : "requested";
}

describe("the trail of a simulated Azure", function () {
  this.timeout(120_000);

  it("is what really happened, whatever part is asked for: sessions, grants, unused grants and rules", async () => {
    const check = async (steps: readonly (readonly [number, (azure: SimulatedAzure) => void])[]): Promise<void> => {
      const azure = new SimulatedAzure();
      using logs = azure.logs;
      for (const [seconds, act] of steps) {
        azure.wait(seconds);
        act(azure);
      }
      azure.wait(100_000);
      const sessions = azure.clear();
      sessions.forEach((session, index) => {
        log(azure, session, index);
      });
      const { stdout, stderr } = await logs.run(["--json"], { now: "2026-05-10T00:00:00Z" });
      assert.notEqual(stdout, "", stderr);
      const { trail, grants, unusedGrants, rules } = JSON.parse(stdout) as TrailDocument;
      const from = trail[Math.floor(trail.length / 2)]?.start ?? at(0);
      const to = new Date(Date.parse(from) + 3 * 3_600_000).toISOString();
      const some = await logs.run(["--json", "--vm", "web", "--from", from, "--to", to], {
        now: "2026-05-10T00:00:00Z",
      });
      assert.deepEqual(
        (JSON.parse(some.stdout) as TrailDocument).trail,
        trail.filter(({ vmName, start, end }) => vmName === "web" && start < to && (end ?? to) >= from),
      );
      const rows = new Map(trail.map((row) => [row.tunnelId, row]));
      assert.deepEqual(
        sessions.map((_, index) => {
          const { verdict, link, rule, request, flags, end, bytes } = rows.get(tunnelId(index))!;
          return { verdict, link, rule: rule?.name, by: request?.by ?? null, flags, end, bytes };
        }),
        sessions.map(truthOf),
      );
      const uses = (request: object): number => sessions.filter(({ rule }) => rule.request === request).length;
      assert.deepEqual(
        grants
          .map((one) => [one.vmName, one.port, one.by, one.from, one.until, one.endedBy, one.sessions].join(" "))
          .sort(),
        azure.requests
          .map((one) => [one.vm, one.port, one.by, at(one.from), at(one.until), one.endedBy, uses(one)].join(" "))
          .sort(),
      );
      assert.deepEqual(
        unusedGrants.map(({ vmName, port: number, from }) => [vmName, number, from].join(" ")).sort(),
        azure.requests
          .filter((one) => uses(one) === 0)
          .map((one) => [one.vm, one.port, at(one.from)].join(" "))
          .sort(),
      );
      assert.deepEqual(
        rules.map((one) => [one.name, one.kind, one.author, one.from, one.until, one.sessions].join(" ")).sort(),
        azure.rules
          .filter(({ allows }) => allows)
          .map((one) => {
            const used = sessions.filter(({ rule }) => rule === one).length;
            return [
              one.name,
              kindOf(one),
              one.author,
              at(one.from),
              one.until === null ? null : at(one.until),
              used,
            ].join(" ");
          })
          .sort(),
      );
    };
    await fc.assert(fc.asyncProperty(story, check), { ...propertyRuns(15), endOnFailure: true });
  });
});
