import assert from "node:assert/strict";
import { objectAt, textAt, type JsonObject } from "../../../../../sandbox/arm/json.ts";
import { startCloud } from "../cloud.ts";
import { forEachTest } from "../../../../held.ts";
import { vault, vaultBodies } from "./vaultFixture.ts";

describe("keys of a vault", () => {
  const cloud = forEachTest(startCloud);
  const vaultBody = vaultBodies(cloud);

  const key = `${vault}/keys/pulumi`;

  it("are created if they are missing, and never changed", async () => {
    await cloud.put(vault, vaultBody());
    const made = await cloud.put(key, { properties: { kty: "RSA", keySize: 3072, keyOps: ["encrypt", "decrypt"] } });
    const { keyUriWithVersion, attributes, ...properties } = objectAt(made, "properties");
    assert.deepEqual(properties, {
      kty: "RSA",
      keySize: 3072,
      keyOps: ["encrypt", "decrypt"],
      keyUri: "https://trail-passwords.vault.localhost:8443/keys/pulumi",
    });
    assert.match(keyUriWithVersion as string, /\/keys\/pulumi\/[0-9a-f]{32}$/);
    assert.equal(textAt(attributes as JsonObject, "recoveryLevel"), "Recoverable");
    assert.deepEqual(await cloud.put(key, { properties: { kty: "RSA", keySize: 2048 } }), made);
    assert.equal((await cloud.send("DELETE", key)).status, 405);
  });

  it("are refused with an unknown type, size, operation or name", async () => {
    await cloud.put(vault, vaultBody());
    const wrong: JsonObject[] = [{ kty: "EC" }, { kty: "RSA", keySize: 1024 }, { kty: "RSA", keyOps: ["sing"] }];
    for (const properties of wrong) {
      const { status } = await cloud.refused("PUT", key, { properties });
      assert.equal(status, 400, JSON.stringify(properties));
    }
    assert.equal(
      (await cloud.refused("PUT", `${vault}/keys/a_b`, { properties: { kty: "RSA" } })).code,
      "BadParameter",
    );
  });
});
