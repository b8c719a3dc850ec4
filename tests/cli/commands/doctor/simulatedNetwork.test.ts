/** Compares doctor with connections that are tried one by one, through random network security groups. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { judgeNetwork } from "../../../../cli/commands/doctor/checks/network.ts";
import { judgeOrphanedRules } from "../../../../cli/commands/doctor/checks/orphanedRules.ts";
import { waysIn } from "../../../../cli/rules/lettings.ts";
import { standingOpenings } from "../../../../cli/commands/doctor/standing.ts";
import { propertyRuns } from "../../../propertyRuns.ts";
import { ada, now, vmsWith } from "./fixture.ts";
import {
  bastionRange,
  built,
  isIn,
  isOwn,
  isStanding,
  matches,
  passed,
  target,
  toJitPorts,
  toOtherPorts,
  worlds,
  type Connection,
  type World,
} from "./simulatedNetwork.ts";

describe("doctor and a simulated network", function () {
  this.timeout(60_000);
  const holds = (check: (parts: ReturnType<typeof built>, tried: Connection[], world: World) => void) => {
    fc.assert(
      fc.property(worlds, (world) => {
        check(built(world), toJitPorts(world), world);
      }),
      propertyRuns(60),
    );
  };

  it("agree on the rules that let somebody reach a JIT port without a request", () => {
    holds(({ groups }, tried) => {
      for (const [, same = []] of Map.groupBy(tried, ({ port, protocol }) => `${port} ${protocol}`)) {
        const openings = standingOpenings(groups, {
          ...target,
          port: same[0]!.port,
          protocol: same[0]!.protocol.toUpperCase(),
        });
        const names = ({ rule: one, sources }: (typeof openings)[number], c: Connection) =>
          matches(one, c) && sources.some((text) => isIn(c.address, c.names, text));
        const through = same.flatMap((c) => {
          const deciding = passed(groups, c, isStanding);
          return deciding === undefined ? [] : [{ c, own: deciding.filter(isOwn) }];
        });
        for (const { c, own } of through) {
          const named = openings.filter((one) => names(one, c)).map(({ rule: one }) => one.id);
          assert.ok(named.length > 0 && own.every(({ id }) => named.includes(id)), `missed ${JSON.stringify(c)}`);
        }
        for (const one of openings) {
          for (const text of one.sources) {
            assert.ok(
              through.some(({ c }) => names({ ...one, sources: [text] }, c)),
              `${one.rule.name} from ${text}`,
            );
          }
        }
      }
    });
  });

  it("agree on what rules under Defender's name open beyond the requests", () => {
    holds((parts, tried, { requests: asked, allowed }) => {
      const reported = judgeOrphanedRules({ ...parts, now, authors: new Map() }).findings.map(
        ({ resource }) => resource,
      );
      const active = asked.filter(({ status, end }) => status === "Initiated" && Date.parse(end) > now.getTime());
      const isAsked = ({ address, names, port }: Connection) =>
        active.some(
          (one) => one.port === port && (one.source?.split(", ") ?? allowed).some((text) => isIn(address, names, text)),
        );
      for (const c of tried.filter((one) => !isAsked(one) && passed(parts.groups, one, isStanding) === undefined)) {
        const opening = passed(parts.groups, c, () => true)?.filter((one) => !isStanding(one)) ?? [];
        assert.ok(opening.length === 0 || opening.some(({ id }) => reported.includes(id)), JSON.stringify(c));
      }
    });
  });

  it("agree on the ports that the Bastion subnet reaches although nobody can request them", () => {
    holds((parts) => {
      const facts = { vms: vmsWith(parts), isStack: true, identity: ada, bastionRanges: [bastionRange] };
      const reported = judgeNetwork(facts).findings.filter(({ code }) => code.startsWith("bastion-deny-"));
      const through = toOtherPorts.flatMap((c) => passed(parts.groups, c, isStanding) ?? []);
      assert.equal(reported.length > 0, through.length > 0);
      const missed = through.filter((one) => isOwn(one) && !reported.some(({ resource }) => resource === one.id));
      assert.deepEqual(missed, []);
    });
  });

  it("agree on whether a port is open to the Bastion subnet", () => {
    holds(({ groups }, tried) => {
      const isBastion = ({ address, names }: Connection) =>
        isIn(address, new Set(), bastionRange) && [...names].join() === "virtualnetwork";
      for (const port of [22, 3389]) {
        for (const protocol of ["tcp", "udp"]) {
          const same = tried.filter((c) => isBastion(c) && c.port === port && c.protocol === protocol);
          if (same.length === 0) continue;
          const ways = waysIn(groups, { ...target, port, protocol: protocol.toUpperCase() }, [bastionRange]);
          assert.equal(
            ways.length > 0,
            same.some((c) => passed(groups, c, () => true) !== undefined),
          );
        }
      }
    });
  });
});
