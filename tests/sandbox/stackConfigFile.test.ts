import assert from "node:assert/strict";
import { checkStackConfig } from "../../sandbox/stackConfigFile.ts";

const check = (...lines: string[]) => {
  checkStackConfig(lines.join("\n"), "Pulumi.test.yaml", { project: "bastion-trail", stack: "test" });
};

describe("a stack config file", () => {
  it("passes when no key is repeated, whatever its values are: the program judges them", () => {
    check("encryptionsalt: v1:abc", "config:", "  bastion-trail:location: West Europe", "  azure-native:location: x");
    check("encryptionsalt: v1:abc");
    check("");
  });

  it("may repeat a key in another object", () => {
    check("config:", "  bastion-trail:vms:", "    - name: web", "    - name: db", "  other:vms:", "    - name: web");
  });

  it("is refused when a key is set more than once, at any depth", () => {
    assert.throws(
      () => {
        check(
          "config:",
          "  bastion-trail:location: westeurope",
          "  bastion-trail:bastionSku: Basic",
          "  bastion-trail:vms:",
          "    - {name: web, login: entraId}",
          "    - name: db",
          "      login: entraId",
          "      login: password",
          "  bastion-trail:bastionSku: Premium",
          "  bastion-trail:bastionSku: Standard",
        );
      },
      {
        message: [
          "The config of stack test has 2 problems:",
          '  - bastion-trail:bastionSku is "Standard"; set more than once, on lines 3 and 9 and 10.',
          '  - bastion-trail:vms[1].login is "password"; set more than once, on lines 7 and 8.',
        ].join("\n"),
      },
    );
  });

  it("is refused with all other problems of the config at the same time, except of encrypted values", () => {
    assert.throws(
      () => {
        check(
          "config:",
          "  location: null",
          "  bastion-trail:lock: ReadOnly",
          "  bastion-trail:lock: none",
          "  bastion-trail:nativeClient: 1",
          "  bastion-trail:namePrefix: {secure: abc}",
          "  bastion-trail:vms: {name: web}",
        );
      },
      {
        message: [
          "The config of stack test has 4 problems:",
          '  - bastion-trail:lock is "none"; set more than once, on lines 3 and 4.',
          '  - bastion-trail:location is ""; must be the short name of an Azure region, such as "westeurope".',
          '  - bastion-trail:nativeClient is "1"; must be true or false.',
          '  - bastion-trail:vms is {"name":"web"}; must be a list of VMs, such as [{name: web}].',
        ].join("\n"),
      },
    );
  });

  it("is refused when it is not YAML", () => {
    assert.throws(
      () => {
        check("config:", "  bastion-trail:tags: {team: blue", "  bastion-trail:vms: []");
      },
      {
        name: "Failure",
        message: /^The config file Pulumi\.test\.yaml is not valid YAML:\n {2}- .+ at line \d+, column \d+/,
      },
    );
  });
});
