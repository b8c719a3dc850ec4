import assert from "node:assert/strict";
import { callerOf, nameOfPrincipal, principalName, principalOf, tenantOf } from "../../../cli/azure/caller.ts";
import { tokenOf } from "./fakeArm.ts";

const nobody = { account: null, name: null, appId: null, objectId: null };

describe("the principal of a token", () => {
  it("has the facts of the claims", () => {
    assert.deepEqual(principalOf(tokenOf({ upn: "ada@example.com", appid: "cli", oid: "o" })), {
      account: "ada@example.com",
      name: null,
      appId: "cli",
      objectId: "o",
    });
    assert.deepEqual(principalOf(tokenOf({ azp: "app", app_displayname: "Pipeline", oid: "" })), {
      ...nobody,
      name: "Pipeline",
      appId: "app",
    });
    assert.deepEqual(principalOf("opaque"), nobody);
  });

  it("is called by its account, else by the application's name, client id or object id", () => {
    assert.equal(callerOf(tokenOf({ upn: "ada@example.com", appid: "app", oid: "o" })), "ada@example.com");
    assert.equal(callerOf(tokenOf({ unique_name: "ada@example.com", oid: "o" })), "ada@example.com");
    assert.equal(callerOf(tokenOf({ app_displayname: "Pipeline", appid: "app", oid: "o" })), "Pipeline");
    assert.equal(callerOf(tokenOf({ appid: "app", oid: "o" })), "app");
    assert.equal(callerOf(tokenOf({ azp: "app2", oid: "o" })), "app2");
    assert.equal(callerOf(tokenOf({ oid: "o" })), "o");
  });

  it("is unknown if the token cannot be read", () => {
    assert.deepEqual(["", "opaque", "a.b.c", tokenOf([])].map(callerOf), ["unknown", "unknown", "unknown", "unknown"]);
  });

  it("comes with its tenant", () => {
    assert.equal(tenantOf(tokenOf({ tid: "t" })), "t");
    assert.equal(tenantOf("opaque"), undefined);
  });
});

describe("the name of a principal", () => {
  const ada = { ...nobody, account: "ada@example.com", appId: "cli", objectId: "oid-ada" };
  const pipeline = { ...nobody, name: "Pipeline", appId: "app", objectId: "oid-app" };

  it("is null if nothing is known", () => {
    assert.equal(principalName(nobody), null);
  });

  it("is the same for each of its ids", () => {
    const named = (text: string) => nameOfPrincipal(text, [ada, pipeline]);
    assert.deepEqual(["APP", "oid-app", "Oid-Ada", "ADA@example.com"].map(named), [
      "Pipeline",
      "Pipeline",
      "ada@example.com",
      "ada@example.com",
    ]);
  });

  it("is not a person's for the id of the tool that the person used", () => {
    assert.equal(nameOfPrincipal("cli", [ada]), "cli");
  });

  it("is the text itself if nothing else is known", () => {
    assert.equal(nameOfPrincipal("bob@example.com", [ada]), "bob@example.com");
  });
});
