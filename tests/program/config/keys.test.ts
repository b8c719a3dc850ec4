import assert from "node:assert/strict";
import type { Component } from "../../../program/config/componentArgument.ts";
import { keyNames, keys } from "../../../program/config/keys.ts";

/** What stands before an argument's name where that alone does not say whose it is. */
const owners: Readonly<Partial<Record<Component, string>>> = {
  BastionHost: "bastion",
  AuditArchive: "archive",
  AuditWorkspace: "workspace",
  FlowLogs: "flowLog",
};

describe("the table of config keys", () => {
  it("has the name of the argument that a key sets, or that name after the word for its component", () => {
    for (const key of keyNames) {
      const { sets } = keys.entries[key];
      if (sets === undefined) continue;
      const { component, name } = sets;
      const qualified = `${owners[component] ?? ""}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      assert.ok([name, qualified].includes(key), `${key} sets ${component}.${name}`);
    }
  });

  it("sets no argument twice", () => {
    const set = keyNames.flatMap((key) => {
      const { sets } = keys.entries[key];
      return sets === undefined ? [] : [`${sets.component}.${sets.name}`];
    });
    assert.deepEqual(set, [...new Set(set)]);
  });
});
