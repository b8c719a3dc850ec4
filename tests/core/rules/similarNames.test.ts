import assert from "node:assert/strict";
import { similarNames, suggestion } from "@bastion-trail/core/rules/similarNames";

describe("names that look like an unknown one", () => {
  for (const [typed, known, similar] of [
    ["standard", ["Developer", "Basic", "Standard", "Premium"], ["Standard"]],
    ["Standart", ["Developer", "Basic", "Standard", "Premium"], ["Standard"]],
    ["sku", ["bastionSku", "location"], ["bastionSku"]],
    [
      "retentionDays",
      ["archiveRetentionDays", "location", "workspaceRetentionDays"],
      ["archiveRetentionDays", "workspaceRetentionDays"],
    ],
    ["jitPort", ["jitPorts", "jitMaxDuration"], ["jitPorts"]],
    ["kitten", ["mitten", "lawn"], ["mitten"]],
    ["ab", ["ba", "xaby"], ["ba"]],
    ["Locked", ["off", "unlocked", "locked"], ["locked"]],
    ["nam", ["adminUsername", "name"], ["name"]],
    ["x", ["y"], []],
    ["", ["web"], []],
  ] as const) {
    it(`are ${similar.join(", ") || "none"} for '${typed}' among ${known.join(", ")}`, () => {
      assert.deepEqual(similarNames(typed, known), similar);
    });
  }

  it("follow a clause", () => {
    assert.equal(suggestion("wed", ["web", "db"]), " (did you mean web?)");
    assert.equal(suggestion("web-", ["web-1", "web-2"]), " (did you mean web-1 or web-2?)");
    assert.equal(suggestion("x", ["y"]), "");
    assert.equal(suggestion(22, ["22"]), "");
  });
});
