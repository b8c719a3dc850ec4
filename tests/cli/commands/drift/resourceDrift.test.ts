import assert from "node:assert/strict";
import { resourceDrift, type Drift } from "../../../../cli/commands/drift/resourceDrift.ts";
import { refreshed } from "./fixture.ts";

const changed = (property: string, old: Drift["old"], now: Drift["new"]): Drift => ({
  change: "changed",
  type: "azure-native:network:PublicIPAddress",
  resource: "/pip",
  property,
  old,
  new: now,
  note: null,
});

describe("the drift of a stack's resources", () => {
  it("is each value that changed, old and new", () => {
    const resource = refreshed({ deployed: { tags: { owner: "ada" }, zones: ["1"] }, now: { tags: {} } });
    assert.deepEqual(resourceDrift([resource]), {
      drift: [changed("tags.owner", "ada", null), changed("zones", ["1"], null)],
      ignored: [],
    });
  });

  it("is also a change that Pulumi keeps secret", () => {
    const secret = { login: { password: "[secret]" } };
    const resource = refreshed({ deployed: secret, now: secret });
    const note = "The difference is in a secret value, which Pulumi does not show.";
    assert.deepEqual(resourceDrift([resource]).drift, [{ ...changed("login", secret.login, secret.login), note }]);
  });

  it("is not the order in which Azure lists elements that have names", () => {
    const [a, b] = [{ name: "a" }, { name: "b" }];
    assert.deepEqual(resourceDrift([refreshed({ deployed: { rules: [a, b] }, now: { rules: [b, a] } })]).drift, []);
  });

  it("is each resource that is gone", () => {
    const resource = refreshed({ change: "deleted", deployed: { tags: {} } });
    assert.deepEqual(resourceDrift([resource]), {
      drift: [{ ...changed("", null, null), change: "deleted", property: null }],
      ignored: [],
    });
  });

  it("is nothing where nothing changed", () => {
    const same = refreshed({ change: "same", deployed: { a: 1 }, now: { a: 1 }, changedInputs: [] });
    assert.deepEqual(resourceDrift([same]), { drift: [], ignored: [] });
  });

  it("keeps apart what the program ignores: a property, all below it, and elements of a list", () => {
    const ignored = ["requests", "rules[*].etag", "a.b"];
    const deployed = { rules: [{ name: "x", etag: "1", port: 22 }], a: { b: [1], bc: 1 } };
    const now = { requests: [{}], rules: [{ name: "x", etag: "2", port: 23 }], a: { b: [2], bc: 2 }, requestsAll: 1 };
    const result = resourceDrift([refreshed({ deployed, now, ignored })]);
    assert.deepEqual(
      result.drift.map(({ property }) => property),
      ["rules[x].port", "a.bc", "requestsAll"],
    );
    assert.deepEqual(result.ignored, [
      changed("rules[x].etag", "1", "2"),
      changed("a.b[0]", 1, 2),
      changed("requests", null, [{}]),
    ]);
  });
});
