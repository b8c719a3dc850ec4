import assert from "node:assert/strict";
import { RequestFailure } from "../../../components/shared/armRequest.ts";
import type { ArmClient } from "../../../components/shared/armClient.ts";
import {
  JitVirtualMachine,
  type JitVirtualMachineArgs,
} from "../../../components/jit-virtual-machine/jitVirtualMachine.ts";
import {
  keepPassword,
  secretName,
  vaultChangeProblems,
} from "../../../components/jit-virtual-machine/vaultPassword.ts";
import { subnet } from "./jitVm.ts";
import { dynamicInputs, recordProgram, subscriptionId } from "../recordedProgram.ts";

const vaultId = `/subscriptions/${subscriptionId}/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/passwords`;
const passwordId = `${vaultId}/secrets/${secretName("rg", "web")}`;
const settingsId = `${passwordId}-settings`;
const extension = "azure-native:compute:VirtualMachineExtension";

function deploy(args: Partial<JitVirtualMachineArgs>) {
  return recordProgram(
    () => {
      const { adminPassword, adminPasswordSecretUri } = new JitVirtualMachine("web", {
        resourceGroupName: "rg",
        location: "westeurope",
        vmSubnetId: subnet,
        bastionSubnetPrefix: "10.0.0.0/26",
        login: "password",
        ...args,
      });
      return { adminPassword, adminPasswordSecretUri };
    },
    {
      outputs: (type, inputs) =>
        type === "random:index/randomPassword:RandomPassword"
          ? { result: "First-1" }
          : { name: inputs.vmName, ipConfigurations: [] },
      functions: {
        "azure-native:keyvault:getSecret": ({ vaultName, secretName }) => {
          const secretUri = `https://${String(vaultName)}.vault.azure.net/secrets/${String(secretName)}`;
          return { properties: { secretUri, secretUriWithVersion: `${secretUri}/v1` } };
        },
      },
    },
  );
}

describe("a VM whose password is in a vault", () => {
  for (const [os, publisher, type, typeHandlerVersion, settings] of [
    ["linux", "Microsoft.OSTCExtensions", "VMAccessForLinux", "1.5", undefined],
    ["windows", "Microsoft.Compute", "VMAccessAgent", "2.4", { UserName: "azureuser" }],
  ] as const) {
    it(`takes it from there by the extension for ${os}, which the stack gives only an address`, async () => {
      const { only, result, resources } = await deploy({ os, passwordVaultId: vaultId });
      const { inputs, parent } = only(extension);
      assert.deepEqual(inputs, {
        resourceGroupName: "rg",
        location: "westeurope",
        vmName: "web",
        vmExtensionName: type,
        publisher,
        type,
        typeHandlerVersion,
        autoUpgradeMinorVersion: true,
        ...(settings && { settings }),
        protectedSettingsFromKeyVault: {
          secretUrl: `https://passwords.vault.azure.net/secrets/${secretName("rg", "web")}-settings/v1`,
          sourceVault: { id: vaultId },
        },
      });
      assert.equal(parent, "web");
      assert.deepEqual(dynamicInputs(only("pulumi-nodejs:dynamic:Resource")), {
        settingsId,
        passwordId,
        os,
        adminUsername: "azureuser",
      });
      assert.deepEqual(result, {
        adminPassword: undefined,
        adminPasswordSecretUri: `https://passwords.vault.azure.net/secrets/${secretName("rg", "web")}`,
      });
      // The password that the VM starts with is as before, so that an existing VM is not replaced.
      assert.ok(resources.some(({ name }) => name === "web-password"));
    });
  }

  it("records its vault, and cannot be left without it", async () => {
    const component = (await deploy({ passwordVaultId: vaultId })).only("bastion-trail:index:JitVirtualMachine");
    assert.deepEqual(component.inputs, { passwordVaultId: vaultId });
    assert.deepEqual(component.beforeUpdate, ["JitVirtualMachine web keeps-vault"]);
    const problem = {
      key: "passwordVaultId",
      value: undefined,
      reason: `it was ${vaultId}, which alone holds the password of the VM; set it back, or remove the VM before adding it again`,
    };
    assert.deepEqual(vaultChangeProblems({ passwordVaultId: vaultId }, {}), [problem]);
    assert.deepEqual(vaultChangeProblems({ passwordVaultId: vaultId }, { passwordVaultId: `${vaultId}2` }), []);
    assert.deepEqual(vaultChangeProblems({}, { passwordVaultId: vaultId }), []);
  });

  it("resets the password after the Entra ID login is there, and is locked last", async () => {
    const { resources } = await deploy({ login: "entraId", passwordVaultId: vaultId, lock: "CanNotDelete" });
    const named = (name: string) => resources.find((resource) => resource.name === name);
    assert.ok(named("web-password-reset")?.dependsOn.includes("web-entra-login"));
    assert.ok(named("web-lock")?.dependsOn.includes("web-password-reset"));
  });

  it("has none where it has a key", async () => {
    const sshPublicKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAlBdXY/GSTsnwu93d5uSZJmHWfXkuOQ/0QVmOTc+rWv somebody`;
    const { resources, only } = await deploy({ login: "sshKey", sshPublicKey, passwordVaultId: vaultId });
    assert.deepEqual(
      resources.filter(({ name }) => name.includes("password")),
      [],
    );
    // So it can be left without the vault.
    const { inputs, beforeUpdate } = only("bastion-trail:index:JitVirtualMachine");
    assert.deepEqual([inputs, beforeUpdate], [{}, []]);
  });

  it("keeps it in the stack where no vault is given", async () => {
    const { result, ofType } = await deploy({});
    assert.deepEqual(result, { adminPassword: "First-1", adminPasswordSecretUri: undefined });
    assert.deepEqual(ofType(extension), []);
    assert.equal(ofType("pulumi-nodejs:dynamic:Resource").length, 0);
  });
});

describe("the secrets of a VM in a vault", () => {
  type Sent = readonly [method: string, path: string, body?: Record<string, unknown>];

  async function keep(os: "linux" | "windows", present: unknown): Promise<Sent[]> {
    const sent: Sent[] = [];
    const arm: ArmClient = {
      send(method, path, content) {
        sent.push([method, path, content?.body as Record<string, unknown>]);
        return method === "GET" && present === undefined
          ? Promise.reject(new RequestFailure("answered 404", { status: 404 }))
          : Promise.resolve(present);
      },
    };
    await keepPassword({ settingsId, passwordId, os, adminUsername: "azureuser" }, arm);
    return sent;
  }
  const version = "?api-version=2024-11-01";

  for (const os of ["linux", "windows"] as const) {
    it(`are a new password, and the settings of the extension for ${os}`, async () => {
      const [get, password, settings, ...others] = await keep(os, undefined);
      assert.deepEqual(get, ["GET", `${settingsId}${version}`, undefined]);
      assert.deepEqual(
        [password?.slice(0, 2), settings?.slice(0, 2)],
        [
          ["PUT", `${passwordId}${version}`],
          ["PUT", `${settingsId}${version}`],
        ],
      );
      assert.deepEqual(others, []);
      const { value } = password![2]!.properties as { value: string };
      assert.match(value, /^[A-Za-z0-9!@#%*\-_=+]{32}$/);
      for (const kind of [/[a-z]/, /[A-Z]/, /[0-9]/, /[!@#%*\-_=+]/]) assert.match(value, kind);
      const { properties, tags } = settings![2] as { properties: { value: string }; tags: object };
      assert.deepEqual(
        JSON.parse(properties.value),
        os === "linux" ? { username: "azureuser", password: value } : { Password: value },
      );
      assert.deepEqual(tags, { adminUsername: "azureuser" });
    });
  }

  it("stay unchanged if they exist for this user, and are created again for another", async () => {
    assert.equal((await keep("linux", { tags: { adminUsername: "azureuser" } })).length, 1);
    assert.equal((await keep("linux", { tags: { adminUsername: "somebody" } })).length, 3);
    assert.equal((await keep("linux", {})).length, 3);
  });

  it("are named after their VM, whatever its name and its group's are", () => {
    assert.equal(secretName("rg", "web"), "rg-web-b3aad314-password");
    assert.equal(secretName("RG", "Web").slice(-17), secretName("rg", "web").slice(-17));
    const names = [
      ["trail-dev", "web"],
      ["trail", "dev-web"],
      ["trail_dev", "web"],
      ["trail.dev", "web"],
      ["(trail)", "dev-web"],
      ["g".repeat(90), "v".repeat(64)],
      ["g".repeat(90), `${"v".repeat(63)}w`],
    ].map(([group = "", vm = ""]) => secretName(group, vm));
    assert.equal(new Set(names).size, names.length);
    for (const name of names) assert.match(`${name}-settings`, /^[A-Za-z0-9-]{1,127}$/);
  });

  it("differ from VM to VM", async () => {
    const values = new Set<string>();
    for (let count = 0; count < 20; count += 1) {
      const [, password] = await keep("linux", undefined);
      values.add((password![2]!.properties as { value: string }).value);
    }
    assert.equal(values.size, 20);
  });

  it("are an error when Azure does not let them be read", async () => {
    const send = () => Promise.reject(new RequestFailure("answered 403", { status: 403 }));
    await assert.rejects(keepPassword({ settingsId, passwordId, os: "linux", adminUsername: "a" }, { send }), {
      message: "answered 403",
    });
  });
});
