import assert from "node:assert/strict";
import { callerOf, tenantOf } from "../../azure/caller.ts";
import { tokenOf } from "./fakeArm.ts";

describe("whom a token is for", () => {
  it("is the person's account, else the application, else the object id", () => {
    assert.equal(callerOf(tokenOf({ upn: "ada@example.com", appid: "app", oid: "o" })), "ada@example.com");
    assert.equal(callerOf(tokenOf({ unique_name: "ada@example.com", oid: "o" })), "ada@example.com");
    assert.equal(callerOf(tokenOf({ appid: "app", oid: "o" })), "app");
    assert.equal(callerOf(tokenOf({ azp: "app2", oid: "o" })), "app2");
    assert.equal(callerOf(tokenOf({ oid: "o" })), "o");
  });

  it("is unknown where the token cannot be read", () => {
    assert.deepEqual(["", "opaque", "a.b.c", tokenOf([])].map(callerOf), ["unknown", "unknown", "unknown", "unknown"]);
  });

  it("has the tenant beside it", () => {
    assert.equal(tenantOf(tokenOf({ tid: "t" })), "t");
    assert.equal(tenantOf("opaque"), undefined);
  });
});
