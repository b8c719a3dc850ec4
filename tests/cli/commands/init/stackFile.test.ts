import assert from "node:assert/strict";
import { parse } from "yaml";
import { type StackValues, vmNamed } from "../../../../cli/commands/init/stackConfig.ts";
import { stackFile } from "../../../../cli/commands/init/stackFile.ts";
import { keyNames, keys } from "../../../../program/config/keys.ts";
import { configOf } from "../../../stackConfig.ts";

const names = { project: "jump", stack: "dev" };

function configIn(text: string): Record<string, unknown> {
  return (parse(text) as { config: Record<string, unknown> }).config;
}

describe("the config file that init writes", () => {
  const values: StackValues = {
    location: "westeurope",
    namePrefix: "jump",
    bastionSku: "Standard",
    vms: ["web", "db"].map(vmNamed),
    defenderPlan: "manage",
  };

  it("has the values that were given, and passes", () => {
    const config = configIn(stackFile(values, names));
    assert.deepEqual(config, {
      "jump:location": "westeurope",
      "jump:namePrefix": "jump",
      "jump:bastionSku": "Standard",
      "jump:vms": [
        { name: "web", login: "entraId" },
        { name: "db", login: "entraId" },
      ],
      "jump:defenderPlan": "manage",
    });
    const bare = Object.entries(config).map(([key, value]) => [key.replace("jump:", ""), value] as const);
    assert.equal(configOf(Object.fromEntries(bare)).namePrefix, "jump");
  });

  it("has every other key as a comment with its default", () => {
    const text = stackFile({ location: "westeurope" }, names);
    assert.deepEqual(configIn(text), { "jump:location": "westeurope" });
    const expected = keyNames.map((name): [string, unknown] => [
      `jump:${name}`,
      name === "location" ? "westeurope" : keys.entries[name].default,
    ]);
    assert.deepEqual(configIn(text.replace(/^ {2}# (?=jump:| {2}- )/gm, "  ")), Object.fromEntries(expected));
  });

  it("says before each key what it means", () => {
    const prose = stackFile(values, names).replace(/\n {2}# /g, " ");
    for (const name of keyNames) assert.ok(prose.includes(keys.entries[name].meaning), name);
  });

  it("has short lines, and starts like this", () => {
    const lines = stackFile({ location: "westeurope", namePrefix: "jump" }, names).split("\n");
    assert.deepEqual(
      lines.filter((line) => line.length > 120),
      [],
    );
    assert.equal(
      lines.slice(0, 18).join("\n"),
      `# Config of the stack dev. Keys that are commented out show their defaults. About the keys:
# https://github.com/bastion-trail/bastion-trail/blob/main/docs/config.md
config:
  # Azure region of all resources, by its short name, e.g. "westeurope". Required.
  jump:location: westeurope

  # Start of the names of all Azure resources except the VMs. Empty means "<project>-<stack>".
  jump:namePrefix: jump

  # Tags of all resources, name to value.
  # jump:tags: {}

  # Management lock on the stores of logs and recordings, the Bastion host and the VMs - none | CanNotDelete.
  # jump:lock: none

  # Address ranges of the virtual network to create, IPv4 CIDR.
  # jump:addressSpace:
  #   - 10.60.0.0/16`,
    );
  });
});
