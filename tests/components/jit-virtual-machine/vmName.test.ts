import assert from "node:assert/strict";
import fc from "fast-check";
import { describeProblem } from "../../../components/shared/problem.ts";
import { jitPolicyName, vmNameProblems } from "../../../components/jit-virtual-machine/vmName.ts";

describe("names of virtual machines", () => {
  const problems = (os: "linux" | "windows", name: string) => vmNameProblems(os, name).map(describeProblem);

  for (const name of ["web", "a", "WEB-01", "1st", "x".repeat(26)]) {
    it(`may be ${name}`, () => {
      assert.deepEqual(problems("linux", name), []);
    });
  }

  for (const name of ["", "-web", "web-", "web 1", "web_1", "wéb", "a.b"]) {
    it(`may not be ${JSON.stringify(name)}`, () => {
      assert.deepEqual(problems("linux", name), [
        `name is ${JSON.stringify(name)}; must be letters, digits and hyphens, starting and ending with a letter or digit`,
      ]);
    });
  }

  it("have at most 15 characters with Windows, and not digits alone", () => {
    assert.deepEqual(problems("windows", "a".repeat(15)), []);
    assert.deepEqual(problems("windows", "desktop-of-finance"), [
      'name is "desktop-of-finance"; has 18 characters; a windows computer name has at most 15',
    ]);
    assert.deepEqual(problems("windows", "12345"), [
      'name is "12345"; a windows computer name cannot consist only of digits',
    ]);
    assert.deepEqual(problems("linux", "12345"), []);
  });

  it("leave room for the JIT policy: both together have at most 56 characters", () => {
    const name = "a".repeat(27);
    assert.deepEqual(problems("linux", name), [
      `name is "${name}"; too long: VM name and JIT policy name (${name}-jit) have 58 characters together, and Defender for Cloud allows 56; a VM name has at most 26`,
    ]);
  });

  it("and their policies never exceed what Defender for Cloud allows, if they pass", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{1,70}$/), (name) => {
        fc.pre(problems("linux", name).length === 0);
        assert.ok(name.length + jitPolicyName(name).length <= 56);
      }),
    );
  });
});
