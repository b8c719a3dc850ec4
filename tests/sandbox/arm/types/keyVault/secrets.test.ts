import assert from "node:assert/strict";
import { objectAt, textAt } from "../../../../../sandbox/arm/json.ts";
import { startCloud } from "../cloud.ts";
import { forEachTest } from "../../../../held.ts";
import { vault, secret, vaultBodies } from "./vaultFixture.ts";

describe("secrets of a vault", () => {
  const cloud = forEachTest(startCloud);
  const vaultBody = vaultBodies(cloud);

  it("keep their values if only their attributes change, and are refused without a value", async () => {
    await cloud.put(vault, vaultBody());
    assert.equal((await cloud.refused("PUT", secret, { properties: {} })).code, "BadRequest");
    const before = await cloud.put(secret, { properties: { value: "one" } });
    const after = await cloud.patch(secret, { properties: { attributes: { enabled: false } } });
    assert.equal(
      objectAt(after, "properties").secretUriWithVersion,
      objectAt(before, "properties").secretUriWithVersion,
    );
  });

  it("get a version with every PUT, and never show their values", async () => {
    await cloud.put(vault, vaultBody());
    const first = await cloud.put(secret, { properties: { value: "one", contentType: "text/plain" } });
    const { value, contentType, secretUri, secretUriWithVersion } = objectAt(first, "properties");
    assert.deepEqual(
      [value, contentType, secretUri],
      [undefined, "text/plain", "https://trail-passwords.vault.localhost:8443/secrets/web-settings"],
    );
    assert.match(textAt(first, "properties.secretUriWithVersion") ?? "", /\/secrets\/web-settings\/[0-9a-f]{32}$/);
    const second = await cloud.put(secret, { properties: { value: "two" } });
    assert.notEqual(objectAt(second, "properties").secretUriWithVersion, secretUriWithVersion);
    assert.equal((await cloud.send("DELETE", secret)).status, 405);
  });
});
