import assert from "node:assert/strict";
import {
  encryptedLike,
  isSameState,
  parseExport,
  secretsMembers,
} from "../../../../cli/commands/bootstrap/deployment.ts";

describe("an exported state", () => {
  const resources = [{ urn: "urn:pulumi:dev::p::t::n", type: "t", inputs: { a: 1 } }];
  const state = (provider: object, more: object = {}) =>
    parseExport(JSON.stringify({ version: 3, deployment: { resources, secrets_providers: provider, ...more } }));
  const here = state({ type: "passphrase", state: { salt: "v1:abc" } });
  const there = state({ type: "cloud", state: { url: "azurekeyvault://v/keys/k", encryptedkey: "AAAA" } });

  it("says what a stack file has of its secrets", () => {
    assert.deepEqual(secretsMembers(here), { encryptionsalt: "v1:abc" });
    assert.deepEqual(secretsMembers(there), { secretsprovider: "azurekeyvault://v/keys/k", encryptedkey: "AAAA" });
  });

  it("gets another's secrets provider, and keeps all else", () => {
    const moved = encryptedLike(here, there);
    assert.deepEqual(secretsMembers(moved), secretsMembers(there));
    assert.deepEqual(moved.deployment.resources, here.deployment.resources);
    assert.equal(moved.version, 3);
  });

  it("is the same as one with the same resources, however these are encrypted", () => {
    assert.equal(isSameState(here, there), true);
    const other = state({ type: "passphrase" }, { resources: [{ ...resources[0], inputs: { a: 2 } }] });
    assert.equal(isSameState(here, other), false);
  });
});
