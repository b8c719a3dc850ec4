import assert from "node:assert/strict";
import { DiagnosticSetting } from "@pulumi/azure-native/monitor/diagnosticSetting.js";
import { NetworkInterface } from "@pulumi/azure-native/network/networkInterface.js";
import * as pulumi from "@pulumi/pulumi";
import { withoutVersionAliases } from "../../../components/shared/versionAliases.ts";
import { recordProgram } from "../recordedProgram.ts";

class Plain extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Plain", name, {}, opts);
  }
}

class Spared extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Spared", name, {}, withoutVersionAliases(opts));
  }
}

/** The part of a request that names the aliases of a resource. */
interface AliasRequest {
  getName(): string;
  getAliasesList(): { getSpec(): { getType(): string } | undefined; getUrn(): string }[];
}

/** The aliases that the program asks the engine for, by the resource's name. */
async function aliasesOf(program: () => void): Promise<ReadonlyMap<string, string[]>> {
  const aliases = new Map<string, string[]>();
  await recordProgram(() => {
    const monitor = pulumi.runtime.getMonitor() as unknown as {
      registerResource(request: AliasRequest, callback: unknown): unknown;
    };
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, callback) => {
      const names = request.getAliasesList().map((alias) => alias.getSpec()?.getType() ?? alias.getUrn());
      aliases.set(request.getName(), names);
      return register(request, callback);
    };
    program();
  });
  return aliases;
}

const place = { resourceGroupName: "rg" };

describe("the aliases of a component's children", () => {
  it("are up to 60 where azure-native has its way", async () => {
    const aliases = await aliasesOf(() => {
      new NetworkInterface("nic", place, { parent: new Plain("plain") });
    });
    assert.equal(aliases.get("nic")?.length, 60);
  });

  it("are none that names an API version", async () => {
    const aliases = await aliasesOf(() => {
      new NetworkInterface("nic", place, { parent: new Spared("spared") });
    });
    assert.deepEqual(aliases.get("nic"), []);
  });

  it("are those of a type that was renamed", async () => {
    const aliases = await aliasesOf(() => {
      new DiagnosticSetting("setting", { resourceUri: "id" }, { parent: new Spared("spared") });
    });
    assert.deepEqual(aliases.get("setting"), ["azure-native:insights:DiagnosticSetting"]);
  });

  it("are those that the component's author gives a child, and those that its user gives the component", async () => {
    const aliases = await aliasesOf(() => {
      const spared = new Spared("spared", { aliases: [{ name: "before" }] });
      new NetworkInterface("nic", place, { parent: spared, aliases: [{ type: "custom:index:Nic" }, "urn:of:before"] });
    });
    const [own, ...others] = aliases.get("nic") ?? [];
    assert.equal(own, "custom:index:Nic");
    assert.ok(others.includes("urn:of:before"));
    assert.equal(aliases.get("spared")?.length, 1);
  });
});
