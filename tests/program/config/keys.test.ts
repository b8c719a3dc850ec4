import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { defaultJitPorts } from "@bastion-trail/components/jit-virtual-machine/jitPorts";
import { defaultImage } from "@bastion-trail/components/jit-virtual-machine/vmImage";
import { defaultAdminUsername, defaultLogin } from "@bastion-trail/components/jit-virtual-machine/vmLogin";
import { VmOs } from "@bastion-trail/components/jit-virtual-machine/vmOs";
import { defaultVmSize } from "@bastion-trail/components/jit-virtual-machine/vmSize";
import type { Component } from "../../../program/config/componentArgument.ts";
import { keyNames, keys } from "../../../program/config/keys.ts";
import { vmPropertyNames } from "../../../program/config/vmEntry.ts";

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

describe("docs/config.md", () => {
  it("has every property of a VM with its default", () => {
    const [, table = ""] = readFileSync("docs/config.md", "utf8").split(/^\| property of a VM |^## Outputs/m);
    const rows = [...table.matchAll(/^\| `(\w+)` +\| ([^|]+?) +\|/gm)];
    const listed = Object.fromEntries(rows.map(([, name = "", text = ""]) => [name, text]));
    const code = (value: unknown) => `\`${Array.isArray(value) ? JSON.stringify(value) : String(value)}\``;
    const by = (values: Readonly<Record<VmOs, unknown>>) =>
      `${code(values[VmOs.Linux])}, Windows: ${code(values[VmOs.Windows])}`;
    const defaults = {
      os: code(VmOs.Linux),
      size: code(defaultVmSize),
      image: by(defaultImage),
      login: by(defaultLogin),
      adminUsername: code(defaultAdminUsername),
      jitPorts: by(defaultJitPorts),
    };
    assert.deepEqual(Object.keys(listed).toSorted(), vmPropertyNames.toSorted());
    assert.deepEqual({ ...listed, ...defaults }, listed);
  });
});
