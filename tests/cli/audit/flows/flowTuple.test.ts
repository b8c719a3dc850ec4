import assert from "node:assert/strict";
import { ruleNameOf, tupleOf } from "../../../../cli/audit/flows/flowTuple.ts";

const group = { rule: "allow", group: "7c1d5a52-5a0f-4f1e-9a6b-0c3d2e1f4a5b" };

describe("a flow tuple", () => {
  it("is read as it is documented, with the bytes of both directions", () => {
    const text = "1663146022793,10.0.0.4,10.0.1.4,51000,22,6,I,E,NX,22,2217,33,32466";
    assert.deepEqual(tupleOf(text, group), {
      tuple: {
        text,
        at: 1_663_146_022_793,
        sourceIp: "10.0.0.4",
        sourcePort: 51_000,
        vmIp: "10.0.1.4",
        port: 22,
        state: "E",
        bytes: 34_683,
        ...group,
      },
    });
  });

  it("may have seconds, and a begin without counts, as in one of Microsoft's samples", () => {
    const read = tupleOf("1493763938,185.170.185.105,10.2.0.4,35370,23,6,I,B,NX,,,,", group);
    assert.ok(typeof read === "object" && "tuple" in read);
    assert.deepEqual([read.tuple.at, read.tuple.bytes], [1_493_763_938_000, 0]);
  });

  for (const [what, text] of [
    ["goes out", "1663146003599,10.0.1.4,52.239.184.180,23956,443,6,O,B,NX,0,0,0,0"],
    ["is UDP", "1663146003599,10.0.0.4,10.0.1.4,51000,53,17,I,B,NX,0,0,0,0"],
  ] as const) {
    it(`is ignored if it ${what}`, () => {
      assert.equal(tupleOf(text, group), "passedOver");
    });
  }

  for (const [text, why] of [
    ["1663146003599,10.0.0.4", "it has 2 of 13 fields"],
    ["1663146003599,10.0.0.4,10.0.1.4,51000,22,TCP,I,B,NX,0,0,0,0", 'its protocol is "TCP"'],
    ["1663146003599,10.0.0.4,10.0.1.4,51000,22,,I,B,NX,0,0,0,0", 'its protocol is ""'],
    ["1663146003599,10.0.0.4,10.0.1.4,51000,22,6,In,B,NX,0,0,0,0", 'its direction is "In"; known are I and O'],
    ["yesterday,10.0.0.4,10.0.1.4,51000,22,6,I,B,NX,0,0,0,0", 'its time is "yesterday"'],
    ["1663146003599,,10.0.1.4,51000,22,6,I,B,NX,0,0,0,0", "it lacks an IP address"],
    ["1663146003599,10.0.0.999,10.0.1.4,51000,22,6,I,B,NX,0,0,0,0", "it lacks an IP address"],
    ["1663146003599,10.0.0.4,web,51000,22,6,I,B,NX,0,0,0,0", "it lacks an IP address"],
    ["1663146003599,10.0.0.4,10.0.1.4,51000,99999,6,I,B,NX,0,0,0,0", "it lacks a port"],
    ["1663146003599,10.0.0.4,10.0.1.4,51000,22,6,I,X,NX,0,0,0,0", 'its state is "X"; known are B, C, E and D'],
    ["1663146003599,10.0.0.4,10.0.1.4,51000,22,6,I,E,NX,1,many,1,9", "its bytes are not a number"],
  ] as const) {
    it(`is reported if it cannot be read: ${why}`, () => {
      assert.deepEqual(tupleOf(text, group), { reason: `The flow tuple "${text}" cannot be read: ${why}.` });
    });
  }

  it("that is not a text is reported", () => {
    assert.deepEqual(tupleOf(7, group), { reason: "A flow tuple is not a text." });
  });
});

describe("the rule of a flow", () => {
  for (const [text, name] of [
    ["UserRule_MicrosoftDefenderForCloud-JITRule-17-AB", "MicrosoftDefenderForCloud-JITRule-17-AB"],
    ["DefaultRule_DenyAllInBound", "DenyAllInBound"],
    ["BlockHighRiskTCPPortsFromInternet", "BlockHighRiskTCPPortsFromInternet"],
    ["unspecified", null],
    ["", null],
    [null, null],
  ] as const) {
    it(`${JSON.stringify(text)} is ${JSON.stringify(name)}`, () => {
      assert.equal(ruleNameOf(text), name);
    });
  }
});
