import assert from "node:assert/strict";
import { isJitName } from "../../../core/rules/jitName.ts";

describe("isJitName", () => {
  const names: Readonly<Record<string, boolean>> = {
    "MicrosoftDefenderForCloud-JITRule-1872720807-8E29": true,
    "SecurityCenter-JITRule-1872720807-8E29": true,
    "securitycenter-jitrule_1": true,
    "my-MicrosoftDefenderForCloud-JITRule": false,
    "MicrosoftDefenderForCloud-Rule": false,
  };

  for (const [name, expected] of Object.entries(names)) {
    it(`is ${expected} for ${name}`, () => {
      assert.equal(isJitName(name), expected);
    });
  }

  it("is false without a name", () => {
    assert.equal(isJitName(null), false);
  });
});
