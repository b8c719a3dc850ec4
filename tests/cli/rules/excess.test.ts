import assert from "node:assert/strict";
import { excessOf, excessWords, isProtocolOnly, type Allowance, type Opened } from "../../../cli/rules/excess.ts";

const allowance: Allowance = { sources: ["10.0.0.0/26"], address: "10.0.1.4", port: 22, protocol: "tcp" };
const own: Opened = { sources: ["10.0.0.0/26"], destinations: ["10.0.1.4"], ports: ["22"], protocol: "tcp" };

function words(more: Partial<Opened>, allowances: readonly Allowance[] = [allowance]): string[] | undefined {
  const excess = excessOf({ ...own, ...more }, allowances);
  return excess && excessWords(excess);
}

describe("a rule that opens what was asked for", () => {
  for (const [what, more] of [
    ["to the letter", {}],
    ["for fewer sources", { sources: ["10.0.0.7", "10.0.0.32/27"] }],
    ["with its address as a range of one", { destinations: ["10.0.1.4/32"] }],
    ["with its port as a range of one", { ports: ["22-22"] }],
    ["in another case", { protocol: "TCP" }],
    ["with a protocol that nobody knows", { protocol: null }],
  ] as const) {
    it(`does not go beyond it ${what}`, () => {
      assert.equal(words(more), undefined);
    });
  }

  it("may be for one of several sources, and for any protocol", () => {
    const more = { ...allowance, sources: ["10.9.0.0/26", "10.0.0.0/26"] };
    assert.equal(words({}, [more]), undefined);
    assert.equal(words({ protocol: "udp" }, [{ ...allowance, protocol: "*" }]), undefined);
    assert.equal(words({ protocol: "udp" }, [{ ...allowance, protocol: null }]), undefined);
    assert.equal(words({}, [{ ...allowance, protocol: "TCP" }]), undefined);
  });

  it("may name an IPv6 address in any of its forms", () => {
    const known = { ...allowance, address: "fd00:0::4" };
    assert.equal(words({ destinations: ["FD00::4/128"] }, [known]), undefined);
    assert.equal(words({ destinations: ["fd00::0:4"] }, [known]), undefined);
    for (const other of ["fd00::5", "fd00::4/64", "web"]) {
      assert.deepEqual(words({ destinations: [other] }, [known]), [`destination ${other}`]);
    }
  });

  it("may be several requests in one", () => {
    const second = { ...allowance, port: 23 };
    assert.equal(words({ ports: ["22-23"] }, [allowance, second]), undefined);
  });

  it("may go to any single address where that of the VM is not known", () => {
    const anywhere = { ...allowance, address: null };
    assert.equal(words({ destinations: ["10.9.9.9"] }, [anywhere]), undefined);
    assert.deepEqual(words({ destinations: ["10.9.9.0/24"] }, [anywhere]), ["destination 10.9.9.0/24"]);
  });
});

/** Each way to be wider, by each form that Azure takes. */
const wider = {
  source: ["*", "0.0.0.0/0", "::/0", "Internet", "VirtualNetwork", "AzureCloud", "10.0.0.0/25", "10.0.2.7", "/asg/ops"],
  port: ["*", "0-65535", "22-23", "3389"],
  destination: ["*", "10.0.1.0/24", "10.0.1.5", "VirtualNetwork", "/asg/web"],
} as const;
const members = { source: "sources", port: "ports", destination: "destinations" } as const;
const shown = (part: string): string => part.split("/asg/").join("");

describe("a rule that opens more", () => {
  for (const kind of ["source", "port", "destination"] as const) {
    for (const part of wider[kind]) {
      it(`names the ${kind} ${part}, alone or beside what was asked for`, () => {
        const member = members[kind];
        assert.deepEqual(words({ [member]: [part] }), [`${kind} ${shown(part)}`]);
        assert.deepEqual(words({ [member]: [...own[member], part] }), [`${kind} ${shown(part)}`]);
      });
    }
  }

  for (const [one, other] of [
    ["source", "port"],
    ["source", "destination"],
    ["port", "destination"],
  ] as const) {
    it(`names both a ${one} and a ${other}`, () => {
      for (const first of wider[one]) {
        for (const second of wider[other]) {
          assert.deepEqual(words({ [members[one]]: [first], [members[other]]: [second] }), [
            `${one} ${shown(first)}`,
            `${other} ${shown(second)}`,
          ]);
        }
      }
    });
  }

  it("names several of a kind", () => {
    assert.deepEqual(words({ sources: ["Internet", "10.0.0.1", "10.9.0.0/16"] }), ["sources Internet, 10.9.0.0/16"]);
  });

  it("names a combination that no single request covers", () => {
    const desk = { sources: ["10.0.9.0/24"], address: "10.0.1.5", port: 3389, protocol: "tcp" };
    const both = {
      sources: ["10.0.0.0/26", "10.0.9.0/24"],
      destinations: ["10.0.1.4", "10.0.1.5"],
      ports: ["22", "3389"],
    };
    assert.deepEqual(words({ ...both, destinations: ["10.0.1.4"], ports: ["22"] }, [allowance, desk]), [
      "10.0.9.0/24 to port 22 of 10.0.1.4",
    ]);
    assert.equal(words(both, [allowance, desk])!.length, 6);
  });

  it("names the protocol", () => {
    for (const protocol of ["*", "udp", "icmp"]) {
      const excess = excessOf({ ...own, protocol }, [allowance])!;
      assert.deepEqual([excessWords(excess), isProtocolOnly(excess)], [[`protocol ${protocol}`], true]);
    }
    const more = excessOf({ ...own, protocol: "*", sources: ["*"] }, [allowance])!;
    assert.deepEqual([excessWords(more), isProtocolOnly(more)], [["source *", "protocol *"], false]);
  });

  it("names a combination beside a protocol, which alone counts for less", () => {
    const desk = { sources: ["10.0.9.0/24"], address: "10.0.1.4", port: 3389, protocol: "tcp" };
    const both = { ...own, sources: ["10.0.0.0/26", "10.0.9.0/24"], ports: ["22", "3389"], protocol: "*" };
    const excess = excessOf(both, [allowance, desk])!;
    assert.deepEqual(
      [excessWords(excess), isProtocolOnly(excess)],
      [["protocol *", "10.0.0.0/26 to port 3389 of 10.0.1.4", "10.0.9.0/24 to port 22 of 10.0.1.4"], false],
    );
    const udp = excessOf({ ...own, protocol: "udp" }, [allowance, { ...desk, protocol: "udp" }])!;
    assert.deepEqual([excessWords(udp), isProtocolOnly(udp)], [["protocol udp"], true]);
  });

  it("is one whose text is not known in full", () => {
    assert.deepEqual(words({ sources: [] }), ["source unknown"]);
    assert.deepEqual(words({ ports: [] }), ["port unknown"]);
    assert.deepEqual(words({ destinations: [] }), ["destination unknown"]);
    assert.deepEqual(words({ ports: [], destinations: [] }), ["port unknown", "destination unknown"]);
  });

  it("is any where nobody asked for anything", () => {
    assert.deepEqual(words({}, []), ["source 10.0.0.0/26", "port 22", "destination 10.0.1.4", "protocol tcp"]);
  });
});
